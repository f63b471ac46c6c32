/** What the application takes from each other person's presence. */
import type { DocumentHandle, ItemId, Lease, User } from "@coboard/client";
import { type Board, nameOf } from "../dashboard/model";
import { itemOfPath, ROOT } from "../dashboard/paths";

type Places = Pick<DocumentHandle, "placeOf">;

/** Who is editing a widget or something in it, each once. */
export function editorsOf(handle: DocumentHandle, item: ItemId): readonly User[] {
  const held = handle.presence.leases.current.filter(
    ({ path }) => widgetAround(handle, itemOfPath(path), (one) => one === item) !== null,
  );
  const users = held.map(({ user }) => user);
  return users.filter(({ id }, index) => users.findIndex((other) => other.id === id) === index);
}

/** The first that is meant, of an item and all it is in: a query is in its widget. */
export function widgetAround(
  handle: Places,
  item: ItemId,
  isMeant: (item: ItemId) => boolean,
): ItemId | null {
  for (let one: ItemId = item; one !== "" && one !== ROOT; ) {
    if (isMeant(one)) return one;
    const place = handle.placeOf(one);
    if (!place) return null;
    one = itemOfPath(place.list);
  }
  return null;
}

/** "editing CPU", or "editing CPU query" for what is in a widget; empty where nothing is held. */
export function doingOf(handle: Places, board: Board, lease: Lease | undefined): string {
  if (!lease) return "";
  const item = itemOfPath(lease.path);
  const widget = widgetAround(handle, item, (one) => board.byItem.has(one));
  const node = widget === null ? undefined : board.byItem.get(widget);
  if (!node) return "editing the dashboard";
  return `editing ${nameOf(node)}${widget === item ? "" : " query"}`;
}

/** What somebody sits at, from what their browser says of itself. */
export function deviceWord(agent: string): string {
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(agent)) return "Tablet";
  return /Mobi|iPhone|Android/.test(agent) ? "Phone" : "Computer";
}
