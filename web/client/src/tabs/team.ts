/** The tabs of one person at one server, as one of them takes part: it leads, or it follows who does. */
import type { Locks } from "../device/locks.js";
import type { LinkEvents, LinkTarget, OpenLink } from "../transport/link.js";
import { Election } from "./election.js";
import { Lead, seatName } from "./lead.js";
import { TabLink } from "./tabLink.js";
import { Watch } from "./watch.js";
import { Way } from "./way.js";
import type { Channel, LeaderWord, OpenChannel, Word } from "./words.js";

/** What a team is made of. @internal */
export interface TeamParts {
  /** What the tabs have in common: address and person. */
  name: string;
  locks: Locks;
  openChannel: OpenChannel;
  openLink: OpenLink;
  newId: () => string;
  /** The server was reached by whichever tab: who waits to try again need not. */
  reached: () => void;
}

/** One tab's place among the tabs. @internal */
export class Team {
  readonly #parts: TeamParts;
  readonly #channel: Channel;
  readonly #election: Election;
  readonly #watch: Watch;
  /** This tab, for as long as it takes part. */
  readonly #tab: string;
  /** Lets go of the lock by which a leader sees that this tab lives. */
  readonly #vacate: () => void;
  readonly #seated: Promise<void>;
  /** Present while this tab leads. */
  #lead: Lead | null = null;
  #link: TabLink | null = null;
  /** How the link goes while another tab carries it, or is asked to. */
  #way: Way | null = null;
  #links = 0;
  /** Whether the link goes over the connection that this tab holds for all. */
  #isHost = false;
  /** There are no locks after all: every link is a connection of its own. */
  #isAlone = false;
  #left = false;

  constructor(parts: TeamParts) {
    this.#parts = parts;
    this.#tab = parts.newId();
    this.#channel = parts.openChannel(parts.name, (word) => this.#hear(word));
    const unavailable = () => this.#stayAlone();
    let seated = () => {};
    this.#seated = new Promise((resolve) => {
      seated = resolve;
    });
    this.#vacate = parts.locks.queue(seatName(this.#tab), { won: seated, lost: unavailable }, false);
    this.#election = new Election(parts.locks, `${parts.name} leader`, {
      won: () => this.#won(),
      lost: () => this.#lost(),
      unavailable,
    });
    this.#watch = new Watch({
      isWaiting: () => this.#way?.isWaiting ?? false,
      probe: () => this.#way?.probe(),
      silent: () => this.#election.take(),
    });
  }

  /** Opens a link of this tab, one at a time. */
  open(target: LinkTarget, events: LinkEvents): TabLink {
    const link = new TabLink(target, events, () => this.#over(link));
    this.#link = link;
    if (this.#isAlone) this.#goAlone(link);
    else {
      // A leader must be able to see the end of whoever asks it.
      void this.#seated.then(() => {
        if (link.isOver || this.#left || this.#isAlone) return;
        this.#election.enter();
        this.#send(link);
      });
    }
    return link;
  }

  /** Takes part no more; whoever led hands on. */
  leave(): void {
    if (this.#left) return;
    this.#link?.close("stopped");
    this.#left = true;
    this.#watch.stop();
    this.#lead?.stop();
    this.#lead = null;
    this.#election.leave();
    this.#vacate();
    this.#channel.close();
  }

  /** Sends a link on its way, or on another one where it has none yet. */
  #send(link: TabLink): void {
    this.#watch.stop();
    this.#way = null;
    this.#isHost = this.#lead !== null;
    if (this.#lead) {
      this.#lead.carry(link);
      return;
    }
    this.#links += 1;
    this.#way = new Way({
      name: { tab: this.#tab, link: this.#links },
      target: link.target,
      channel: this.#channel,
      events: link.events,
      full: () => this.#goAlone(link),
      waiting: () => this.#watch.start(),
    });
    link.carry(this.#way);
    this.#way.open();
  }

  /** Over a connection of this tab's own. */
  #goAlone(link: TabLink): void {
    this.#watch.stop();
    this.#way = null;
    this.#isHost = false;
    const { events } = link;
    link.carry(this.#parts.openLink(link.target, events));
  }

  #stayAlone(): void {
    if (this.#left || this.#isAlone) return;
    this.#isAlone = true;
    if (this.#link) this.#goAlone(this.#link);
  }

  #over(link: TabLink): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#way = null;
    this.#isHost = false;
    this.#watch.stop();
  }

  #won(): void {
    const { locks, openLink, newId, reached } = this.#parts;
    this.#lead = new Lead({
      term: newId(),
      channel: this.#channel,
      locks,
      openLink,
      message: (event, payload) => this.#isHost && this.#link?.events.message(event, payload),
      reached,
    });
    this.#newLeader();
  }

  /** Another tab took the lead because this one stood still. */
  #lost(): void {
    this.#lead?.stop();
    this.#lead = null;
    if (this.#isHost) this.#link?.events.moved?.();
  }

  /** A link that was carried is over; one that nobody has taken so far is sent again. */
  #newLeader(): void {
    if (!this.#link) return;
    if (this.#way?.leader === null) this.#send(this.#link);
    else if (this.#way || this.#lead) this.#link.events.moved?.();
  }

  #hear(word: Word): void {
    if (this.#left) return;
    if (word.from === "leader") this.#heard(word);
    else this.#lead?.hear(word);
  }

  #heard(word: LeaderWord): void {
    const way = this.#way;
    const isOurs = way !== null && way.leader === word.leader;
    if (isOurs) this.#watch.heard();
    if (word.to !== null) {
      if (word.to.tab === this.#tab && word.to.link === this.#links) way?.hear(word.leader, word.own);
      return;
    }
    const { common } = word;
    switch (common.word) {
      case "leading":
        if (!this.#lead) this.#newLeader();
        break;
      case "reached":
        this.#parts.reached();
        break;
      case "message":
        if (isOurs && way.isOpen) this.#link?.events.message(common.event, common.payload);
        break;
    }
  }
}
