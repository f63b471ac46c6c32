/** Own operations that were taken back because they were refused, until the person has seen them. */
import type { ClientId, DocumentId, OperationId } from "../api/basic.js";
import type { KeptOperation } from "../core/boundary.js";
import type { CoboardError, ErrorBody } from "../errors.js";
import { toJsonText } from "../support/json.js";
import type { RefusedRecord } from "./schema.js";
import type { Scope } from "./scope.js";

/** Those of one Document, of all clients of this person on this device. @internal */
export class RefusedShelf {
  readonly #scope: Scope | null;
  readonly #document: DocumentId;
  readonly #records = new Map<string, RefusedRecord>();
  #changes = 0;

  constructor(scope: Scope | null, document: DocumentId) {
    this.#scope = scope;
    this.#document = document;
  }

  /** Oldest first. */
  get records(): readonly RefusedRecord[] {
    return [...this.#records.values()].sort((a, b) => a.refusedAtMs - b.refusedAtMs);
  }

  /** Those of before. */
  restored(records: readonly RefusedRecord[]): void {
    for (const record of records) this.#records.set(keyOf(record), record);
  }

  /** What other tabs did meanwhile; true where that is something. Fails where the device cannot be read. */
  async reread(): Promise<boolean> {
    const records = await this.#scope?.reread("refused", this.#document, () => this.#changes);
    if (!records) return false;
    const isSame = records.every((record) => this.#records.has(keyOf(record)));
    if (isSame && records.length === this.#records.size) return false;
    this.#records.clear();
    this.restored(records);
    return true;
  }

  put({ id, base, components, meta, at_ms }: KeptOperation, error: ErrorBody): void {
    const record: RefusedRecord = {
      user: this.#scope?.user.id ?? "",
      document: this.#document,
      client: id.client,
      sequence: id.sequence,
      base,
      text: toJsonText({ id, base, components, meta, at_ms }),
      error,
      refusedAtMs: Date.now(),
    };
    this.#records.set(keyOf(record), record);
    this.#changes += 1;
    this.#scope?.writer.put("refused", record, true, this.#written);
  }

  /** False where there is none. */
  dismiss({ client, sequence }: OperationId): boolean {
    if (!this.#records.delete(keyOf({ client, sequence }))) return false;
    const scope = this.#scope;
    this.#changes += 1;
    scope?.writer.delete("refused", [scope.user.id, this.#document, client, sequence], true, this.#written);
    return true;
  }

  readonly #written = (error: CoboardError | null): void => {
    if (error === null) this.#scope?.shelves.tell(this.#document);
  };
}

function keyOf({ client, sequence }: { client: ClientId; sequence: number }): string {
  return `${client} ${sequence}`;
}
