/** Who has selected an item. */
import type { ItemId, Peer, User } from "@coboard/client";
import { useCallback, useRef } from "react";
import { useHandle } from "./context.js";
import { shallowEqual } from "./shallowEqual.js";
import { useSelected } from "./useSelected.js";

/**
 * The others who have selected an item, without one's own other windows, whoever came last at the end, and how to select it oneself.
 *
 * @example
 * const { users, select } = useSelection(item);
 * @public
 */
export function useSelection(item: ItemId): { users: readonly User[]; select(): void } {
  const { presence } = useHandle();
  const order = useRef<{ item: ItemId; users: readonly string[] }>({ item, users: [] });
  const users = useSelected(
    presence.others,
    (others) => {
      const self = presence.self.current.user.id;
      const here = others
        .filter((peer) => peer.user.id !== self && selects(peer, item))
        .map((peer) => peer.user);
      const before = order.current.item === item ? order.current.users : [];
      const rank = ({ id }: User) => (before.includes(id) ? before.indexOf(id) : before.length);
      here.sort((a, b) => rank(a) - rank(b));
      order.current = { item, users: here.map(({ id }) => id) };
      return here;
    },
    (a, b) => a.length === b.length && a.every((user, index) => shallowEqual(user, b[index])),
  );
  const select = useCallback(() => presence.update({ selection: [item] }), [presence, item]);
  return { users, select };
}

function selects(peer: Peer, item: ItemId): boolean {
  const { selection } = peer.presence;
  return Array.isArray(selection) && selection.includes(item);
}
