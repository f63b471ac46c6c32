/** Runs the core of one Document: feeds inputs, hands on outputs, wakes it when its time has come. */
import type { ItemId } from "../api/basic.js";
import type {
  CoreConfig,
  DocumentCore,
  EditAnswer,
  EditRequest,
  MakeCore,
  Output,
  QueuedNote,
} from "../core/boundary.js";
import { nowMs, passed } from "../support/clock.js";
import { fromJsonText, toJsonText } from "../support/json.js";

/** The longest that a timer can wait: beyond, it would run at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The driver of one core. @internal */
export class CoreDriver {
  readonly #make: MakeCore;
  readonly #outputs: (outputs: readonly Output[]) => void;
  readonly #failed: (cause: unknown) => void;
  #core: DocumentCore | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    make: MakeCore,
    outputs: (outputs: readonly Output[]) => void,
    failed: (cause: unknown) => void,
  ) {
    this.#make = make;
    this.#outputs = outputs;
    this.#failed = failed;
  }

  get started(): boolean {
    return this.#core !== null;
  }

  /** Makes the core, unless it is there. */
  start(config: CoreConfig): void {
    if (!this.#closed) this.#core ??= this.#make(config);
  }

  feed(input: object): void {
    this.feedText(toJsonText(input));
  }

  /** The same with JSON text, so that a whole Snapshot need not be parsed here. */
  feedText(input: string): void {
    if (!this.#core) return;
    let outputs: string;
    try {
      outputs = this.#core.handle(nowMs(), input);
    } catch (cause) {
      this.#failed(cause);
      return;
    }
    this.#setTimer();
    this.#outputs(fromJsonText(outputs) as readonly Output[]);
  }

  /** The committed document as the body of a snapshot. */
  snapshot(): string | null {
    return this.#core?.snapshot() ?? null;
  }

  edit(request: EditRequest): EditAnswer {
    return this.#answer((core, now) => core.edit(now, toJsonText(request)));
  }

  undo(): EditAnswer {
    return this.#answer((core, now) => core.undo(now));
  }

  redo(): EditAnswer {
    return this.#answer((core, now) => core.redo(now));
  }

  reserve(): ItemId {
    if (!this.#core) throw new Error("an item id is reserved only while the core runs");
    return this.#core.reserve();
  }

  /** Own operations that the server has not acknowledged, oldest first. */
  queue(): readonly QueuedNote[] {
    return this.#core ? (fromJsonText(this.#core.queue()) as readonly QueuedNote[]) : [];
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#core?.free();
    this.#core = null;
  }

  /** The outputs of an answer are left to the caller, who has to note the Operation first. */
  #answer(ask: (core: DocumentCore, now: number) => string): EditAnswer {
    if (!this.#core) throw new Error("an edit is made only while the core runs");
    const answer = fromJsonText(ask(this.#core, nowMs())) as EditAnswer;
    this.#setTimer();
    return answer;
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const at = this.#core?.nextTimeout();
    if (at === undefined) return;
    const fromMs = nowMs();
    const waitMs = Math.min(Math.max(0, at - fromMs), TIMER_MS_MAX);
    this.#timer = setTimeout(() => {
      passed(fromMs + waitMs);
      this.feed({ type: "timeout" });
    }, waitMs);
  }
}
