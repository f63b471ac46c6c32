/** What the status pill says in each state: severity follows unsaved work, not connectivity. */
import type { ConnectionStatus, SyncStatus } from "@coboard/client";
import { describe, expect, it } from "vitest";
import { pillOf, progressText } from "./pill";

const NUMBERS = {
  revision: 7,
  pendingCount: 0,
  inflight: false,
  oldestUnackedMs: null,
  lastSavedAtMs: null,
  durability: "server",
  progress: null,
  conflictCount: 0,
} as const;
const SYNCED: SyncStatus = { ...NUMBERS, state: "synced" };
const WAITING = {
  ...NUMBERS,
  pendingCount: 2,
  durability: "memory",
  state: "offline-pending",
  reason: "memory-only",
} as const;
const CONNECTED: ConnectionStatus = {
  state: "connected",
  transport: "websocket",
  latencyMs: 5,
  via: "own-socket",
};
const LOST: ConnectionStatus = { state: "reconnecting", reason: "closed", attempt: 2, retryAtMs: 5_000 };

const DRAINED = { kind: "sending", done: 10, total: 40 } as const;

describe("pillOf", () => {
  it("says saved only when all is with the server", () => {
    expect(pillOf(CONNECTED, SYNCED, 0)).toMatchObject({ state: "saved", text: "Saved", tone: "saved" });
    const saving: SyncStatus = {
      ...NUMBERS,
      pendingCount: 1,
      inflight: true,
      state: "syncing",
      reason: "submitting",
    };
    expect(pillOf(CONNECTED, saving, 0)).toMatchObject({ state: "saving", text: "Saving…" });
  });

  it("stays calm without work at risk, and says what is at risk", () => {
    expect(pillOf(LOST, SYNCED, 0)).toMatchObject({ state: "reconnecting", tone: "offline", canRetry: true });
    const pill = pillOf(LOST, WAITING, 2_000);
    expect(pill).toMatchObject({ state: "offline", tone: "problem", text: "2 not saved" });
    expect(pill.sentence).toContain("Next try in 3 s");
    expect(pill.sentence).toContain("in this tab alone");
    const kept = pillOf(LOST, { ...WAITING, durability: "device", reason: "saved-on-device" }, 2_000);
    expect(kept).toMatchObject({ state: "offline", tone: "pending", text: "Offline, 2 pending" });
    expect(kept.sentence).toContain("on this device");
  });

  it("does not say saved while something was refused and nobody has seen it", () => {
    const refused: SyncStatus = { ...NUMBERS, state: "conflict", reason: "rejected" };
    expect(pillOf(CONNECTED, refused, 0)).toMatchObject({ state: "blocked", tone: "problem" });
    expect(pillOf(LOST, refused, 0)).toMatchObject({ state: "reconnecting" });
  });

  it("counts a long queue", () => {
    const draining: SyncStatus = {
      ...NUMBERS,
      pendingCount: 30,
      progress: DRAINED,
      state: "syncing",
      reason: "submitting",
    };
    expect(pillOf(CONNECTED, draining, 0).text).toBe("Syncing 10 of 40");
    expect(progressText(DRAINED)).toBe("10 of 40 changes are with the server");
    const missed = { ...DRAINED, kind: "catching-up" } as const;
    expect(progressText(missed)).toBe("10 of 40 changes of others taken in");
    expect(pillOf(CONNECTED, { ...draining, progress: missed }, 0)).toMatchObject({
      text: "Syncing 10 of 40",
      sentence: expect.stringContaining("others"),
    });
  });

  it("does not offer a retry where it would not help", () => {
    const first: ConnectionStatus = { state: "connecting", transport: "websocket", reason: "first" };
    expect(pillOf(first, SYNCED, 0)).toMatchObject({ state: "connecting", canRetry: false });
    expect(pillOf({ state: "needs-auth", reason: "token-expired" }, WAITING, 0)).toMatchObject({
      state: "blocked",
      text: "Sign in again",
    });
  });
});
