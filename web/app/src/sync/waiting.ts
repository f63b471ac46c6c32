/** What waits for the server, widget by widget. Pure. */
import type { ItemId, QueueEntry } from "@coboard/client";

/** The entries of one widget, or of the dashboard itself. */
export interface WaitingGroup {
  /** The widget; null: the dashboard, or something that is there no more. */
  readonly item: ItemId | null;
  readonly entries: readonly QueueEntry[];
}

/**
 * Groups in the order of their oldest entry.
 *
 * @param isWidget - whether an item is a widget of the dashboard
 * @param parentOf - the item that an item lies in
 */
export function groupsOf(
  entries: readonly QueueEntry[],
  isWidget: (item: ItemId) => boolean,
  parentOf: (item: ItemId) => ItemId | null,
): readonly WaitingGroup[] {
  const groups = new Map<ItemId | null, QueueEntry[]>();
  for (const entry of entries) {
    const item = widgetOf(entry.item, isWidget, parentOf);
    const group = groups.get(item);
    if (group) group.push(entry);
    else groups.set(item, [entry]);
  }
  return [...groups].map(([item, of]) => ({ item, entries: of }));
}

/** The widget that an item is or lies in: a query and a threshold are items of their own. */
function widgetOf(
  start: ItemId | null,
  isWidget: (item: ItemId) => boolean,
  parentOf: (item: ItemId) => ItemId | null,
): ItemId | null {
  for (let item = start; item !== null; item = parentOf(item)) {
    if (isWidget(item)) return item;
  }
  return null;
}

/** The item at the head of a path: `"@17/targets"` is a list of item 17. */
export function headOf(path: string): ItemId | null {
  return /^@(\d+)/.exec(path)?.[1] ?? null;
}
