/** Who is here and where they are: lossy, last value per session. */
import type { ClientId, ItemId, Json, Path, Readable, User, UserId } from "./basic.js";
import type { DraftValue } from "./widget.js";

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
  /**
   * How many people are here, oneself included. Of a large room only some are told one by one: `others` then has
   * those who edit first, and nobody's coming and going is told.
   */
  readonly audience: Readable<Audience>;
  /** Shallow merge; null removes a key. Sent at most every `presenceIntervalMs` (more rarely as `presencePace` says) and only when others are present. */
  update(patch: Partial<P> & BuiltInPresence): void;
  /**
   * Says that this person looks at what somebody else looks at; null ends it. What that means on the screen is up to
   * the application, which reads the other's `view`. It ends by itself when they are gone, and when they begin to
   * follow oneself: two never chase each other.
   */
  follow(user: UserId | null): void;
  readonly following: Readable<UserId | null>;
}

/**
 * How much presence is heard and told: all of it; `light`, at most every two seconds and without what moves (`cursor`,
 * `drag`); none, until one looks again and is told everybody. `auto` is `none` in a hidden tab and `light` on a phone,
 * where the browser asks to save data, and over a slow line. Edits are never slower for it.
 *
 * @public
 */
export type PresencePace = "auto" | "full" | "light" | "none";

/** How many people are in a Document, each once, however many tabs they have there. @public */
export interface Audience {
  /** Who changed something here, or may do so and does not say `viewing`. */
  editors: number;
  /** All others. */
  viewers: number;
  /** How many of both are told one by one. */
  listed: number;
}

/** A point: over a widget as fractions of its size, else as a fraction of the width and in rows. @public */
export type PresencePoint = { x: number; row: number } | { widget: ItemId; fx: number; fy: number };

/** Presence every application shares. @public */
export interface BuiltInPresence {
  /** Only looks on, whatever one may do: counted and listed as a viewer. */
  viewing?: boolean | null;
  cursor?: PresencePoint | null;
  /** The last touch of a finger; `count` tells one from the next at the same place. */
  tap?: (PresencePoint & { count: number }) | null;
  selection?: { anchor: Position; head: Position } | readonly ItemId[] | null;
  focus?: Path | null;
  drag?: { widget: ItemId; x: number; y: number; w: number; h: number } | null;
  view?: PresenceView | null;
  /** Whom this person follows: set by `follow`. */
  following?: UserId | null;
  /** Since when, in milliseconds since 1970 by their own clock: of two who follow each other the earlier one stops. */
  followingSinceMs?: number | null;
  /** Offers everybody to follow. */
  presenting?: true | null;
  /** What they sit at, in a word. */
  device?: string | null;
  /** Told by widget sessions. */
  widget?: AtWidget | null;
}

/** What somebody looks at, so that others can look at the same. @public */
export interface PresenceView {
  /** The time range, as in "now-6h". */
  from: string;
  to: string;
  /** Values of the Document's variables, where they are not its own. */
  variables: { readonly [name: string]: Json };
  /** The first item that can be seen; null at the very start. */
  anchor: ItemId | null;
  /** How much of it is above the edge, 0..1. */
  offset?: number;
  /** Rows folded or unfolded against what is stored. */
  folds?: { readonly [item: ItemId]: boolean };
  /** The moment they point at in a chart. */
  hoverAtMs?: number;
}

/** Somebody has a widget open: what `handle.widget(item)` tells. @public */
export interface AtWidget {
  item: ItemId;
  sinceMs: number;
  /** Asks somebody to go on, where they were last. */
  handOff?: { to: UserId; atMs: number; field: Path | null };
  /** What they try there, or how long it is as JSON where it is too long to be sent. */
  draft?: { values: readonly DraftValue[] } | { length: number };
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
