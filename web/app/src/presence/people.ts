/** What the application takes from each other person's presence. */
import type { ItemId, Path, Peer } from "@coboard/client";
import { itemOfPath } from "../dashboard/paths";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly away: boolean;
  readonly focus: Path | null;
}

export function personOf(peer: Peer): Person {
  return {
    id: peer.user.id,
    name: peer.user.name,
    color: peer.user.color,
    away: peer.activity !== "active",
    focus: peer.presence.focus ?? null,
  };
}

export function samePerson(a: Person, b: Person): boolean {
  return (
    a.id === b.id && a.name === b.name && a.color === b.color && a.away === b.away && a.focus === b.focus
  );
}

/** The widget a person has in their editor. */
export function editedItem(person: Pick<Person, "focus">): ItemId | null {
  return person.focus === null ? null : itemOfPath(person.focus);
}
