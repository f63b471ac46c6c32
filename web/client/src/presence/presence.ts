/** Own presence, throttled on its way out, and the others' as it comes in. */
import type { ClientId, Readable, Unsubscribe, User, UserId } from "../api/basic.js";
import type { Audience, BuiltInPresence, Lease, Peer, PresenceHandle } from "../api/presence.js";
import type { PresenceEntry } from "../core/boundary.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";
import type { Page } from "../support/page.js";
import { countKnown, isWhole, missing, NOBODY } from "./audience.js";
import { Following } from "./following.js";
import { leasesOf } from "./leases.js";
import { atRest, LIGHT_INTERVAL_MS, MOTION_KEYS, type Pace } from "./pace.js";
import { changes, merge, type Patch } from "./patch.js";
import { IDLE_AFTER_MS, mergePeers, type Seen } from "./peers.js";

/** Until the server has given a colour. */
const COLOR_UNKNOWN = "#868E96";
/** How often "idle" is looked at while others are present. */
const IDLE_CHECK_MS = 15_000;
/** A list of everybody that was asked for and does not come is asked for again: presence may be lost on its way. */
const ASK_AGAIN_MS = 5_000;
/** Who was there is still shown for so long without a connection: most cuts are over sooner. A guess. @internal */
export const CUT_MS = 5_000;
/** The key of the state that says whether the tab is looked at. */
const ACTIVITY_KEY = "activity";

/** What presence of one Document is made of. @internal */
export interface PresenceParts {
  client: () => ClientId;
  /** Least time between two messages. */
  intervalMs: () => number;
  page: Page;
  pace: Readable<Pace>;
  send: (message: { patch: Patch; pace?: Pace }) => void;
  joined: (user: User) => void;
  left: (user: User) => void;
}

/** The `presence` event of the server. @internal */
export interface PresenceMessage {
  entries: readonly PresenceEntry[];
  left?: readonly string[];
  complete?: boolean;
  audience?: Audience;
}

/** Presence of one Document. @internal */
export class Presence implements PresenceHandle {
  readonly self: Cell<Peer>;
  readonly others = new Cell<readonly Peer[]>([], jsonEqual);
  readonly leases = new Cell<readonly Lease[]>([], jsonEqual);
  readonly #following = new Following({
    others: this.others,
    self: () => this.self.current.user.id,
    tell: (user, sinceMs) => this.update({ following: user, followingSinceMs: sinceMs }),
  });
  readonly following: Readable<UserId | null> = this.#following.user;
  readonly audience = new Cell<Audience>(NOBODY, jsonEqual);
  readonly #parts: PresenceParts;
  readonly #seen = new Map<string, Seen>();
  /** When clients last changed something. */
  readonly #worked = new Map<ClientId, number>();
  /** What the server does not know yet. */
  #unsent: Patch = {};
  #session: string | null = null;
  /** Whether the server has said how many people there are. */
  #counted = false;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  /** As the server knows it. */
  #pace: Pace = "full";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: ReturnType<typeof setInterval> | undefined;
  #leaseTimer: ReturnType<typeof setTimeout> | undefined;
  #cutTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #unlisten: readonly Unsubscribe[];

  constructor(parts: PresenceParts, initial: object) {
    this.#parts = parts;
    const user = { id: "", name: "", color: COLOR_UNKNOWN };
    this.self = new Cell<Peer>(
      { user, clients: [parts.client()], activity: "active", presence: { ...initial } },
      jsonEqual,
    );
    this.#unlisten = [
      parts.pace.subscribe((pace) => this.#paced(pace)),
      parts.page.onVisibility(() => this.#look() && this.#flush()),
    ];
  }

  update(patch: object & BuiltInPresence): void {
    const changed = changes(this.self.current.presence, patch as Patch);
    if (Object.keys(changed).length === 0) return;
    this.self.set({ ...this.self.current, presence: merge(this.self.current.presence, changed) });
    this.#unsent = { ...this.#unsent, ...this.#told(changed) };
    this.#flush();
  }

  follow(user: UserId | null): void {
    this.#following.start(user);
  }

  /** Who we are, as the handshake says. */
  identify(user: { id: string; name: string }): void {
    const clients = [this.#parts.client()];
    this.self.set({ ...this.self.current, clients, user: { ...this.self.current.user, ...user } });
  }

  /** A session of ours begins: the server knows nothing of us, and tells who is there. */
  begin(session: string, entries: readonly PresenceEntry[]): void {
    // After a short cut it is known who was there: who came or went meanwhile is news.
    const wasCut = this.#cutTimer !== undefined;
    this.#session = session;
    this.#pace = "full";
    clearTimeout(this.#askTimer);
    this.#keepNoLonger();
    this.#waitNoLonger();
    this.#unsent = { ...this.#told(this.self.current.presence as Patch) };
    if (this.self.current.activity !== "active") this.#unsent[ACTIVITY_KEY] = this.self.current.activity;
    this.#counted = false;
    this.receive({ entries, complete: true }, !wasCut);
  }

  /** The connection is gone. What we know of others is kept until it is back, unless that takes long. */
  end(): void {
    this.#session = null;
    clearTimeout(this.#askTimer);
    this.#following.look(false);
    this.#cutTimer ??= setTimeout(() => {
      this.#cutTimer = undefined;
      this.receive({ entries: [], complete: true, audience: NOBODY }, true);
    }, CUT_MS);
  }

  /** `quiet`: what a session begins or ends with is no news. */
  receive(message: PresenceMessage, quiet = false): void {
    const before = this.others.current;
    const wasWhole = isWhole(this.audience.current);
    const known = new Map(this.#seen);
    if (message.complete) {
      this.#seen.clear();
      clearTimeout(this.#askTimer);
    }
    for (const session of message.left ?? []) this.#seen.delete(session);
    for (const entry of message.entries) this.#take(entry, known.get(entry.session));
    this.#refresh();
    this.#following.look(this.#session !== null);
    this.#count(message.audience);
    // In a large room others come and go on the list who do not come and go.
    if (!quiet && wasWhole && isWhole(this.audience.current)) this.#tell(before, this.others.current);
    this.#flush();
  }

  /** A client of somebody else has changed something just now. */
  worked(client: ClientId): void {
    if (![...this.#seen.values()].some(({ entry }) => entry.client === client)) return;
    this.#worked.set(client, Date.now());
    this.#lease();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#leaseTimer);
    clearTimeout(this.#askTimer);
    this.#keepNoLonger();
    clearInterval(this.#idleTimer);
    this.#following.destroy();
    for (const unlisten of this.#unlisten) unlisten();
  }

  /** `known`: what a list of everybody repeats is not heard anew. */
  #take(entry: PresenceEntry, known: Seen | undefined): void {
    if (entry.session === this.#session) {
      const { id, name, color } = entry.user;
      this.self.set({ ...this.self.current, user: { id, name, color: color || COLOR_UNKNOWN } });
    } else {
      const atMs = known && jsonEqual(known.entry, entry) ? known.atMs : Date.now();
      this.#seen.set(entry.session, { entry, atMs });
    }
  }

  /** Until the server says how many there are, it is who is known. */
  #count(told: Audience | undefined): void {
    if (told) {
      this.#counted = true;
      this.audience.set(told);
    } else if (!this.#counted) {
      this.audience.set(countKnown(this.self.current, this.#seen.values()));
    }
  }

  #lease(): void {
    const nowMs = Date.now();
    const { held, endsAtMs } = leasesOf(this.#seen.values(), this.#worked, nowMs);
    this.leases.set(held);
    clearTimeout(this.#leaseTimer);
    if (endsAtMs !== null) this.#leaseTimer = setTimeout(() => this.#lease(), endsAtMs - nowMs);
  }

  #refresh(): void {
    this.others.set(mergePeers([...this.#seen.values()], Date.now()));
    const clients = new Set([...this.#seen.values()].map(({ entry }) => entry.client));
    for (const client of this.#worked.keys()) if (!clients.has(client)) this.#worked.delete(client);
    this.#lease();
    const wanted = this.#seen.size > 0;
    if (wanted && this.#idleTimer === undefined) {
      this.#idleTimer = setInterval(() => this.#refresh(), Math.min(IDLE_CHECK_MS, IDLE_AFTER_MS));
    } else if (!wanted) {
      clearInterval(this.#idleTimer);
      this.#idleTimer = undefined;
    }
  }

  #tell(before: readonly Peer[], after: readonly Peer[]): void {
    for (const { user } of missing(after, before)) this.#parts.joined(user);
    for (const { user } of missing(before, after)) this.#parts.left(user);
  }

  /** The tab was hidden or is looked at again: whether that is news. */
  #look(): boolean {
    const activity = this.#parts.page.hidden ? "away" : "active";
    if (activity === this.self.current.activity) return false;
    this.self.set({ ...this.self.current, activity });
    this.#unsent[ACTIVITY_KEY] = activity;
    return true;
  }

  /** What is told at the present pace. */
  #told(patch: Patch): Patch {
    return this.#parts.pace.current === "full" ? patch : (atRest(patch) as Patch);
  }

  /** From now on more or less is told and heard. That is said at once. */
  #paced(pace: Pace): void {
    this.#look();
    const { presence } = this.self.current;
    for (const key of MOTION_KEYS) {
      const value = (presence as Patch)[key];
      if (value !== undefined) this.#unsent[key] = pace === "full" ? value : null;
    }
    this.#waitNoLonger();
    this.#flush();
  }

  #keepNoLonger(): void {
    clearTimeout(this.#cutTimer);
    this.#cutTimer = undefined;
  }

  /** What is said next is said at once. */
  #waitNoLonger(): void {
    this.#sentAtMs = Number.NEGATIVE_INFINITY;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The pace, if the server has another one; that nobody else is there is no reason to hear less. */
  #newPace(): Pace | null {
    const pace = this.#parts.pace.current;
    return pace !== this.#pace && (this.#seen.size > 0 || this.#pace !== "full") ? pace : null;
  }

  /** Sends what the server does not know: at once after a pause, else when the interval is over; never to nobody. */
  #flush(): void {
    if (this.#session === null || this.#timer !== undefined) return;
    const pace = this.#newPace();
    const hasNews = this.#seen.size > 0 && Object.keys(this.#unsent).length > 0;
    if (pace === null && !hasNews) return;
    const wait = this.#sentAtMs + this.#intervalMs() - Date.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#flush();
      }, wait);
      return;
    }
    this.#sentAtMs = Date.now();
    const patch = this.#unsent;
    this.#unsent = {};
    this.#parts.send(pace === null ? { patch } : { patch, pace });
    if (pace !== null) this.#asked(pace);
  }

  #intervalMs(): number {
    const intervalMs = this.#parts.intervalMs();
    return this.#parts.pace.current === "full" ? intervalMs : Math.max(intervalMs, LIGHT_INTERVAL_MS);
  }

  /** With another pace than none comes a list of everybody. */
  #asked(pace: Pace): void {
    this.#pace = pace;
    clearTimeout(this.#askTimer);
    if (pace === "none") return;
    this.#askTimer = setTimeout(() => {
      this.#pace = "none";
      this.#flush();
    }, ASK_AGAIN_MS);
  }
}
