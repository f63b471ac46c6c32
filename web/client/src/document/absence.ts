/**
 * What own operations that waited met while one was away. The machine carries them over what was missed before it sends
 * them, so the server does not see that they met; both sides are known here before that.
 */
import type { ItemId, OperationId, Path, Revision } from "../api/basic.js";
import type { Conflict, ConflictKind, ConflictSide } from "../api/conflicts.js";
import type { KeptOperation, WireValue } from "../core/boundary.js";
import type { WireChange, WireComponents } from "./again.js";
import { parsePath } from "./path.js";

/** Changes of others that were missed: one operation, or several as one. @internal */
export interface Missed {
  components?: WireComponents;
  to: Revision;
  /** The one who made them, or the last of them. */
  operation: OperationId | null;
}

/** A cell or place that one's own operations change, from before the first to after the last. */
interface Own {
  operation: OperationId;
  first: ConflictSide;
  last: ConflictSide;
  change: WireChange | null;
}

type Met = Pick<Conflict, "kind" | "item" | "path" | "theirs" | "winner"> & { own: Own };

/**
 * What own operations met, one conflict a place. What merges is none.
 *
 * @param around - An item and all that contain it.
 * @internal
 */
export function clashes(
  queue: readonly KeptOperation[],
  missed: Missed,
  around: (item: ItemId) => readonly ItemId[],
): Conflict[] {
  const { cells, items } = ownOf(queue);
  const theirs = missed.components ?? {};
  const met: Met[] = [];
  for (const [path, own] of cells) {
    const item = parsePath(path)?.item ?? "";
    const deleted = around(item).find((one) => isDeleted(theirs, one));
    if (deleted !== undefined && !items.has(deleted)) {
      met.push({ kind: "edit_in_deleted", item, path, theirs: { location: null }, winner: "theirs", own });
      continue;
    }
    for (const [other, change] of Object.entries(theirs.cells ?? {})) {
      const how = meeting(path, own, other, change);
      if (how) met.push({ ...how, item, path, own });
    }
  }
  for (const [item, own] of items) {
    const moved = theirs.items?.[item]?.m?.at(-1);
    if (moved !== undefined) {
      const kind = moved === null || isGone(own.last) ? "move_vs_delete" : "concurrent_move";
      met.push({ kind, item, path: null, theirs: { location: moved }, winner: "mine", own });
    } else if (isGone(own.last) && touches(theirs, item, around)) {
      met.push({ kind: "edit_in_deleted", item, path: null, theirs: own.first, winner: "mine", own });
    }
  }
  return met.filter(isLoss).map((one) => conflictOf(one, missed));
}

function ownOf(queue: readonly KeptOperation[]): { cells: Map<Path, Own>; items: Map<ItemId, Own> } {
  const cells = new Map<Path, Own>();
  const items = new Map<ItemId, Own>();
  for (const { id, components } of queue) {
    // What a machine made is what the machine reads.
    const made = components as WireComponents;
    for (const [path, change] of Object.entries(made.cells ?? {})) {
      if (change.e) continue;
      const first = cells.get(path)?.first ?? { ...side(change.s?.length === 2 ? change.s[0] : []) };
      cells.set(path, { operation: id, first, last: intent(change), change });
    }
    for (const [item, { m }] of Object.entries(made.items ?? {})) {
      if (!m) continue;
      const first = items.get(item)?.first ?? { location: m.length === 2 ? (m[0] ?? null) : null };
      items.set(item, { operation: id, first, last: { location: m.at(-1) ?? null }, change: null });
    }
  }
  return { cells, items };
}

/** How an own change and one of theirs meet; null where they do not, or merge. */
function meeting(path: Path, own: Own, other: Path, change: WireChange) {
  const mine = own.change;
  if (!mine || change.e) return null;
  const theirs = intent(change);
  if (other === path) {
    if (mine.s && change.s) return { kind: "lost_write" as ConflictKind, theirs, winner: "mine" as const };
    if (mine.s)
      return {
        kind: change.t ? ("text_vs_set" as const) : ("add_lost" as const),
        theirs,
        winner: "mine" as const,
      };
    return mine.t && change.s ? { kind: "text_vs_set" as const, theirs, winner: "theirs" as const } : null;
  }
  if (change.s && path.startsWith(`${other}/`)) {
    return { kind: "edit_in_replaced" as const, theirs: {}, winner: "theirs" as const };
  }
  // Only what stands in one's own way: an edit inside of what one replaced as a whole.
  return null;
}

function isLoss({ own, theirs }: Met): boolean {
  return JSON.stringify(own.last) !== JSON.stringify(theirs);
}

function conflictOf({ own, ...met }: Met, { to, operation }: Missed): Conflict {
  return {
    ...met,
    id: `${to}.${own.operation.sequence}.${met.path ?? met.item}`,
    policy: "lww",
    before: own.first,
    mine: own.last,
    operation: own.operation,
    revision: to,
    theirOperation: operation,
  };
}

function isDeleted({ items }: WireComponents, item: ItemId): boolean {
  return items?.[item]?.m?.at(-1) === null;
}

function isGone(side: ConflictSide): boolean {
  return "location" in side && side.location === null;
}

/** Whether something in an item was changed. */
function touches(
  { cells = {} }: WireComponents,
  item: ItemId,
  around: (item: ItemId) => readonly ItemId[],
): boolean {
  return Object.keys(cells).some((path) => around(parsePath(path)?.item ?? "").includes(item));
}

function intent({ s, a, t }: WireChange): ConflictSide {
  if (a !== undefined) return { add: a };
  if (t !== undefined) return { text: t };
  return side(s?.at(-1));
}

/** `[]` stands for "absent". */
function side(value: WireValue | readonly never[] | undefined): ConflictSide {
  return value === undefined || Array.isArray(value) ? {} : { value: value as WireValue };
}
