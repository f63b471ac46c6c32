/** Which sessions somebody has on a connection, read from what goes over it. */
import type { DocumentId } from "../api/basic.js";
import type { Answer } from "../core/boundary.js";

interface Place {
  document: DocumentId;
  session: string;
}

/** The sessions of one tab. @internal */
export class Sessions {
  readonly #documents = new Map<string, DocumentId>();

  get size(): number {
    return this.#documents.size;
  }

  /** All of them, as `leave` names them. */
  get all(): Place[] {
    return [...this.#documents].map(([session, document]) => ({ document, session }));
  }

  /** The answer to a `join` of this Document. */
  joined(payload: object, answer: Answer): Place | null {
    if (!answer.ok) return null;
    const { document } = payload as Place;
    const { session } = answer.value as Place;
    this.#documents.set(session, document);
    return { document, session };
  }

  left(payload: object): void {
    this.#documents.delete((payload as Place).session);
  }

  has(document: DocumentId): boolean {
    return [...this.#documents.values()].includes(document);
  }

  clear(): void {
    this.#documents.clear();
  }
}
