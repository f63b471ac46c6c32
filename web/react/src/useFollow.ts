/** Whom one follows, and who follows oneself. */
import type { Peer, PresenceView, User, UserId } from "@coboard/client";
import { useCallback } from "react";
import { useHandle } from "./context.js";
import { shallowEqual } from "./shallowEqual.js";
import { useReadable } from "./useReadable.js";
import { useSelected } from "./useSelected.js";

/** What {@link useFollow} gives. @public */
export interface Follow {
  /** Null also while whoever is followed is gone for a moment. */
  following: User | null;
  /** Who follows oneself. */
  followers: readonly User[];
  /** Null ends it. */
  follow: (user: UserId | null) => void;
  /** Whether one offers all others to follow. */
  presenting: boolean;
  present: (on: boolean) => void;
}

/**
 * Following somebody's view. It ends by itself when they leave, and when they begin to follow oneself.
 *
 * @example
 * const { following, follow } = useFollow();
 * <button onClick={() => follow(following ? null : user.id)}>{following ? "Stop" : "Follow"}</button>
 * @public
 */
export function useFollow(): Follow {
  const { presence } = useHandle();
  const id = useReadable(presence.following);
  const self = useSelected(presence.self, (own) => own.user.id);
  const following = useSelected(
    presence.others,
    (others) => others.find(({ user }) => user.id === id)?.user ?? null,
    (a, b) => a === b || (a !== null && b !== null && shallowEqual(a, b)),
  );
  const followers = useUsersWho((peer) => peer.presence.following === self);
  const follow = useCallback((user: UserId | null) => presence.follow(user), [presence]);
  const presenting = useSelected(presence.self, (own) => own.presence.presenting === true);
  const present = useCallback((on: boolean) => presence.update({ presenting: on ? true : null }), [presence]);
  return { following, followers, follow, presenting, present };
}

/**
 * What the followed person looks at; null where nobody is followed, or they have not said.
 *
 * @example
 * const view = useFollowedView();
 * <p>{view ? `${view.from} to ${view.to}` : "Nobody is followed"}</p>
 * @public
 */
export function useFollowedView(): PresenceView | null {
  const { presence } = useHandle();
  const id = useReadable(presence.following);
  return useSelected(
    presence.others,
    (others) => others.find(({ user }) => user.id === id)?.presence.view ?? null,
    (a, b) => JSON.stringify(a) === JSON.stringify(b),
  );
}

/**
 * Who of the others is presenting, oneself not among them.
 *
 * @example
 * const [presenter] = usePresenters();
 * if (presenter) offer(`Follow ${presenter.name}`);
 * @public
 */
export function usePresenters(): readonly User[] {
  return useUsersWho((peer) => peer.presence.presenting === true);
}

function useUsersWho(selector: (peer: Peer) => boolean): readonly User[] {
  const { presence } = useHandle();
  const self = useSelected(presence.self, (own) => own.user.id);
  return useSelected(
    presence.others,
    (others) => others.filter((peer) => peer.user.id !== self && selector(peer)).map(({ user }) => user),
    (a, b) => a.length === b.length && a.every((user, index) => shallowEqual(user, b[index])),
  );
}
