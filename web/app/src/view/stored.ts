/** JSON in the storage of the browser. Where there is none, or no room, nothing is kept and nothing breaks. */

/** "device": shared by all tabs; "tab": of this one, over its reloads. */
export type Kept = "device" | "tab";

export function readStored(kept: Kept, key: string): unknown {
  try {
    return JSON.parse(storageOf(kept).getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** `null` removes. */
export function writeStored(kept: Kept, key: string, value: unknown): void {
  try {
    if (value === null) storageOf(kept).removeItem(key);
    else storageOf(kept).setItem(key, JSON.stringify(value));
  } catch {
    // It lasts as long as the page.
  }
}

/** The names that begin with this. */
export function storedKeys(kept: Kept, prefix: string): readonly string[] {
  try {
    return Object.keys(storageOf(kept)).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Throws where the browser forbids it. */
function storageOf(kept: Kept): Storage {
  return kept === "device" ? localStorage : sessionStorage;
}
