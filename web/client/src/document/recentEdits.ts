/** What others changed a moment ago, and who they are. */
import type { ClientId, Path, UserId } from "../api/basic.js";
import type { OpenConflict } from "../api/conflicts.js";
import type { ForeignEdit } from "../api/document.js";
import type { Peer } from "../api/presence.js";
import type { ChangeNote } from "../core/boundary.js";

/** For so long a change of somebody else is worth a warning before one overwrites it. A guess. */
export const RECENT_MS = 10_000;
/** Paths remembered; more than these are changed only by imports and the like. */
const PATHS_MAX = 500;
/** Clients remembered. */
const CLIENTS_MAX = 1_000;

/** The changes of others in one Document. @internal */
export class RecentEdits {
  readonly #others: () => readonly Peer[];
  readonly #paths = new Map<Path, { author: UserId; atMs: number }>();
  readonly #authors = new Map<ClientId, UserId>();
  readonly #names = new Map<UserId, string>();

  constructor(others: () => readonly Peer[]) {
    this.#others = others;
  }

  /** Somebody else changed something, which may be long ago and only be heard of now. */
  note({ author, client, paths, items }: ChangeNote, isRecent: boolean): void {
    this.#meet();
    if (client !== "") remember(this.#authors, client, author, CLIENTS_MAX);
    if (!isRecent) return;
    const seen = { author, atMs: Date.now() };
    for (const path of [...paths, ...items.map((item) => `@${item}`)]) {
      remember(this.#paths, path, seen, PATHS_MAX);
    }
  }

  /** The newest that touches a path. */
  at(path: Path): ForeignEdit | null {
    this.#meet();
    let newest: { author: UserId; atMs: number } | null = null;
    for (const [changed, edit] of this.#paths) {
      if (Date.now() - edit.atMs > RECENT_MS || (newest && newest.atMs >= edit.atMs)) continue;
      if (touches(changed, path)) newest = edit;
    }
    return newest && { ...newest, name: this.#names.get(newest.author) ?? null };
  }

  authorOf(client: ClientId): OpenConflict["theirAuthor"] {
    this.#meet();
    const id = this.#authors.get(client);
    return id === undefined ? null : { id, name: this.#names.get(id) ?? null };
  }

  person(id: UserId): NonNullable<OpenConflict["theirAuthor"]> {
    this.#meet();
    return { id, name: this.#names.get(id) ?? null };
  }

  /** Those who are here have names. */
  #meet(): void {
    for (const { user, clients } of this.#others()) {
      remember(this.#names, user.id, user.name, CLIENTS_MAX);
      for (const client of clients) remember(this.#authors, client, user.id, CLIENTS_MAX);
    }
  }
}

/** A whole item, as "@17", is touched only as a whole: by its place, or by whether it is there. */
function touches(changed: Path, path: Path): boolean {
  if (changed === path) return true;
  const inside = changed.startsWith(`${path}/`) || path.startsWith(`${changed}/`);
  return inside && changed.includes("/");
}

/** Puts it last and forgets the oldest. */
function remember<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) for (const oldest of map.keys()) return void map.delete(oldest);
}
