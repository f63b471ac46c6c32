/** How many people are here, and who of them is told one by one. */
import type { Audience, Peer } from "../api/presence.js";
import type { Seen } from "./peers.js";

/** Before anybody is known. @internal */
export const NOBODY: Audience = { editors: 0, viewers: 0, listed: 0 };

/** Whether everybody is told one by one. @internal */
export function isWhole({ editors, viewers, listed }: Audience): boolean {
  return listed >= editors + viewers;
}

/** Those who are known, as long as the server has not said how many there are. @internal */
export function countKnown(self: Peer, seen: Iterable<Seen>): Audience {
  const people = new Set([self.user.id]);
  for (const { entry } of seen) people.add(entry.user.id);
  return { editors: people.size, viewers: 0, listed: people.size };
}

/** Peers of `all` whose user is not in `known`. @internal */
export function missing(all: readonly Peer[], known: readonly Peer[]): readonly Peer[] {
  return all.filter(({ user }) => !known.some((peer) => peer.user.id === user.id));
}
