/** A view between devices: as a tab tells it, and as another one reads it. Pure. */
import type { DocumentView } from "@coboard/client";
import { describeRange } from "../data/timeRange";
import { TOP, type View, viewOf } from "./visits";

/** A view has room for 512 bytes, and an item's id up to 20 digits. */
const FOLDS_TOLD_MAX = 8;
/** What is left of it, in characters that may take three bytes each. */
const VARIABLES_TOLD_MAX = 40;

/** What other devices are told. Of many folds they are told none: the place and the range say more. */
export function toTell({ anchor, offset, range, folds, variables }: View): DocumentView {
  const place = { anchor, offset, from: range?.from ?? null, to: range?.to ?? null };
  const told = Object.keys(folds).length <= FOLDS_TOLD_MAX ? { ...place, folds } : place;
  const chosen = JSON.stringify(variables);
  return chosen === "{}" || chosen.length > VARIABLES_TOLD_MAX ? told : { ...told, variables };
}

/** The same view here as there; at the top where that tab has not said. */
export function viewThere(told: DocumentView | null): View {
  const { from, to, ...place } = told ?? {};
  return viewOf({ ...place, range: { from, to } }) ?? TOP;
}

/** "Last 1 h", if that tab shows another range than the dashboard's own. */
export function rangeThere(told: DocumentView | null): string | null {
  const { range } = viewThere(told);
  return range ? describeRange({ time: { ...range } }) : null;
}
