/**
 * How much presence is worth its traffic: everything where somebody looks with a mouse over a good line, less on a
 * phone and over a slow one, nothing in a tab that is hidden.
 */
import type { Unsubscribe } from "../api/basic.js";
import type { PresencePace } from "../api/presence.js";
import { Cell } from "../support/cell.js";
import type { Page } from "../support/page.js";

/** As the wire has it. @internal */
export type Pace = Exclude<PresencePace, "auto">;

/** A line whose answers take so long is slow. A guess. @internal */
export const SLOW_MS = 500;
/** It is well again when they take no longer than this: between the two it stays what it was. A guess. @internal */
export const WELL_MS = 300;
/** So many answers in a row say so; one alone may have met a busy moment. @internal */
export const IN_A_ROW = 2;
/** Least time between two messages about oneself where little is heard of others. @internal */
export const LIGHT_INTERVAL_MS = 2_000;
/** What changes with every movement: neither told nor heard where little is. The server has the same list. @internal */
export const MOTION_KEYS: readonly string[] = ["cursor", "drag"];

/** What the choice is made from. @internal */
export interface PaceParts {
  option: PresencePace;
  page: Page;
  /** Tells how long each answer of the server took. */
  onLatency: (listener: (ms: number) => void) => Unsubscribe;
}

/** The pace of one client. @internal */
export class PaceChoice {
  readonly pace: Cell<Pace>;
  readonly #parts: PaceParts;
  #slow = false;
  /** Answers in a row that say otherwise. */
  #otherwise = 0;
  readonly #unlisten: readonly Unsubscribe[];

  constructor(parts: PaceParts) {
    this.#parts = parts;
    this.pace = new Cell<Pace>(this.#choose());
    const look = () => this.pace.set(this.#choose());
    const { page, onLatency } = parts;
    this.#unlisten = [
      page.onVisibility(look),
      page.onThrift(look),
      onLatency((ms) => {
        this.#measured(ms);
        look();
      }),
    ];
  }

  destroy(): void {
    for (const unlisten of this.#unlisten) unlisten();
  }

  #choose(): Pace {
    const { option, page } = this.#parts;
    if (option !== "auto") return option;
    if (page.hidden) return "none";
    return page.thrifty || this.#slow ? "light" : "full";
  }

  #measured(ms: number): void {
    const differs = this.#slow ? ms <= WELL_MS : ms >= SLOW_MS;
    this.#otherwise = differs ? this.#otherwise + 1 : 0;
    if (this.#otherwise < IN_A_ROW) return;
    this.#slow = !this.#slow;
    this.#otherwise = 0;
  }
}

/** The part of a state that does not change with every movement. @internal */
export function atRest<T extends object>(state: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(state).filter(([key]) => !MOTION_KEYS.includes(key)),
  ) as Partial<T>;
}
