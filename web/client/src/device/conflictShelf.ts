/** Conflicts that nobody has decided yet, on the device. */

import type { DocumentId } from "../api/basic.js";
import type { OpenConflict } from "../api/conflicts.js";
import { fromJsonText, toJsonText } from "../support/json.js";
import type { ConflictRecord } from "./schema.js";
import type { Scope } from "./scope.js";

/** The record that counts those for which there was no room. */
const OLDER = "";

/** A conflict with what carries out each choice. @internal */
export interface KeptConflict {
  conflict: OpenConflict;
  remedies: { theirs: readonly object[] | null; mine: readonly object[] | null };
}

/** Those of one Document, of all clients of this person on this device. @internal */
export class ConflictShelf {
  readonly #scope: Scope | null;
  readonly #document: DocumentId;
  #changes = 0;
  /** What is not there any more was decided in another tab. */
  #left: (ids: ReadonlySet<string>) => void = () => {};
  #restored: { kept: readonly KeptConflict[]; older: number } = { kept: [], older: 0 };

  constructor(scope: Scope | null, document: DocumentId) {
    this.#scope = scope;
    this.#document = document;
  }

  /** Those of before. */
  restore(records: readonly ConflictRecord[]): void {
    const kept: KeptConflict[] = [];
    let older = 0;
    for (const { id, text } of records) {
      const value = fromJsonText(text);
      if (id === OLDER) older = (value as { older?: number } | undefined)?.older ?? 0;
      else if (value !== undefined) kept.push(value as KeptConflict);
    }
    kept.sort((a, b) => a.conflict.atMs - b.conflict.atMs);
    this.#restored = { kept, older };
  }

  /**
   * What was there when the Document was opened, once.
   *
   * @param left - Told which are left after something was decided in another tab.
   */
  take(left: (ids: ReadonlySet<string>) => void): { kept: readonly KeptConflict[]; older: number } {
    this.#left = left;
    const restored = this.#restored;
    this.#restored = { kept: [], older: 0 };
    return restored;
  }

  put(kept: KeptConflict): void {
    this.#write(kept.conflict.id, kept);
  }

  remove(id: string): void {
    const scope = this.#scope;
    this.#changes += 1;
    scope?.writer.delete("conflicts", [scope.user.id, this.#document, id], true, (error) => {
      if (error === null) scope.shelves.tell(this.#document);
    });
  }

  /**
   * What other tabs decided meanwhile. What they met in the meantime is theirs until this one is opened again: they
   * decide by themselves what need not be asked. Fails where the device cannot be read.
   */
  async reread(): Promise<void> {
    const records = await this.#scope?.reread("conflicts", this.#document, () => this.#changes);
    if (!records) return;
    const ids = new Set(records.map(({ id }) => id));
    const kept = this.#restored.kept.filter(({ conflict }) => ids.has(conflict.id));
    this.#restored = { ...this.#restored, kept };
    this.#left(ids);
  }

  older(count: number): void {
    if (count === 0) this.remove(OLDER);
    else this.#write(OLDER, { older: count });
  }

  #write(id: string, value: object): void {
    const scope = this.#scope;
    this.#changes += 1;
    const place = { user: scope?.user.id ?? "", document: this.#document };
    scope?.writer.put("conflicts", { ...place, id, text: toJsonText(value) }, true);
  }
}
