/** Who has selected an item. */
import type { ItemId, Peer, User } from "@coboard/client";
import { useCallback } from "react";
import { useHandle } from "./context.js";
import { shallowEqual } from "./shallowEqual.js";
import { useSelected } from "./useSelected.js";

/**
 * The others who have selected an item, and how to select it oneself.
 *
 * @example
 * const { users, select } = useSelection(item);
 * @public
 */
export function useSelection(item: ItemId): { users: readonly User[]; select(): void } {
  const { presence } = useHandle();
  const users = useSelected(
    presence.others,
    (others) => others.filter((peer) => selects(peer, item)).map((peer) => peer.user),
    (a, b) => a.length === b.length && a.every((user, index) => shallowEqual(user, b[index])),
  );
  const select = useCallback(() => presence.update({ selection: [item] }), [presence, item]);
  return { users, select };
}

function selects(peer: Peer, item: ItemId): boolean {
  const { selection } = peer.presence;
  return Array.isArray(selection) && selection.includes(item);
}
