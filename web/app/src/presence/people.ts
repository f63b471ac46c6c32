/** What the application takes from each other person's presence. */
import type { DocumentHandle, ItemId, Peer, User } from "@coboard/client";
import { itemOfPath, ROOT } from "../dashboard/paths";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly away: boolean;
}

export function personOf(peer: Peer): Person {
  return {
    id: peer.user.id,
    name: peer.user.name,
    color: peer.user.color,
    away: peer.activity !== "active",
  };
}

export function samePerson(a: Person, b: Person): boolean {
  return a.id === b.id && a.name === b.name && a.color === b.color && a.away === b.away;
}

/** Who is editing a widget or something in it, each once. */
export function editorsOf(handle: DocumentHandle, item: ItemId): readonly User[] {
  const held = handle.presence.leases.current.filter(({ path }) => isIn(handle, itemOfPath(path), item));
  const users = held.map(({ user }) => user);
  return users.filter(({ id }, index) => users.findIndex((other) => other.id === id) === index);
}

/** Whether an item is this one or in it: a query is in its widget. */
function isIn(handle: Pick<DocumentHandle, "placeOf">, inner: ItemId, item: ItemId): boolean {
  for (let one: ItemId = inner; one !== "" && one !== ROOT; ) {
    if (one === item) return true;
    const place = handle.placeOf(one);
    if (!place) return false;
    one = itemOfPath(place.list);
  }
  return false;
}
