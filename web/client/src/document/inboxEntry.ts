/** A conflict as it stands in the inbox: with what there was, what is worth a look, and what each choice would do. */
import type { Json, OperationId, Path, UserId } from "../api/basic.js";
import type { Conflict, OpenConflict } from "../api/conflicts.js";
import type { KeptConflict } from "../device/conflictShelf.js";
import { jsonEqual } from "../support/json.js";
import type { Mirror } from "./mirror.js";
import { type Remedy, type RemedyStep, viewOf } from "./remedy.js";

/** What is known of whoever works here. @internal */
export interface EntryParts {
  mirror: Mirror;
  user: () => UserId | null;
  /** The absence in which an own operation was made, if it was. */
  reviewOf: (operation: OperationId) => string | null;
  /** How a text looked after the last own edit of it. */
  ownText: (path: Path) => string | undefined;
}

/** Null: not worth a look, it only stands in the history. @internal */
export function reasonOf(
  parts: EntryParts,
  conflict: Conflict,
  theirAuthor: OpenConflict["theirAuthor"],
): OpenConflict["reason"] | null {
  if (conflict.kind === "text_overlap") return null;
  if (conflict.policy === "manual" && conflict.winner === "theirs") {
    return parts.reviewOf(conflict.operation) === null ? "manual" : "review";
  }
  const user = parts.user();
  if (theirAuthor !== null && theirAuthor.id === user) return null;
  if (parts.reviewOf(conflict.operation) !== null) return "review";
  return conflict.winner === "theirs" ? "lost" : null;
}

/** The conflict with its values and choices. @internal */
export function entryOf(
  parts: EntryParts,
  conflict: Conflict,
  reason: OpenConflict["reason"],
  theirAuthor: OpenConflict["theirAuthor"],
): KeptConflict {
  const { mirror, ownText, reviewOf } = parts;
  const { item, path, winner } = conflict;
  const chain = mirror.places(item);
  const own = path === null ? undefined : ownText(path);
  const mine = viewOf(mirror, conflict.mine, { item, path, text: own });
  const theirs = viewOf(mirror, conflict.theirs, { item, path, text: undefined });
  const before = viewOf(mirror, conflict.before, { item, path, text: undefined });
  const back: RemedyStep[] = isInDeleted(conflict) && chain.length > 0 ? [{ bringBack: chain }] : [];
  const remedies = {
    mine: winner === "mine" ? [] : joined(back, mine.remedy),
    theirs: winner === "theirs" ? [] : theirs.remedy,
  };
  const subject = chain.at(-1)?.item ?? item;
  const values: { before?: Json; theirs?: Json; mine?: Json } = {};
  if (before.value !== undefined) values.before = before.value;
  if (theirs.value !== undefined) values.theirs = theirs.value;
  if (mine.value !== undefined) values.mine = mine.value;
  return {
    remedies,
    conflict: {
      ...conflict,
      reason,
      review: reviewOf(conflict.operation),
      theirAuthor,
      atMs: Date.now(),
      subject,
      title: titleOf(mirror.item(subject)),
      values,
      choices: {
        theirs: remedies.theirs !== null,
        mine: remedies.mine !== null,
        value: path !== null && !isInDeleted(conflict) && !("location" in conflict.mine),
      },
    },
  };
}

/** Two in one place as one: from what was there before the first to what is there after the last. @internal */
export function mergedOf({ conflict: earlier }: KeptConflict, kept: KeptConflict): KeptConflict {
  const { before: _, ...values } = kept.conflict.values;
  const first = earlier.values.before === undefined ? {} : { before: earlier.values.before };
  const { title, before, theirAuthor } = earlier;
  const conflict = {
    ...kept.conflict,
    before,
    title: kept.conflict.title ?? title,
    theirAuthor: kept.conflict.theirAuthor ?? theirAuthor,
    values: { ...values, ...first },
  };
  return { ...kept, conflict };
}

/** The other side's view of a conflict: an own edit was overwritten. @internal */
export function turned(conflict: Conflict, own: OperationId): Conflict {
  const { mine, theirs, operation } = conflict;
  const winner = conflict.winner === "mine" ? "theirs" : "mine";
  return { ...conflict, mine: theirs, theirs: mine, winner, operation: own, theirOperation: operation };
}

/** The same with theirs standing. @internal */
export function yielded(kept: KeptConflict, mirror: Mirror): KeptConflict {
  const { conflict } = kept;
  const { item, path } = conflict;
  const text = typeof conflict.values.mine === "string" ? conflict.values.mine : undefined;
  const mine = viewOf(mirror, conflict.mine, { item, path, text });
  return {
    remedies: { theirs: [], mine: mine.remedy },
    conflict: {
      ...conflict,
      winner: "theirs",
      choices: { ...conflict.choices, theirs: true, mine: mine.remedy !== null },
    },
  };
}

/** Whether one takes the other's place. @internal */
export function samePlace(a: KeptConflict, b: KeptConflict): boolean {
  const place = ({ conflict }: KeptConflict) => [
    conflict.item,
    conflict.path,
    conflict.review,
    conflict.winner,
  ];
  return jsonEqual(place(a), place(b));
}

/** What people call it, if it has a title. @internal */
export function titleOf(value: Json | undefined): string | null {
  const title = (value as { title?: Json } | null | undefined)?.title;
  return typeof title === "string" && title.trim() !== "" ? title : null;
}

function isInDeleted({ kind, winner }: Conflict): boolean {
  return winner === "theirs" && (kind === "edit_in_deleted" || kind === "move_vs_delete");
}

function joined(first: readonly RemedyStep[], rest: Remedy): Remedy {
  if (rest === null) return first.length > 0 ? first : null;
  return [...first, ...rest];
}
