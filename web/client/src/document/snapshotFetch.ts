/** Fetches Snapshots and tells how far a Document has been loaded. */
import type { LoadState } from "../api/document.js";
import type { CoboardError } from "../errors.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";

/** Fetches a text over HTTP and tells how much has arrived. @internal */
export type FetchText = (
  url: string,
  progress: (bytes: number, total: number | null) => void,
) => Promise<string>;

/** The Snapshot that is on its way; only the newest one counts. @internal */
export class SnapshotFetch {
  readonly load = new Cell<LoadState>(
    { state: "loading", from: "server", bytes: 0, bytesTotal: null },
    jsonEqual,
  );
  readonly #fetchText: FetchText;
  #newest = 0;

  constructor(fetchText: FetchText) {
    this.#fetchText = fetchText;
  }

  start(url: string, arrived: (text: string) => void, failed: () => void): void {
    this.#newest += 1;
    const own = this.#newest;
    const ifNewest = (act: () => void) => {
      if (own === this.#newest) act();
    };
    const progress = (bytes: number, bytesTotal: number | null) => {
      if (this.load.current.state !== "ready")
        this.load.set({ state: "loading", from: "server", bytes, bytesTotal });
    };
    this.#fetchText(url, (bytes, total) => ifNewest(() => progress(bytes, total))).then(
      (text) => ifNewest(() => arrived(text)),
      () => ifNewest(failed),
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

  /** Nothing that is still on its way will be heard. */
  stop(): void {
    this.#newest += 1;
  }
}
