/**
 * The link of one attempt, whichever way it goes: through another tab, through the connection that this tab holds for
 * all, or, where neither is to be had, over a connection of its own. Of what the server tells everybody it hands on
 * what concerns this tab.
 */
import type { Answer } from "../core/boundary.js";
import type { Link, LinkEnd, LinkEvents, LinkTarget } from "../transport/link.js";
import { Sessions } from "./sessions.js";
import type { Way } from "./way.js";

/** One link of this tab. @internal */
export class TabLink implements Link {
  readonly target: LinkTarget;
  /** What those that carry the link tell it. Nothing is heard after its end. */
  readonly events: LinkEvents;
  readonly #told: LinkEvents;
  readonly #ended: (link: TabLink) => void;
  readonly #sessions = new Sessions();
  #carrier: Way | Link | null = null;
  #over = false;

  constructor(target: LinkTarget, told: LinkEvents, ended: (link: TabLink) => void) {
    this.target = target;
    this.#told = told;
    this.#ended = ended;
    this.events = {
      opened: (transport, via) => !this.#over && told.opened(transport, via),
      upgraded: (transport) => !this.#over && told.upgraded(transport),
      refused: (code) => this.#end() && told.refused(code),
      failed: () => this.#end() && told.failed(),
      closed: (reason) => this.#end() && told.closed(reason),
      moved: () => this.#move(),
      message: (event, payload) => this.#message(event, payload),
    };
  }

  get isOver(): boolean {
    return this.#over;
  }

  carry(carrier: Way | Link): void {
    this.#carrier = carrier;
  }

  emit(event: string, payload: object): void {
    if (event === "leave") this.#sessions.left(payload);
    this.#carrier?.emit(event, payload);
  }

  request(event: string, payload: object, done: (answer: Answer) => void): void {
    this.#carrier?.request(event, payload, (answer) => {
      if (this.#over) return;
      if (event === "join") this.#sessions.joined(payload, answer);
      done(answer);
    });
  }

  close(why: LinkEnd = "closed"): void {
    if (!this.#end()) return;
    this.#carrier?.close(why);
    this.#carrier = null;
  }

  #move(): void {
    if (!this.#end()) return;
    this.#carrier?.close("stopped");
    this.#carrier = null;
    this.#told.moved?.();
  }

  /** What is told of a Document goes to those that are in it: before its `join` is answered a tab has no use for it. */
  #message(event: string, payload: unknown): void {
    if (this.#over) return;
    const { document } = (payload ?? {}) as { document?: string };
    const isOfRoom = document !== undefined && !event.startsWith("dashboard_");
    if (isOfRoom && !this.#sessions.has(document)) return;
    if (event === "session_ended") this.#sessions.left(payload as object);
    this.#told.message(event, payload);
  }

  /** True the first time. */
  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#ended(this);
    return true;
  }
}
