/** The conflict inbox of one Document: which conflicts are worth a look, until somebody decides. */
import type { ClientId, OperationId } from "../api/basic.js";
import type { Choice, Conflict, Conflicts, OpenConflict, Strategy } from "../api/conflicts.js";
import type { DocumentOptions, Edit, EditOptions, Submitted } from "../api/document.js";
import type { ConflictShelf, KeptConflict } from "../device/conflictShelf.js";
import { Cell } from "../support/cell.js";
import { surface } from "../support/listeners.js";
import { randomId } from "../support/random.js";
import { choiceOf, isOffered, labelOf, remedyOf, split, unique } from "./inboxChoices.js";
import { type EntryParts, entryOf, mergedOf, reasonOf, samePlace, yielded } from "./inboxEntry.js";
import { apply, type RemedyStep } from "./remedy.js";

/** Conflicts kept for one Document; the oldest go into a count, the history has them. A guess. */
export const CONFLICTS_MAX = 200;
/** The Document was left before the server answered: the choice is in the queue, and that is kept. */
const UNANSWERED = "E_UNAVAILABLE";

/** What an inbox needs of its session. @internal */
export interface InboxParts extends EntryParts {
  shelf: () => ConflictShelf;
  /** Who a client belongs to, as far as that is known. */
  authorOf: (client: ClientId) => OpenConflict["theirAuthor"];
  strategyOf: (operation: OperationId) => Strategy | undefined;
  edit: (label: string, change: (edit: Edit) => void, options?: EditOptions) => Submitted;
  nothing: () => Submitted;
  /** What the application decides by itself. */
  resolve: () => DocumentOptions["resolve"];
  /** The list is another one. */
  changed: () => void;
  /** Tells later, when the state is whole. */
  later: (news: () => void) => void;
}

/** The inbox. @internal */
export class ConflictInbox implements Conflicts {
  readonly open = new Cell<readonly OpenConflict[]>([]);
  readonly older = new Cell(0);
  readonly #parts: InboxParts;
  #kept: readonly KeptConflict[] = [];

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** What the device had. */
  restore(): void {
    const { kept, older } = this.#parts.shelf().take((ids) => this.#keepOnly(ids));
    if (kept.length === 0 && older === 0) return;
    this.#kept = [...kept, ...this.#kept];
    this.older.set(this.older.current + older);
    this.#changed();
  }

  /** A conflict of an own operation, or of another one that took an own one's place: then `mine` is what is gone. */
  take(conflict: Conflict, theirAuthor: OpenConflict["theirAuthor"], title: string | null = null): void {
    const reason = reasonOf(this.#parts, conflict, theirAuthor);
    if (reason === null) return;
    const view = entryOf(this.#parts, conflict, reason, theirAuthor);
    const named = { ...view.conflict, title: view.conflict.title ?? title };
    const kept = this.#merged({ ...view, conflict: named });
    this.#kept = [...this.#kept.filter((other) => !samePlace(other, kept)), kept];
    this.#parts.shelf().put(kept);
    this.#limit();
    this.#changed();
    this.#parts.later(() => this.#decide(kept.conflict));
  }

  resolve(id: string | readonly string[], choice: Choice): Submitted {
    const ids = typeof id === "string" ? [id] : id;
    return this.#carryOut(
      this.#kept.filter(({ conflict }) => ids.includes(conflict.id)),
      choice,
    );
  }

  resolveSimilar(id: string, choice: Choice): Submitted {
    const kept = this.#kept.find(({ conflict }) => conflict.id === id);
    if (!kept) return this.#parts.nothing();
    const { review } = kept.conflict;
    const similar = this.#kept.filter(
      ({ conflict }) => conflict.review === review && isOffered(conflict, choice.take),
    );
    return this.#carryOut(similar, choice);
  }

  dismiss(id: string): void {
    this.#close(this.#kept.filter(({ conflict }) => conflict.id === id));
  }

  dismissOlder(): void {
    this.older.set(0);
    this.#parts.shelf().older(0);
  }

  /**
   * Lets theirs stand where one's own stands and both happened during an absence: nobody saw one's own meanwhile, all
   * others saw theirs. One edit; one's own is the other choice then.
   */
  giveWay(): void {
    const { mirror, edit } = this.#parts;
    const ahead = this.#kept.filter(
      ({ conflict }) => conflict.reason === "review" && conflict.winner === "mine",
    );
    const able = ahead.filter(({ remedies }) => remedies.theirs !== null && remedies.theirs.length > 0);
    if (able.length === 0) return;
    const steps = able.flatMap(({ remedies }) => (remedies.theirs ?? []) as readonly RemedyStep[]);
    edit("keep theirs until the review", (change) => apply(change, mirror, unique(steps)));
    const turnedOver = new Map(able.map((kept) => [kept, yielded(kept, mirror)]));
    this.#kept = this.#kept.map((kept) => turnedOver.get(kept) ?? kept);
    for (const kept of turnedOver.values()) this.#parts.shelf().put(kept);
    this.#changed();
  }

  /** Several conflicts in one place are one. */
  #merged(kept: KeptConflict): KeptConflict {
    const earlier = this.#kept.find((other) => samePlace(other, kept));
    if (!earlier) return kept;
    this.#parts.shelf().remove(earlier.conflict.id);
    return mergedOf(earlier, kept);
  }

  #limit(): void {
    const many = this.#kept.length - CONFLICTS_MAX;
    if (many <= 0) return;
    for (const { conflict } of this.#kept.slice(0, many)) this.#parts.shelf().remove(conflict.id);
    this.#kept = this.#kept.slice(many);
    this.older.assign(this.older.current + many);
    this.#parts.shelf().older(this.older.current);
    this.#parts.later(() => this.older.announce());
  }

  #carryOut(all: readonly KeptConflict[], choice: Choice): Submitted {
    const { mirror, edit, nothing } = this.#parts;
    const steps: RemedyStep[] = [];
    const done: KeptConflict[] = [];
    for (const kept of all) {
      const remedy = remedyOf(kept, choice);
      if (remedy === null) continue;
      done.push(kept);
      steps.push(...remedy);
    }
    if (steps.length === 0) {
      this.#close(done);
      return nothing();
    }
    const label = labelOf(choice, done.length);
    const [back, rest] = split(unique(steps));
    // What is changed in something deleted is a conflict again: first it is back, then it is changed. One step of undo.
    const options = back.length > 0 && rest.length > 0 ? { gesture: randomId("g-") } : {};
    const parts = [back, rest].filter((part) => part.length > 0);
    const submissions = parts.map((part) => edit(label, (change) => apply(change, mirror, part), options));
    const submitted = submissions.at(-1) ?? nothing();
    this.#close(done);
    // What was refused is not decided.
    submitted.server.then(
      (answer) => {
        if (!answer.ok && answer.error.code !== UNANSWERED) this.#reopen(done);
      },
      () => {},
    );
    return submitted;
  }

  /** The others were decided in another tab. */
  #keepOnly(ids: ReadonlySet<string>): void {
    const left = this.#kept.filter(({ conflict }) => ids.has(conflict.id));
    if (left.length === this.#kept.length) return;
    this.#kept = left;
    this.#changed();
  }

  #decide(conflict: OpenConflict): void {
    if (!this.#kept.some((kept) => kept.conflict === conflict)) return;
    const own = this.#parts.strategyOf(conflict.operation);
    const decider = own ?? this.#parts.resolve();
    const choice = typeof decider === "function" ? decided(decider, conflict) : choiceOf(decider);
    if (choice !== "ask") this.resolve(conflict.id, choice);
  }

  #close(closed: readonly KeptConflict[]): void {
    if (closed.length === 0) return;
    for (const { conflict } of closed) this.#parts.shelf().remove(conflict.id);
    this.#kept = this.#kept.filter((kept) => !closed.includes(kept));
    this.#changed();
  }

  #reopen(kept: readonly KeptConflict[]): void {
    for (const one of kept) this.#parts.shelf().put(one);
    this.#kept = [...kept, ...this.#kept].sort((a, b) => a.conflict.atMs - b.conflict.atMs);
    this.#changed();
  }

  #changed(): void {
    this.open.assign(this.#kept.map(({ conflict }) => conflict));
    this.#parts.later(() => {
      this.open.announce();
      this.#parts.changed();
    });
  }
}

/** What the application says; a person is asked where it throws or says nothing. */
function decided(
  decider: (conflict: OpenConflict) => Choice | "ask",
  conflict: OpenConflict,
): Choice | "ask" {
  try {
    return (decider(conflict) as Choice | "ask" | undefined) ?? "ask";
  } catch (error) {
    surface(error);
    return "ask";
  }
}
