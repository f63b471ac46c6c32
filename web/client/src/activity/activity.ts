/** What people do to one Document: the first page, and then what the server tells while somebody listens. */
import type { Activity, ActivityEntry, ActivityPage, ActivityQuery } from "../api/activity.js";
import type { Loaded, Readable, Result, Revision, Unsubscribe, UserId } from "../api/basic.js";
import type { Answer } from "../core/boundary.js";
import { Cell } from "../support/cell.js";
import { Watched } from "../support/watched.js";
import { type ReadPage, readEntry, type WireActivity } from "./read.js";

/** Entries that are kept; older ones are read when somebody wants them. */
const RECENT_MAX = 200;
/** What was missed is read after this, once for all that is missed until then. */
const READ_AGAIN_MS = 1_000;

type Recent = Loaded<readonly ActivityEntry[]>;

/** What it needs to know of the session it belongs to. @internal */
export interface ActivityParts {
  page: ReadPage;
  /** Null before the server has said who we are. */
  self: () => UserId | null;
  /** Asks the server to tell what is done, or no longer; false where there is no session. */
  want: (wanted: boolean, done: (answer: Answer) => void) => boolean;
}

/** The activity of one Document. @internal */
export class DocumentActivity extends Watched<Recent> implements Activity {
  readonly #parts: ActivityParts;
  #listening = false;
  #older: Revision | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised with each reading: what an older one brings is not taken. */
  #reading = 0;
  /** What is told while a page is on its way, which may not have it; null for what is gone. Null without a reading. */
  #since: Map<string, ActivityEntry | null> | null = null;

  constructor(parts: ActivityParts) {
    super(new Cell<Recent>({ status: "loading", progress: null }));
    this.#parts = parts;
  }

  get recent(): Readable<Recent> {
    return this;
  }

  get older(): Revision | null {
    return this.#older;
  }

  list(query: ActivityQuery = {}): Promise<Result<ActivityPage>> {
    return this.#parts.page(query, this.#parts.self());
  }

  /** A session has begun: whoever listened before it missed what was done. */
  begin(): void {
    if (this.#listening) this.#want();
  }

  receive(message: WireActivity): void {
    if (!this.#listening) return;
    const { current } = this.state;
    const self = this.#parts.self();
    const read = message.entries.map((entry) => readEntry(entry, self));
    // That one is here oneself is nothing to tell oneself.
    const told = read.filter(({ own, verb }) => !own || (verb !== "joined" && verb !== "left"));
    const gone = message.gone ?? [];
    for (const id of gone) this.#since?.set(id, null);
    for (const entry of told) this.#since?.set(entry.id, entry);
    if (current.status === "ready")
      this.state.set({ status: "ready", value: merged(current.value, told, gone) });
    if (message.missed) this.#readSoon();
  }

  protected start(): readonly Unsubscribe[] {
    this.#listening = true;
    this.#want();
    return [
      () => {
        this.#listening = false;
        this.#reading += 1;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#parts.want(false, () => {});
      },
    ];
  }

  /** What is done from the answer on is told; what was done before is read then. */
  #want(): void {
    this.#parts.want(true, () => void this.#read());
  }

  #readSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, READ_AGAIN_MS);
  }

  async #read(): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    const since = new Map<string, ActivityEntry | null>();
    this.#since = since;
    const page = await this.list();
    if (!this.#listening || reading !== this.#reading) return;
    this.#since = null;
    const { current } = this.state;
    if (!page.ok) {
      if (current.status !== "ready") this.state.set({ status: "failed", error: page.error });
      return;
    }
    this.#older = page.value.next;
    const known = current.status === "ready" ? current.value : [];
    this.state.set({ status: "ready", value: reread(known, page.value.entries, since) });
  }
}

/** What is told takes the place of what it goes on with. */
function merged(
  known: readonly ActivityEntry[],
  told: readonly ActivityEntry[],
  gone: readonly string[],
): readonly ActivityEntry[] {
  const stays = (entry: ActivityEntry) =>
    !gone.includes(entry.id) && !told.some((newer) => newer.id === entry.id || goesOn(newer, entry));
  return [...[...told].reverse(), ...known.filter(stays)].slice(0, RECENT_MAX);
}

/** Whether two entries tell of the same revisions, as when the server was started again between them. */
function goesOn(newer: ActivityEntry, older: ActivityEntry): boolean {
  if (!newer.revisions || !older.revisions || newer.actor !== older.actor || newer.item !== older.item)
    return false;
  return newer.verb === older.verb && newer.revisions[0] <= older.revisions[1];
}

/** The page is what is true of the log when it was read; what is in no log was only told. */
function reread(
  known: readonly ActivityEntry[],
  page: readonly ActivityEntry[],
  since: ReadonlyMap<string, ActivityEntry | null>,
): readonly ActivityEntry[] {
  const told = [...since.values()].filter((entry) => entry !== null);
  const gone = [...since].flatMap(([id, entry]) => (entry === null ? [id] : []));
  const unlogged = known.filter(({ revisions }) => revisions === null);
  const all = merged([...unlogged, ...page], told, gone);
  return all.toSorted((a, b) => b.atMs - a.atMs);
}
