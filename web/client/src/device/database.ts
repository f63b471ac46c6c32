/** Opens the database of the device, or says why there is none. */
import { type IDBPDatabase, openDB } from "idb";
import { CoboardError } from "../errors.js";
import { READ_MS_MAX } from "./limits.js";
import { DATABASE_VERSION, type DeviceSchema, upgrade } from "./schema.js";

/** The open database. @internal */
export type Database = IDBPDatabase<DeviceSchema>;

/** Each server has a database of its own. @internal */
export function databaseName(url: string | URL): string {
  return `coboard ${new URL(url).href}`;
}

/** Why the device keeps nothing. @internal */
export type StorageFailure = "unavailable" | "newer_version" | "full" | "closed" | "slow" | "off";

const SENTENCES: { readonly [reason in StorageFailure]: string } = {
  unavailable: "this browser keeps nothing on the device, as in a private window",
  newer_version: "what is on the device was written by a newer version of this application",
  full: "the device has no more space for this site",
  closed: "the browser has closed the storage of this site",
  off: "the application keeps nothing on the device",
  slow: "the storage of this site does not answer",
};

/** An error of the device's storage. @internal */
export function storageError(reason: StorageFailure, cause?: unknown): CoboardError {
  return new CoboardError("E_DEVICE_STORAGE", SENTENCES[reason], { reason }, cause);
}

/** What a failed operation of IndexedDB means. @internal */
export function failureOf(cause: unknown): CoboardError {
  if (cause instanceof CoboardError) return cause;
  const name = (cause as { name?: string } | null)?.name;
  if (name === "QuotaExceededError") return storageError("full", cause);
  if (name === "VersionError") return storageError("newer_version", cause);
  if (name === "InvalidStateError" || name === "AbortError") return storageError("closed", cause);
  return storageError("unavailable", cause);
}

/**
 * Opens it.
 *
 * @param lost - Called when it is taken away later: by the browser, or by a newer version of the page in another tab.
 * @throws CoboardError with code E_DEVICE_STORAGE.
 * @internal
 */
export async function openDatabase(name: string, lost: (error: CoboardError) => void): Promise<Database> {
  if (typeof indexedDB === "undefined") throw storageError("unavailable");
  try {
    const opening = openDB<DeviceSchema>(name, DATABASE_VERSION, {
      upgrade: (database, from) => upgrade(database, from),
      blocking: (_current, _wanted, event) => {
        (event.target as IDBDatabase).close();
        lost(storageError("newer_version"));
      },
      terminated: () => lost(storageError("closed")),
    });
    return await within(opening);
  } catch (cause) {
    throw failureOf(cause);
  }
}

/**
 * The same promise, unless it takes too long.
 *
 * @param unused - Gets what comes too late.
 * @internal
 */
export function within<T>(
  promise: Promise<T>,
  unused: (value: T) => void = () => {},
  ms = READ_MS_MAX,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(storageError("slow"));
      promise.then(unused, () => {});
    }, ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
