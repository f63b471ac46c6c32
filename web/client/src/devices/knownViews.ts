/** What tabs showed when they last said so. */
import type { DocumentView } from "../api/devices.js";
import type { WireDevices } from "./readDevices.js";

/** Those told last are kept. */
const VIEWS_MAX = 200;

/**
 * A tab whose connection was cut is listed without a view until it has told it anew: whoever continues there at that
 * moment is led to where the tab was before. @internal
 */
export class KnownViews {
  readonly #views = new Map<string, DocumentView>();

  /** The list, with the views that are missing in it. */
  complete({ connections }: WireDevices): WireDevices {
    return {
      connections: connections.map((connection) => ({
        ...connection,
        documents: connection.documents.map((document) => {
          const key = `${document.client} ${document.document}`;
          const view = document.view ?? this.#views.get(key);
          if (!view) return document;
          this.#note(key, view);
          return { ...document, view };
        }),
      })),
    };
  }

  #note(key: string, view: DocumentView): void {
    this.#views.delete(key);
    this.#views.set(key, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > VIEWS_MAX && oldest !== undefined) this.#views.delete(oldest);
  }
}
