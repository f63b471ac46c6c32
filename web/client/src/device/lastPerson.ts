/** Who was here last, for applications whose own memory is less safe than the device's. */
import type { UserId } from "../api/basic.js";
import { databaseName, openDatabase, within } from "./database.js";

/**
 * The person whom the server greeted last on this device; null where nobody was, or nothing is kept.
 *
 * Browsers write local storage late: after a crash an identity that was made up on this device may be gone from there,
 * and with it the way to the work that waits under its name.
 *
 * @example
 * const known = localStorage.getItem("me") ?? (await lastPerson(location.origin))?.id;
 * @public
 */
export async function lastPerson(url: string | URL): Promise<{ id: UserId; name: string } | null> {
  try {
    const database = await openDatabase(databaseName(url), () => {});
    const people = await within(database.getAll("people"));
    database.close();
    return people.sort((a, b) => b.atMs - a.atMs)[0]?.user ?? null;
  } catch {
    return null;
  }
}
