/** Following: told to all, and over by itself when there is nobody to follow or both would follow each other. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Peer } from "../src/api/presence.js";
import { Following, GONE_AFTER_MS } from "../src/presence/following.js";
import { Cell } from "../src/support/cell.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function peer(id: string, following: string | null = null, followingSinceMs = 0): Peer {
  const presence = following === null ? {} : { following, followingSinceMs };
  return { user: { id, name: id, color: "" }, clients: [], activity: "active", presence };
}

function start(...here: Peer[]) {
  const others = new Cell<readonly Peer[]>(here);
  const told: (string | null)[] = [];
  const since: (number | null)[] = [];
  const following = new Following({
    others,
    self: () => "me",
    tell: (user, sinceMs) => {
      told.push(user);
      since.push(sinceMs);
    },
  });
  const now = (...peers: Peer[]) => {
    others.set(peers);
    following.look(true);
  };
  return { following, told, since, now };
}

it("tells whom one follows, and that it is over", () => {
  const { following, told } = start(peer("ana"));
  following.start("ana");
  following.start(null);
  expect(told).toEqual(["ana", null]);
});

it("ends when they are gone, and not when they are gone for a moment", () => {
  const { following, now } = start(peer("ana"));
  following.start("ana");
  now();
  vi.advanceTimersByTime(GONE_AFTER_MS - 1);
  now(peer("ana"));
  vi.advanceTimersByTime(GONE_AFTER_MS * 2);
  expect(following.user.current).toBe("ana");
  now();
  vi.advanceTimersByTime(GONE_AFTER_MS);
  expect(following.user.current).toBeNull();
});

it("goes on when it is the own connection that is gone", () => {
  const { following, now } = start(peer("ana"));
  following.start("ana");
  now();
  following.look(false);
  vi.advanceTimersByTime(GONE_AFTER_MS * 2);
  expect(following.user.current).toBe("ana");
});

it("gives way to whoever began later to follow oneself, and not to who did before", () => {
  const { following, now } = start(peer("ana"));
  following.start("ana");
  now(peer("ana", "me", Date.now() + 5));
  expect(following.user.current).toBeNull();
  // Their clock is ahead of ours.
  following.start("ana");
  now(peer("ana", "me", Date.now() + 5));
  expect(following.user.current).toBe("ana");
  now(peer("ana"));
  now(peer("ana", "me", Date.now() + 5));
  expect(following.user.current).toBe("ana");
  now(peer("ana", "me", Date.now() + 7));
  expect(following.user.current).toBeNull();
});

it("is the same for both where neither knew of the other, and where both were cut off", () => {
  vi.setSystemTime(1_000);
  const ana = start(peer("ana"));
  ana.following.start("ana");
  expect(ana.since).toEqual([1_000]);
  ana.now(peer("ana", "me", 999));
  ana.following.look(false);
  ana.now(peer("ana"));
  ana.now(peer("ana", "me", 999));
  expect(ana.following.user.current).toBe("ana");
  // At the same moment it is the name that decides: "me" comes after "ana" and before "zoe".
  ana.now(peer("ana", "me", 1_000));
  expect(ana.following.user.current).toBe("ana");
  const zoe = start(peer("zoe"));
  zoe.following.start("zoe");
  zoe.now(peer("zoe", "me", 1_000));
  expect(zoe.following.user.current).toBeNull();
});

it("sees a circle of three, of which the first alone gives way", () => {
  vi.setSystemTime(1_000);
  const { following, now } = start(peer("ana"), peer("ben"));
  following.start("ana");
  now(peer("ana", "ben", 2_000), peer("ben"));
  expect(following.user.current).toBe("ana");
  now(peer("ana", "ben", 2_000), peer("ben", "me", 500));
  expect(following.user.current).toBe("ana");
  now(peer("ana", "ben", 2_000), peer("ben", "me", 3_000));
  expect(following.user.current).toBeNull();
});

it("does not fall into a circle that others make among themselves", () => {
  const { following, now } = start(peer("ana", "ben"), peer("ben", "ana"));
  following.start("ana");
  now(peer("ana", "ben"), peer("ben", "ana"));
  expect(following.user.current).toBe("ana");
});
