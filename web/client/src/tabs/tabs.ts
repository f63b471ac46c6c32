/**
 * One connection for all tabs of a person in a browser. One of them leads: it holds the connection and carries the
 * links of the others. No edit depends on another tab being alive: what was not answered is sent again by its own tab,
 * over whichever connection there is then, and the server knows it by its OperationId.
 */
import type { Unsubscribe } from "../api/basic.js";
import type { Locks } from "../device/locks.js";
import { digestOf } from "../device/token.js";
import { runListeners } from "../support/listeners.js";
import { randomId } from "../support/random.js";
import { PROTOCOL_VERSION } from "../transport/greeting.js";
import type { Link, LinkEnd, LinkEvents, LinkTarget, OpenLink } from "../transport/link.js";
import { Team } from "./team.js";
import { type OpenChannel, WORDS_VERSION, type Word } from "./words.js";

/** What sharing takes. @internal */
export interface TabsParts {
  locks: Locks;
  openChannel: OpenChannel;
  openLink: OpenLink;
  newId: () => string;
  /** What tells one person from another; null where that cannot be told. */
  digest: (token: string) => Promise<string | null>;
}

/** What a connection has of other tabs. @internal */
export interface SharedTabs {
  open: OpenLink;
  /** This tab wants no connection for now: another one may lead. */
  rest(): void;
  /** Another tab has reached the server. */
  onReached(listener: () => void): Unsubscribe;
}

/** The parts of the browser; null where one is missing, and each tab has a connection of its own. @internal */
export function browserTabs(locks: Locks | null, openLink: OpenLink): SharedTabs | null {
  // Under Node there are no tabs, though there is a BroadcastChannel.
  if (!locks || typeof document === "undefined" || typeof BroadcastChannel === "undefined") return null;
  return new Tabs({ locks, openLink, openChannel: browserChannel, newId: randomId, digest: digestOf });
}

/** The tabs as one of them sees them. @internal */
export class Tabs implements SharedTabs {
  readonly #parts: TabsParts;
  readonly #listeners = new Set<() => void>();
  #team: Team | null = null;
  #name = "";
  /** Raised when the tab rests: what was begun before is not gone on with. */
  #generation = 0;

  constructor(parts: TabsParts) {
    this.#parts = parts;
  }

  /** Opens a link by way of whichever tab leads. */
  open = (target: LinkTarget, events: LinkEvents): Link => {
    const generation = this.#generation;
    let link: Link | null = null;
    let isOver = false;
    const begin = (digest: string | null) => {
      if (isOver || generation !== this.#generation) return;
      link =
        digest === null
          ? this.#parts.openLink(target, events)
          : this.#teamOf(target, digest).open(target, events);
    };
    this.#parts.digest(target.token).then(begin, () => begin(null));
    return {
      emit: (event, payload) => link?.emit(event, payload),
      request: (event, payload, done) => link?.request(event, payload, done),
      close: (why?: LinkEnd) => {
        isOver = true;
        link?.close(why);
      },
    };
  };

  rest(): void {
    this.#generation += 1;
    this.#team?.leave();
    this.#team = null;
  }

  onReached(listener: () => void): Unsubscribe {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  #teamOf({ url }: LinkTarget, digest: string): Team {
    const name = `coboard-tabs-${WORDS_VERSION}-${PROTOCOL_VERSION} ${url} ${digest}`;
    if (this.#team && this.#name === name) return this.#team;
    this.#team?.leave();
    this.#name = name;
    this.#team = new Team({
      ...this.#parts,
      name,
      reached: () => runListeners(this.#listeners, (listener) => listener()),
    });
    return this.#team;
  }
}

function browserChannel(name: string, heard: (word: Word) => void): ReturnType<OpenChannel> {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => heard(data as Word);
  return { post: (word) => channel.postMessage(word), close: () => channel.close() };
}
