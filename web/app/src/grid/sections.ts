/**
 * Rows and folding. What is stored is one list of widgets with absolute places, in which a row header owns what stands
 * below it up to the next header; a row that was stored collapsed keeps its widgets in a list of its own. What is shown
 * depends on which rows this viewer has folded. The two functions here go from stored to shown and back.
 */
import { compact } from "@coboard/client";
import { bottomOf, COLUMNS, overlap, type Placed, type Rect, readingOrder, sameRect } from "./rect";

export interface GridNode extends Placed {
  readonly isRow: boolean;
  /** Stored collapsed: `children` are in the row's own list. */
  readonly collapsed: boolean;
  readonly children: readonly GridNode[];
}

export type IsFolded = (item: string) => boolean;

/** A place in the document: which list, and where. `row` is `null` in the dashboard's own list. */
export interface Target extends Rect {
  readonly row: string | null;
}

/** A widget whose stored place changes. */
export interface PlaceChange extends Target {
  readonly item: string;
  readonly moved: boolean;
}

/** The full layout of the top list, with row headers over the whole width. */
function fullLayout(nodes: readonly GridNode[]): GridNode[] {
  return compact(nodes.map(inFull));
}

function inFull(node: GridNode): GridNode {
  return node.isRow ? { ...node, x: 0, w: COLUMNS, h: 1 } : node;
}

/** A collapsed row's widgets, packed, counted from the row's first line. */
function innerLayout(row: GridNode): GridNode[] {
  return compact(row.children);
}

/** What is shown, in reading order. */
export function visibleLayout(nodes: readonly GridNode[], isFolded: IsFolded): Placed[] {
  const shown: Placed[] = [];
  let shift = 0;
  let hiddenFrom: number | null = null;
  for (const node of fullLayout(nodes)) {
    if (!node.isRow) {
      if (hiddenFrom === null) shown.push(rectAt(node, node.y + shift));
      continue;
    }
    if (hiddenFrom !== null) shift -= node.y - hiddenFrom;
    hiddenFrom = !node.collapsed && isFolded(node.item) ? node.y + 1 : null;
    shown.push(rectAt(node, node.y + shift));
    if (node.collapsed && !isFolded(node.item)) {
      const inner = innerLayout(node);
      for (const child of inner) shown.push(rectAt(child, child.y + node.y + shift + 1));
      shift += bottomOf(inner);
    }
  }
  return compact(shown);
}

function rectAt(node: GridNode, y: number): Placed {
  return { item: node.item, x: node.x, y, w: node.w, h: node.h };
}

/** The stored place that every shown widget, and every hidden one, has in a shown layout. */
export function targetsOf(
  nodes: readonly GridNode[],
  isFolded: IsFolded,
  shown: readonly Placed[],
): Map<string, Target> {
  const full = fullLayout(nodes);
  const rows = new Map(full.filter((node) => node.isRow).map((node) => [node.item, node]));
  const targets = new Map<string, Target>();
  let shift = 0;
  let open: OpenRow | null = null;
  for (const place of readingOrder(shown)) {
    const row = rows.get(place.item);
    if (!row) {
      if (open && place.y >= open.end && !open.own.has(place.item)) {
        shift -= open.end - open.firstLine;
        open = null;
      }
      targets.set(place.item, { ...pick(place), y: place.y + shift, row: open?.item ?? null });
      continue;
    }
    if (open) shift -= place.y - open.firstLine;
    open = row.collapsed && !isFolded(row.item) ? openRow(row, place, shown) : null;
    targets.set(row.item, { ...pick(place), y: place.y + shift, row: null });
    if (!row.collapsed && isFolded(row.item)) {
      const hidden = ownedBy(full, row);
      for (const node of hidden) {
        targets.set(node.item, { ...pick(node), y: node.y - row.y + place.y + shift, row: null });
      }
      shift += bottomOf(hidden) > 0 ? bottomOf(hidden) - (row.y + 1) : 0;
    }
  }
  return targets;
}

/** A row stored collapsed that is unfolded here: from `firstLine` to `end` its own widgets are shown. */
interface OpenRow {
  readonly item: string;
  readonly own: ReadonlySet<string>;
  readonly firstLine: number;
  readonly end: number;
}

function openRow(row: GridNode, place: Placed, shown: readonly Placed[]): OpenRow {
  const own = new Set(row.children.map((child) => child.item));
  const firstLine = place.y + 1;
  return {
    item: row.item,
    own,
    firstLine,
    end: Math.max(firstLine, bottomOf(shown.filter((s) => own.has(s.item)))),
  };
}

function pick(rect: Rect): Rect {
  return { x: rect.x, y: rect.y, w: rect.w, h: rect.h };
}

function ownedBy(full: readonly GridNode[], row: GridNode): GridNode[] {
  const next = full.find((node) => node.isRow && node.y > row.y);
  return full.filter((node) => !node.isRow && node.y > row.y && (!next || node.y < next.y));
}

/**
 * The fewest stored places that must change so that the document shows `after` instead of `before`, and nothing that
 * is written lies on anything else.
 * `active` is the widget the person holds; the others move only where packing alone would not put them.
 */
export function placeChanges(
  nodes: readonly GridNode[],
  isFolded: IsFolded,
  before: readonly Placed[],
  after: readonly Placed[],
  active: string,
): PlaceChange[] {
  const was = targetsOf(nodes, isFolded, before);
  const wanted = targetsOf(nodes, isFolded, after);
  const changed = new Map<string, Target>();
  for (const [item, target] of wanted) {
    const old = was.get(item);
    if (!old || old.row !== target.row || !sameRect(old, target)) changed.set(item, target);
  }
  if (changed.size === 0) return [];
  const writes = fewestWrites(nodes, wanted, changed, active);
  return [...writes].map(([item, target]) => ({
    item,
    ...target,
    moved: (was.get(item)?.row ?? null) !== target.row,
  }));
}

function fewestWrites(
  nodes: readonly GridNode[],
  wanted: ReadonlyMap<string, Target>,
  changed: ReadonlyMap<string, Target>,
  active: string,
): Map<string, Target> {
  const writes = new Map<string, Target>();
  const held = changed.get(active);
  if (held) writes.set(active, held);
  for (const [item, target] of changed) if (target.row !== null) writes.set(item, target);
  for (let guard = wanted.size; guard > 0; guard--) {
    const stored = withWrites(nodes, writes);
    const wrong = fullLayout(stored).find((node) => {
      const target = wanted.get(node.item);
      return target && changed.has(node.item) && !writes.has(node.item) && !sameRect(node, target);
    });
    const next = wrong ?? inTheWay(stored, writes);
    const target = next && wanted.get(next.item);
    if (!next || !target) break;
    writes.set(next.item, target);
  }
  return writes;
}

/**
 * A widget whose stored place lies under a written one. The server would push it down, which need not be where it was
 * shown while the person dragged.
 */
function inTheWay(stored: readonly GridNode[], writes: ReadonlyMap<string, Target>): GridNode | undefined {
  const rects = stored.map(inFull);
  const written = rects.filter((node) => writes.has(node.item));
  return rects.find((node) => !writes.has(node.item) && written.some((other) => overlap(node, other)));
}

/** The top list as it would be stored after the writes. */
function withWrites(nodes: readonly GridNode[], writes: ReadonlyMap<string, Target>): GridNode[] {
  const inner = nodes.flatMap((node) => node.children);
  const arriving = inner.filter((node) => writes.get(node.item)?.row === null);
  const staying = nodes.filter((node) => (writes.get(node.item)?.row ?? null) === null);
  return [...staying, ...arriving].map((node) => ({ ...node, ...pick(writes.get(node.item) ?? node) }));
}
