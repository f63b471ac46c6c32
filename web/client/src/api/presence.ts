/** Who is here and where they are: lossy, last value per session. */
import type { ClientId, ItemId, Json, Path, Readable, User } from "./basic.js";

/** Presence of one Document. @public */
export interface PresenceHandle<P extends object = object> {
  readonly self: Readable<Peer<P>>;
  /** Tabs of one user merged; another tab of one's own user counts as another. */
  readonly others: Readable<readonly Peer<P>[]>;
  /**
   * Who of the others is editing something at this moment: where their `focus` is. A lease never blocks anybody, and
   * ends a minute after the last that was heard of its holder, by presence or by an edit.
   */
  readonly leases: Readable<readonly Lease[]>;
  /** Shallow merge; null removes a key. Sent at most every `presenceIntervalMs` (more rarely as `presencePace` says) and only when others are present. */
  update(patch: Partial<P> & BuiltInPresence): void;
}

/**
 * How much presence is heard and told: all of it; `light`, at most every two seconds and without what moves (`cursor`,
 * `drag`); none, until one looks again and is told everybody. `auto` is `none` in a hidden tab and `light` on a phone,
 * where the browser asks to save data, and over a slow line. Edits are never slower for it.
 *
 * @public
 */
export type PresencePace = "auto" | "full" | "light" | "none";

/** Presence every application shares. @public */
export interface BuiltInPresence {
  cursor?: { x: number; row: number } | { widget: ItemId; fx: number; fy: number } | null;
  selection?: { anchor: Position; head: Position } | readonly ItemId[] | null;
  focus?: Path | null;
  drag?: { widget: ItemId; x: number; y: number; w: number; h: number } | null;
  view?: {
    from: string;
    to: string;
    variables: Record<string, Json>;
    anchor: ItemId | null;
    hoverAtMs?: number;
  } | null;
}

/** Somebody is editing a field, or a widget as a whole. @public */
export interface Lease {
  user: User;
  path: Path;
}

/** A place in a text. @public */
export interface Position {
  item: ItemId;
  path: Path;
  offset?: number;
  assoc?: "before" | "after";
}

/** One person in the Document. @public */
export interface Peer<P extends object = object> {
  user: User;
  clients: readonly ClientId[];
  activity: "active" | "idle" | "away";
  presence: P & BuiltInPresence;
}
