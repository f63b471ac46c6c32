/** One of the others. */
import type { Peer, UserId } from "@coboard/client";
import { useHandle } from "./context.js";
import { useSelected } from "./useSelected.js";

/**
 * What the selector takes from one user's presence; null where that user is not here.
 *
 * @example
 * const name = useOther(user, (peer) => peer.user.name);
 * @public
 */
export function useOther<P extends object, V>(
  user: UserId,
  selector: (peer: Peer<P>) => V,
  isEqual: (a: V, b: V) => boolean = Object.is,
): V | null {
  return useSelected(
    useHandle<unknown, P>().presence.others,
    (others) => {
      const peer = others.find((one) => one.user.id === user);
      return peer ? selector(peer) : null;
    },
    (a, b) => Object.is(a, b) || (a !== null && b !== null && isEqual(a, b)),
  );
}
