/**
 * What is on the shelves of a Document is of all clients of a person on this device, so each tab that has it open lists
 * it. What one of them makes again or dismisses must not wait in the others to be made again a second time.
 */
import type { DocumentId } from "../api/basic.js";

/** Tells the tabs of this browser, and all who work in this page, that a shelf is another one. @internal */
export class ShelfNews {
  readonly #listeners = new Map<() => void, DocumentId>();
  readonly #told = new Set<DocumentId>();
  #channel: BroadcastChannel | null;

  /** @param name - The same in all tabs of one person with one server. */
  constructor(name: string) {
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  /** Gives how to stop. */
  listen(document: DocumentId, listener: () => void): () => void {
    this.#listeners.set(listener, document);
    return () => this.#listeners.delete(listener);
  }

  /** The device has it: told once for all that is written at once. */
  tell(document: DocumentId): void {
    if (this.#told.size === 0) queueMicrotask(() => this.#tellAll());
    this.#told.add(document);
  }

  /** A page that was frozen, or that nobody saw, may have missed something. */
  look(): void {
    for (const listener of [...this.#listeners.keys()]) listener();
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  #tellAll(): void {
    const told = [...this.#told];
    this.#told.clear();
    for (const document of told) {
      this.#channel?.postMessage(document);
      this.#hear(document);
    }
  }

  #hear(told: unknown): void {
    for (const [listener, document] of [...this.#listeners]) if (document === told) listener();
  }
}
