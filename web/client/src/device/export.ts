/** What the server has not, as a file that a person can keep and a program can read. */
import type { DocumentId, OperationId, UserId } from "../api/basic.js";
import type { KeptOperation } from "../core/boundary.js";
import type { ErrorBody } from "../errors.js";
import { fromJsonText } from "../support/json.js";
import type { Database } from "./database.js";
import type { Keeper } from "./keeper.js";
import { type QueueRecord, within } from "./schema.js";

/** The version of the file's format. */
const FORMAT = 1;

/** What waits, or was refused, of one Document. @internal */
export interface Unsaved {
  document: DocumentId;
  waiting: KeptOperation[];
  refused: { operation: KeptOperation; error: ErrorBody; refusedAtMs: number }[];
}

/**
 * Of a Document that is open here.
 *
 * @param queue - What waits, as the core says while it runs: some of what is kept is with the server already.
 * @internal
 */
export function exportOf(keeper: Keeper, queue: readonly { id: OperationId }[]): Unsaved {
  const waiting = new Set(queue.map(({ id }) => id.sequence));
  const refused = keeper.refused.map(({ text, error, refusedAtMs }) => ({
    operation: operationOf(text),
    error,
    refusedAtMs,
  }));
  const operations = keeper.queue.operations.filter(({ id }) => waiting.has(id.sequence));
  return { document: keeper.document, waiting: operations, refused };
}

/** Of all Documents and all clients of a person on this device, without those that are given. @internal */
export async function exportDevice(
  database: Database,
  user: UserId,
  isGiven: (record: QueueRecord) => boolean,
): Promise<Unsaved[]> {
  const transaction = database.transaction(["queue", "refused"], "readonly");
  const [queue, refused] = await Promise.all([
    transaction.objectStore("queue").getAll(within(user)),
    transaction.objectStore("refused").getAll(within(user)),
  ]);
  const all = new Map<DocumentId, Unsaved>();
  const of = (document: DocumentId) => {
    const unsaved = all.get(document) ?? { document, waiting: [], refused: [] };
    all.set(document, unsaved);
    return unsaved;
  };
  for (const record of queue) {
    if (!isGiven(record)) of(record.document).waiting.push(operationOf(record.text));
  }
  for (const record of refused) {
    const { text, error, refusedAtMs } = record;
    if (!isGiven(record))
      of(record.document).refused.push({ operation: operationOf(text), error, refusedAtMs });
  }
  return [...all.values()];
}

/** The file. @internal */
export function exportFile(documents: readonly Unsaved[]): Blob {
  const body = { format: FORMAT, exportedAtMs: Date.now(), documents };
  return new Blob([JSON.stringify(body, null, 2)], { type: "application/json" });
}

function operationOf(text: string): KeptOperation {
  return fromJsonText(text) as KeptOperation;
}
