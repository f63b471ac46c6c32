/**
 * Who is editing what at this moment. A lease is soft: it warns and never blocks, and it ends by itself when its holder
 * looks elsewhere or does nothing for a while.
 */
import type { ClientId } from "../api/basic.js";
import type { Lease } from "../api/presence.js";
import { compare, type Seen } from "./peers.js";

/** Somebody of whom nothing was heard for so long, neither presence nor an edit, holds nothing any more. A guess. @internal */
export const LEASE_MS = 60_000;

/** The leases, and when the first of them ends if nothing more is heard. @internal */
export interface Leases {
  held: readonly Lease[];
  endsAtMs: number | null;
}

/** Leases of sessions; `worked` tells when a client last changed something. @internal */
export function leasesOf(seen: Iterable<Seen>, worked: ReadonlyMap<ClientId, number>, nowMs: number): Leases {
  const held = new Map<string, Lease>();
  let endsAtMs: number | null = null;
  for (const { entry, atMs } of seen) {
    const { focus, activity } = entry.state;
    if (typeof focus !== "string" || activity === "away") continue;
    const until = Math.max(atMs, worked.get(entry.client) ?? 0) + LEASE_MS;
    if (until <= nowMs) continue;
    endsAtMs = Math.min(endsAtMs ?? until, until);
    const { id, name, color } = entry.user;
    held.set(`${id} ${focus}`, { user: { id, name, color }, path: focus });
  }
  const byName = (a: Lease, b: Lease) => compare(a.user.name, b.user.name) || compare(a.user.id, b.user.id);
  return { held: [...held.values()].sort((a, b) => byName(a, b) || compare(a.path, b.path)), endsAtMs };
}
