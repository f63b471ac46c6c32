/** Numbers of a client in a Document: taken ahead of their use, so that none is ever given twice, whatever is lost. */
import type { ClientId, DocumentId, UserId } from "../api/basic.js";
import type { ClientNumbers } from "../core/boundary.js";
import type { Database } from "./database.js";
import { NUMBERS_AHEAD } from "./limits.js";

/** Where a client goes on, and up to where the device has noted its numbers as used. @internal */
export interface Reserved {
  resume: ClientNumbers;
  reserved: ClientNumbers;
}

/** Reads where a client goes on and notes that it does, before it does. @internal */
export async function reserve(
  database: Database,
  user: UserId,
  document: DocumentId,
  client: ClientId,
): Promise<Reserved> {
  const transaction = database.transaction("seats", "readwrite", { durability: "strict" });
  const seat = await transaction.store.get([user, document, client]);
  const resume = seat?.numbers ?? { client_number: 0, sequence: 0, counter: 0 };
  const reserved = {
    client_number: resume.client_number,
    sequence: resume.sequence + NUMBERS_AHEAD,
    counter: resume.counter + NUMBERS_AHEAD,
  };
  const { lineage, at } = seat ?? { lineage: null, at: 0 };
  await Promise.all([
    transaction.store.put({ user, document, client, lineage, at, numbers: reserved }),
    transaction.done,
  ]);
  return { resume, reserved };
}
