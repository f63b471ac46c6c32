/** What a session knows of conflicts: what came with which absence, whose edit it was, what decides. */
import type { ClientId, ItemId, OperationId, Path, UserId } from "../api/basic.js";
import type { Policy, Strategy } from "../api/conflicts.js";
import type { DocumentOptions, EditOptions } from "../api/document.js";
import type {
  ChangeNote,
  ConflictNote,
  ConflictsNote,
  EditRequest,
  KeptOperation,
  QueuedNote,
  Step,
} from "../core/boundary.js";
import type { Presence } from "../presence/presence.js";
import { clashes, type Missed } from "./absence.js";
import type { WireComponents } from "./again.js";
import { conflictsOf } from "./conflicts.js";
import { ConflictInbox, type InboxParts } from "./inbox.js";
import { titleOf, turned } from "./inboxEntry.js";
import { RECENT_MS, RecentEdits } from "./recentEdits.js";

/** Whoever was away for longer looks at what met; what came after a shorter one is like any other. A guess. */
export const AWAY_MS = 30_000;
/** Own texts remembered, to show them when they were lost. */
const TEXTS_MAX = 100;
/** Operations of which it is remembered what they asked for. */
const ASKED_MAX = 1_000;

const POLICIES: { readonly [strategy in Strategy]: Policy } = {
  merge: "lww",
  client: "lww",
  server: "first",
  manual: "manual",
};

/** An entry of the log, as far as conflicts go. */
interface RawEntry {
  id?: OperationId;
  revision?: number;
  author?: UserId;
  conflicts?: readonly ConflictNote[];
  components?: WireComponents;
}

/** Several entries of others as one. */
interface RawSegment {
  entry?: RawEntry;
  to?: number;
  components?: WireComponents;
  authors?: readonly { author: UserId; client: ClientId }[];
}

/** A message of the log, as far as conflicts go. @internal */
export interface RawLog {
  entries?: readonly RawEntry[];
  segments?: readonly RawSegment[];
}

/** What it needs of its session. @internal */
export interface ConflictParts
  extends Omit<InboxParts, "authorOf" | "reviewOf" | "strategyOf" | "ownText" | "resolve"> {
  presence: () => Presence;
  /** Own operations that the server has not, as the device keeps them. */
  waiting: () => readonly KeptOperation[];
  isOwn: (operation: OperationId) => boolean;
  /** What is heard now has just happened. */
  isLive: () => boolean;
  /** Operations that go in one submit. */
  submitMax: () => number;
}

/** The conflicts of one Document. @internal */
export class ConflictSide {
  readonly inbox: ConflictInbox;
  readonly recent: RecentEdits;
  readonly #parts: ConflictParts;
  #options: Pick<DocumentOptions, "resolve" | "away"> = {};
  #lostAtMs: number | null = null;
  /** When the last session ended. */
  #cutAtMs: number | null = null;
  /** Own operations that were made during an absence. */
  readonly #reviews = new Map<string, string>();
  readonly #asked = new Map<string, Strategy>();
  readonly #texts = new Map<Path, string>();

  constructor(parts: ConflictParts) {
    this.#parts = parts;
    this.recent = new RecentEdits(() => parts.presence().others.current);
    this.inbox = new ConflictInbox({
      ...parts,
      authorOf: (client) => this.recent.authorOf(client),
      reviewOf: (id) => this.#reviews.get(keyOf(id)) ?? null,
      strategyOf: (id) => this.#asked.get(keyOf(id)),
      ownText: (path) => this.#texts.get(path),
      resolve: () => this.#options.resolve,
    });
  }

  /** Settings of whoever joined last and gave any. */
  configure({ resolve, away }: DocumentOptions): void {
    if (resolve !== undefined) this.#options = { ...this.#options, resolve };
    if (away !== undefined) this.#options = { ...this.#options, away };
  }

  lost(): void {
    const nowMs = Date.now();
    this.#lostAtMs ??= nowMs;
    if (this.#parts.isLive()) this.#cutAtMs = nowMs;
  }

  /** What waits now was made during the absence, if that was one: it was long, or more than a moment's work waits. */
  back(queue: readonly QueuedNote[]): void {
    const nowMs = Date.now();
    if (queue.every(({ id }) => this.#reviews.has(keyOf(id)))) {
      this.#lostAtMs = null;
      return;
    }
    const since = Math.min(this.#lostAtMs ?? nowMs, ...queue.slice(0, 1).map(({ at_ms }) => at_ms));
    this.#lostAtMs = null;
    if (queue.length === 0 || (nowMs - since < AWAY_MS && queue.length <= this.#parts.submitMax())) return;
    const review = `away-${since}`;
    for (const { id } of queue) this.#reviews.set(keyOf(id), review);
  }

  /** The request of an edit, with the policy that it asks for. */
  request(label: string, { strategy, ...options }: EditOptions, steps: readonly Step[]): EditRequest {
    const policy = options.policy ?? (strategy && POLICIES[strategy]);
    return { label, ...options, ...(policy === undefined ? {} : { policy }), steps };
  }

  /** An edit became an operation. */
  edited(id: OperationId | null, { strategy }: EditOptions, steps: readonly Step[]): void {
    for (const step of steps) {
      if (!("text" in step)) continue;
      const value = this.#parts.mirror.read(step.text.path);
      if (typeof value === "string") remember(this.#texts, step.text.path, value, TEXTS_MAX);
    }
    if (id && strategy) remember(this.#asked, keyOf(id), strategy, ASKED_MAX);
  }

  /** What an own operation met. */
  own(note: ConflictsNote): void {
    for (const conflict of conflictsOf(note)) {
      const { theirOperation } = conflict;
      this.inbox.take(conflict, theirOperation && this.recent.authorOf(theirOperation.client));
    }
  }

  /** The operation is done: nothing more will be heard of it but that it was overwritten. */
  changed(change: ChangeNote): void {
    if (change.origin === "remote") this.recent.note(change, this.#isRecent());
  }

  /** What comes now has happened a moment ago: it is live, or what there was to miss in a short cut. */
  #isRecent(): boolean {
    if (this.#parts.isLive()) return true;
    return this.#cutAtMs !== null && Date.now() - this.#cutAtMs < RECENT_MS;
  }

  /** What others committed over own edits, before the core takes it in. */
  heard({ entries = [], segments = [] }: RawLog, revision: number): void {
    for (const entry of [...entries, ...segments.flatMap(({ entry: one }) => (one ? [one] : []))]) {
      const { id, author, conflicts = [] } = entry;
      if (!id || entry.revision === undefined || entry.revision <= revision || this.#parts.isOwn(id))
        continue;
      for (const conflict of conflictsOf({ type: "conflicts", id, revision: entry.revision, conflicts })) {
        const own = conflict.theirOperation;
        if (!own || !this.#parts.isOwn(own) || conflict.winner !== "mine") continue;
        const known = this.recent.authorOf(id.client);
        const unknown = author === undefined ? null : { id: author, name: null };
        this.inbox.take(turned(conflict, own), known ?? unknown);
      }
    }
  }

  /**
   * What was missed comes, with own operations waiting. Gives what is to be done once the core has taken it in.
   */
  missed({ segments = [] }: RawLog, revision: number, queue: readonly QueuedNote[]): () => void {
    this.back(queue);
    const { mirror, waiting, isOwn } = this.#parts;
    const waits = new Set(queue.map(({ id }) => keyOf(id)));
    const own = waiting().filter(({ id }) => waits.has(keyOf(id)));
    if (own.length === 0) return () => {};
    const around = (item: ItemId) => [item, ...mirror.places(item).map((place) => place.item)];
    const met = segments
      .filter((segment) => lastOf(segment) > revision && !(segment.entry?.id && isOwn(segment.entry.id)))
      .flatMap((segment) => {
        const author = authorIn(segment);
        return clashes(own, missedIn(segment), around).map((conflict) => {
          const subject = mirror.item(around(conflict.item).at(-1) ?? "");
          return { conflict, author, title: titleOf(subject) };
        });
      });
    return () => {
      for (const { conflict, author, title } of met) {
        this.inbox.take(conflict, author === null ? null : this.recent.person(author), title);
      }
      if (this.#options.away === "manual") this.inbox.giveWay();
    };
  }
}

/** The revision that it leads to. */
function lastOf({ entry, to }: RawSegment): number {
  return entry?.revision ?? to ?? 0;
}

function missedIn(segment: RawSegment): Missed {
  const { entry, components, authors = [] } = segment;
  const to = lastOf(segment);
  if (entry) {
    const changes = entry.components ? { components: entry.components } : {};
    return { ...changes, to, operation: entry.id ?? null };
  }
  const client = authors.length === 1 ? authors[0]?.client : undefined;
  const operation = client === undefined ? null : { client, sequence: 0 };
  return { ...(components ? { components } : {}), to, operation };
}

/** Who made what was missed, if it was one alone. */
function authorIn({ entry, authors = [] }: RawSegment): UserId | null {
  if (entry) return entry.author ?? null;
  const all = new Set(authors.map(({ author }) => author));
  return all.size === 1 ? (authors[0]?.author ?? null) : null;
}

function keyOf({ client, sequence }: OperationId): string {
  return `${client} ${sequence}`;
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) for (const oldest of map.keys()) return void map.delete(oldest);
}
