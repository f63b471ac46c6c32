/** The widgets that this person made, as far as this device has seen it. */
import type { ActivityEntry, DocumentId, ItemId } from "@coboard/client";
import { identity } from "../identity/identity";
import { readStored, writeStored } from "../view/stored";

/** Of one dashboard, the newest. */
const ITEMS_MAX = 200;
/** The dashboards worked in last. */
const DOCUMENTS_MAX = 50;

type Stored = Record<DocumentId, readonly ItemId[]>;

const key = () => `coboard-made.${identity().id}`;

function stored(): Stored {
  const value = readStored("device", key());
  const entries = Object.entries(typeof value === "object" && value !== null ? value : {});
  return Object.fromEntries(entries.filter(([, items]) => Array.isArray(items))) as Stored;
}

/** Notes what one's own entries say was made. Gives all that is known. */
export function noteMade(document: DocumentId, entries: readonly ActivityEntry[]): ReadonlySet<ItemId> {
  const { [document]: before = [], ...others } = stored();
  const added = entries
    .filter(({ own, verb, kind, item }) => own && verb === "added" && kind === "edit" && item !== null)
    .map(({ item }) => item as ItemId);
  const made = new Set([...before, ...added]);
  if (made.size > before.length) {
    const kept = Object.entries(others).slice(1 - DOCUMENTS_MAX);
    const items = [...made].slice(-ITEMS_MAX);
    writeStored("device", key(), { ...Object.fromEntries(kept), [document]: items });
  }
  return made;
}
