/** People at one widget, and what they try there. */
import type { ItemId, Json, Path, Readable, User, UserId } from "./basic.js";
import type { DocumentHandle, Edit, Submitted } from "./document.js";

/** Somebody else who is at a widget. @public */
export interface Participant {
  user: User;
  /** The field they are in; null: the widget as a whole. */
  field: Path | null;
  /** When they came, in milliseconds since 1970 by their own clock. */
  sinceMs: number;
  activity: "active" | "idle";
}

/** How near others are at this moment. @public */
export interface Contention {
  level: "free" | "same-widget" | "same-field";
  users: readonly UserId[];
  /** When somebody else changed something in the widget last, as far as it was seen. */
  lastEditMs: number | null;
}

/**
 * The people at one widget. Advisory: it never locks.
 *
 * @example
 * const session = handle.widget(item);
 * session.open();
 * session.focus(`@${item}/title`);
 * @public
 */
export interface WidgetSession {
  readonly item: ItemId;
  /** The others, by name. */
  readonly participants: Readable<readonly Participant[]>;
  readonly contention: Readable<Contention>;
  /** What others who have opened the widget try in it, for those who have opened it too. */
  readonly drafts: Readable<readonly ForeignDraft[]>;
  /** Says that one is here. Each call needs a `close`. */
  open(): void;
  /** The field one is in; null: the widget as a whole. Another widget's field ends it. */
  focus(field: Path | null): void;
  /** Asks somebody to go on here: they hear it as the event `handOff`. */
  handOff(to: UserId): void;
  /** What one tries without changing the Document: one draft for each widget, kept until it is published or discarded. */
  draft(): Draft;
  close(): void;
}

/** A value that a draft would write; without `value` it would remove it. @public */
export interface DraftValue {
  path: Path;
  value?: Json;
}

/** What a draft would change. @public */
export interface Difference {
  path: Path;
  /** As it is now; absent where there is nothing. */
  before?: Json;
  after?: Json;
  /** Somebody changed it since the draft first did. */
  changed: boolean;
  /** What they changed stays: both are one text, changed at places apart, and `after` has both. */
  merged: boolean;
}

/** Changes of one widget that are not made yet. @public */
export interface Draft {
  readonly values: Readable<readonly DraftValue[]>;
  /** A handle whose edits go into the draft, and that reads what it would make; nobody else is seen through it. */
  readonly handle: DocumentHandle;
  /** `set`, `remove`, `add` and `text`; what makes, moves or trashes items throws. */
  edit(change: (edit: Edit) => void): void;
  /** What the Document had where the draft first changed something. */
  readonly origins: readonly DraftValue[];
  /** What was kept of a former draft. Without `origins` nothing counts as changed since. */
  restore(values: readonly DraftValue[], origins?: readonly DraftValue[]): void;
  preview(): readonly Difference[];
  /** Makes all of it one Operation, and one step of undo. The draft is empty then. */
  publish(label: string): Submitted;
  discard(): void;
}

/** What somebody else tries. @public */
export interface ForeignDraft {
  user: User;
  /** Null where it is too large to be shown. */
  values: readonly DraftValue[] | null;
  /** The widget as it would be. */
  preview: Json | null;
}
