/** A part of each other's presence. */
import type { Peer, UserId } from "@coboard/client";
import { useHandle } from "./context.js";
import { useSelected } from "./useSelected.js";

/**
 * What the selector takes from each of the others, by user; renders only when one of those changes.
 *
 * @example
 * const focus = useOthersMapped((peer) => peer.presence.focus ?? null);
 * @public
 */
export function useOthersMapped<P extends object, V>(
  selector: (peer: Peer<P>) => V,
  isEqual: (a: V, b: V) => boolean = Object.is,
): readonly [UserId, V][] {
  return useSelected(
    useHandle<unknown, P>().presence.others,
    (others) => others.map((peer): [UserId, V] => [peer.user.id, selector(peer)]),
    (a, b) =>
      a.length === b.length &&
      a.every(([user, value], index) => {
        const other = b[index];
        return other !== undefined && other[0] === user && isEqual(value, other[1]);
      }),
  );
}
