/** A link through the tab that leads: words go over the channel, answers come back from there. */
import type { Answer } from "../core/boundary.js";
import type { LinkEnd, LinkEvents, LinkTarget } from "../transport/link.js";
import { REQUESTS_MAX } from "./limits.js";
import type { Channel, LinkName, OwnWord } from "./words.js";

/** What a way is made of. @internal */
export interface WayParts {
  name: LinkName;
  target: LinkTarget;
  channel: Channel;
  events: LinkEvents;
  /** The leader takes nobody more. */
  full: () => void;
  /** Something is awaited of the leader from now on. */
  waiting: () => void;
}

/** One link of this tab through another one. @internal */
export class Way {
  readonly #parts: WayParts;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #leader: string | null = null;
  #isOpen = false;
  #next = 1;

  constructor(parts: WayParts) {
    this.#parts = parts;
  }

  /** Who relays; null until somebody has said that they do. */
  get leader(): string | null {
    return this.#leader;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the leader owes a word. That the server owes one is the connection's business. */
  get isWaiting(): boolean {
    return this.#leader === null || this.#asked.size > 0;
  }

  /** Asks whoever leads to relay. */
  open(): void {
    const { channel, name, target } = this.#parts;
    channel.post({ from: "tab", ...name, word: "open", target });
    this.#parts.waiting();
  }

  probe(): void {
    const { channel, name } = this.#parts;
    if (this.#leader === null) this.open();
    else channel.post({ from: "tab", ...name, word: "probe", leader: this.#leader });
  }

  emit(event: string, payload: object): void {
    this.#send(event, payload, null);
  }

  request(event: string, payload: object, done: (answer: Answer) => void): void {
    if (this.#asked.size >= REQUESTS_MAX) return;
    const request = this.#next++;
    this.#asked.set(request, done);
    this.#send(event, payload, request);
    this.#parts.waiting();
  }

  close(why: LinkEnd): void {
    const { channel, name } = this.#parts;
    this.#asked.clear();
    if (this.#leader) channel.post({ from: "tab", ...name, word: "close", leader: this.#leader, why });
  }

  /** A word of a leader for this link. */
  hear(leader: string, word: OwnWord): void {
    const { events } = this.#parts;
    if (word.word === "accepted") {
      this.#leader ??= leader;
      return;
    }
    if (word.word === "full" && this.#leader === null) this.#parts.full();
    if (leader !== this.#leader) return;
    switch (word.word) {
      case "alive":
      case "full":
        break;
      case "opened":
        this.#isOpen = true;
        events.opened(word.transport, "other-tab");
        break;
      case "upgraded":
        events.upgraded(word.transport);
        break;
      case "refused":
        events.refused(word.code);
        break;
      case "failed":
        events.failed();
        break;
      case "closed":
        events.closed(word.reason);
        break;
      case "answer":
        this.#answered(word.request, word.answer);
        break;
    }
  }

  #send(event: string, payload: object, request: number | null): void {
    const { channel, name } = this.#parts;
    const leader = this.#leader;
    if (leader) channel.post({ from: "tab", ...name, word: "send", leader, event, payload, request });
  }

  #answered(request: number, answer: Answer): void {
    const done = this.#asked.get(request);
    this.#asked.delete(request);
    done?.(answer);
  }
}
