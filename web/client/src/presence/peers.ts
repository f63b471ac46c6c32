/** From sessions to people: tabs of one user are merged. */
import type { Json } from "../api/basic.js";
import type { Peer } from "../api/presence.js";
import type { PresenceEntry } from "../core/boundary.js";

/** Somebody whose presence has not changed for so long is idle. @internal */
export const IDLE_AFTER_MS = 60_000;

/** A session and when it was last heard of. @internal */
export interface Seen {
  entry: PresenceEntry;
  atMs: number;
}

/** One peer per user, ordered by name, then id. Of each key the newest value that is not null counts. @internal */
export function mergePeers(seen: readonly Seen[], nowMs: number): readonly Peer[] {
  const users = new Map<string, Seen[]>();
  for (const one of [...seen].sort((a, b) => a.atMs - b.atMs)) {
    const id = one.entry.user.id;
    users.set(id, [...(users.get(id) ?? []), one]);
  }
  const peers = [...users.values()].map((sessions) => mergeUser(sessions, nowMs));
  return peers.sort((a, b) => compare(a.user.name, b.user.name) || compare(a.user.id, b.user.id));
}

function mergeUser(sessions: readonly Seen[], nowMs: number): Peer {
  const presence: Record<string, Json> = {};
  let user = { id: "", name: "", color: "" };
  for (const { entry } of sessions) {
    user = { id: entry.user.id, name: entry.user.name, color: entry.user.color };
    for (const [key, value] of Object.entries(entry.state)) {
      if (value !== null && key !== "activity") presence[key] = value;
    }
  }
  const clients = [...new Set(sessions.map(({ entry }) => entry.client))].sort();
  return { user, clients, activity: activityOf(sessions, nowMs), presence };
}

function activityOf(sessions: readonly Seen[], nowMs: number): Peer["activity"] {
  const looking = sessions.filter(({ entry }) => entry.state.activity !== "away");
  if (looking.length === 0) return "away";
  return looking.some(({ atMs }) => nowMs - atMs < IDLE_AFTER_MS) ? "active" : "idle";
}

/** The order of two texts. @internal */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
