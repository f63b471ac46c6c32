/** The part of the tab that leads: it carries the links of the others, and lets go of those that are gone. */
import type { Locks } from "../device/locks.js";
import type { Link, LinkEnd, LinkTarget, OpenLink } from "../transport/link.js";
import { Hub } from "./hub.js";
import type { TabLink } from "./tabLink.js";
import type { Channel, CommonWord, LinkName, OwnWord, TabWord } from "./words.js";

/** The lock that a tab holds as long as it lives. @internal */
export function seatName(tab: string): string {
  return `coboard-tab-${tab}`;
}

/** What leading takes. @internal */
export interface LeadParts {
  /** The name that this tab leads by, a new one each time. */
  term: string;
  channel: Channel;
  locks: Locks;
  openLink: OpenLink;
  /** The server tells this tab something, too. */
  message: (event: string, payload: unknown) => void;
  reached: () => void;
}

/** A link of another tab. */
interface Guest {
  link: number;
  port: Link | null;
  /** Ends the wait for the end of that tab. */
  forget: () => void;
}

/** A tab that leads, from its election to its end. @internal */
export class Lead {
  readonly #parts: LeadParts;
  readonly #hub: Hub;
  readonly #guests = new Map<string, Guest>();

  constructor(parts: LeadParts) {
    this.#parts = parts;
    this.#hub = new Hub({
      openLink: parts.openLink,
      message: (event, payload) => {
        if (this.#guests.size > 0) this.#say({ word: "message", event, payload });
        parts.message(event, payload);
      },
      reached: () => {
        this.#say({ word: "reached" });
        parts.reached();
      },
    });
    this.#say({ word: "leading" });
  }

  /** Carries the link of this tab itself. */
  carry(link: TabLink): void {
    const { events } = link;
    const opened = (transport: Parameters<typeof events.opened>[0]) => events.opened(transport, "own-socket");
    link.carry(this.#hub.attach(link.target, { ...events, opened }, "own"));
  }

  hear(word: TabWord): void {
    if (word.word === "open") {
      this.#welcome(word, word.target);
      return;
    }
    if (word.leader !== this.#parts.term) return;
    const guest = this.#guests.get(word.tab);
    const isKnown = guest?.link === word.link;
    switch (word.word) {
      case "probe":
        // Whose link is not known here has missed its end.
        this.#tell(word, isKnown ? { word: "alive" } : { word: "closed", reason: "closed" });
        break;
      case "close":
        if (isKnown) this.#dismiss(word.tab, word.why);
        break;
      case "send":
        if (isKnown && guest?.port) this.#forward(guest.port, word);
        break;
    }
  }

  /** Leads no more: whoever follows hears of it from the next one. */
  stop(): void {
    for (const { forget } of this.#guests.values()) forget();
    this.#guests.clear();
    this.#hub.stop();
  }

  #forward(port: Link, { tab, link, event, payload, request }: Extract<TabWord, { word: "send" }>): void {
    if (request === null) port.emit(event, payload);
    else {
      port.request(event, payload, (answer) =>
        this.#tell({ tab, link }, { word: "answer", request, answer }),
      );
    }
  }

  /** Asked twice for one link, it says again that it carries it. */
  #welcome({ tab, link }: LinkName, target: LinkTarget): void {
    const name = { tab, link };
    const known = this.#guests.get(tab);
    if (known && known.link > link) return;
    const isNew = known?.link !== link;
    if (isNew) this.#dismiss(tab, "stopped");
    const isFull = isNew && this.#hub.isFull;
    this.#tell(name, { word: isFull ? "full" : "accepted" });
    if (!isNew || isFull) return;
    const gone = { won: () => this.#dismiss(tab, "stopped"), lost: () => {} };
    const guest: Guest = { link, port: null, forget: this.#parts.locks.queue(seatName(tab), gone, false) };
    this.#guests.set(tab, guest);
    const over = (word: OwnWord) => {
      if (this.#guests.get(tab) === guest) this.#forget(tab);
      this.#tell(name, word);
    };
    const events = {
      opened: (transport: "websocket" | "polling") => this.#tell(name, { word: "opened", transport }),
      upgraded: (transport: "websocket" | "polling") => this.#tell(name, { word: "upgraded", transport }),
      refused: (code: string) => over({ word: "refused", code }),
      failed: () => over({ word: "failed" }),
      closed: (reason: Extract<OwnWord, { word: "closed" }>["reason"]) => over({ word: "closed", reason }),
    };
    guest.port = this.#hub.attach(target, events, "remote");
  }

  #dismiss(tab: string, why: LinkEnd): void {
    const guest = this.#guests.get(tab);
    if (!guest) return;
    this.#forget(tab);
    guest.port?.close(why);
  }

  #forget(tab: string): void {
    this.#guests.get(tab)?.forget();
    this.#guests.delete(tab);
  }

  #tell({ tab, link }: LinkName, own: OwnWord): void {
    this.#parts.channel.post({ from: "leader", leader: this.#parts.term, to: { tab, link }, own });
  }

  #say(common: CommonWord): void {
    this.#parts.channel.post({ from: "leader", leader: this.#parts.term, to: null, common });
  }
}
