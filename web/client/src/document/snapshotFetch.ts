/** Fetches Snapshots and tells how far a Document has been loaded. */
import type { Result } from "../api/basic.js";
import type { LoadState } from "../api/document.js";
import type { CoboardError } from "../errors.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";

/** A Snapshot of which nothing came for so long has failed (a guess: as long as for an answer). */
export const SNAPSHOT_STALL_MS = 20_000;

/** Fetches a text over HTTP and tells how much has arrived; the signal gives it up. @internal */
export type FetchText = (
  url: string,
  progress: (bytes: number, total: number | null) => void,
  signal: AbortSignal,
) => Promise<string>;

/** The Snapshot that is on its way; only the newest one counts. @internal */
export class SnapshotFetch {
  readonly load = new Cell<LoadState>(
    { state: "loading", from: "server", bytes: 0, bytesTotal: null },
    jsonEqual,
  );
  readonly #fetchText: FetchText;
  /** Those who wait for the content. */
  readonly #waiting = new Set<() => void>();
  #left: CoboardError | null = null;
  #newest: AbortController | null = null;
  #stalled: ReturnType<typeof setTimeout> | undefined;

  constructor(fetchText: FetchText) {
    this.#fetchText = fetchText;
  }

  start(url: string, arrived: (text: string) => void, failed: () => void): void {
    this.#giveUp();
    const own = new AbortController();
    this.#newest = own;
    const end = (act: () => void) => {
      if (own !== this.#newest) return;
      this.#giveUp();
      act();
    };
    const alive = () => {
      clearTimeout(this.#stalled);
      this.#stalled = setTimeout(() => end(failed), SNAPSHOT_STALL_MS);
    };
    const progress = (bytes: number, bytesTotal: number | null) => {
      if (own !== this.#newest) return;
      alive();
      if (this.load.current.state !== "ready")
        this.load.set({ state: "loading", from: "server", bytes, bytesTotal });
    };
    alive();
    this.#fetchText(url, progress, own.signal).then(
      (text) => end(() => arrived(text)),
      () => end(failed),
    );
  }

  /** The device has it, so many bytes of snapshot. */
  onDevice(bytes: number): void {
    this.load.assign({ state: "loading", from: "device", bytes, bytesTotal: bytes });
  }

  /** What the device has is of no use. */
  notOnDevice(): void {
    this.load.assign({ state: "loading", from: "server", bytes: 0, bytesTotal: null });
  }

  /** There is content; `load.announce` tells the listeners. */
  ready(): void {
    const { from, bytes, bytesTotal } = this.load.current;
    this.load.assign({ state: "ready", from, bytes, bytesTotal });
  }

  fail(error: CoboardError): void {
    if (this.load.current.state !== "ready") this.load.set({ ...this.load.current, state: "failed", error });
  }

  /** Resolves when there is content, or with the reason why there is none. */
  whenLoaded(): Promise<Result<void>> {
    return new Promise((resolve) => {
      const look = () => {
        const outcome = this.#outcome();
        if (outcome === null) return;
        unlisten();
        this.#waiting.delete(look);
        resolve(outcome);
      };
      const unlisten = this.load.subscribe(look);
      this.#waiting.add(look);
      look();
    });
  }

  /** The Document is left: nothing that is still on its way will be heard. */
  stop(error: CoboardError): void {
    this.#left = error;
    this.#giveUp();
    for (const look of [...this.#waiting]) look();
  }

  /** Null while it is loading. */
  #outcome(): Result<void> | null {
    const { state, error } = this.load.current;
    const failure = this.#left ?? (state === "failed" ? error : undefined);
    if (failure) return { ok: false, error: failure };
    return state === "ready" ? { ok: true, value: undefined } : null;
  }

  #giveUp(): void {
    clearTimeout(this.#stalled);
    this.#newest?.abort();
    this.#newest = null;
  }
}
