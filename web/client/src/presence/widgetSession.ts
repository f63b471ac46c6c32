/** The people at each widget, as everybody who is there sees them. It is all presence: soft, and gone with its session. */
import type { ItemId, Path, Unsubscribe, User, UserId } from "../api/basic.js";
import type { DocumentHandle } from "../api/document.js";
import type { AtWidget, Lease, Peer } from "../api/presence.js";
import type { Contention, Draft, ForeignDraft, Participant, WidgetSession } from "../api/widget.js";
import { parsePath } from "../document/path.js";
import { Cell } from "../support/cell.js";
import { jsonEqual, toJsonText } from "../support/json.js";
import { OwnDraft, readWith } from "./draft.js";

/** So long a request to go on here stands. A guess: longer than a page takes to connect again. */
export const HAND_OFF_MS = 10_000;
/** A draft that is larger, as JSON, is told of and not shown to others. A quarter of what presence may hold. */
export const DRAFT_LENGTH_MAX = 2_048;

/** What it needs of its Document. @internal */
export interface WidgetParts {
  handle: DocumentHandle;
  /** The items that an item stands in, itself first. */
  around(item: ItemId): readonly ItemId[];
  /** Somebody asks this person to go on at a widget. */
  handedOff(event: { from: User; item: ItemId; field: Path | null }): void;
}

/** The widget sessions of one Document. @internal */
export class WidgetSessions {
  readonly #parts: WidgetParts;
  readonly #sessions = new Map<ItemId, Session>();
  /** The last request of each person. */
  readonly #asked = new Map<UserId, number>();
  readonly #unlisten: readonly Unsubscribe[];

  constructor(parts: WidgetParts) {
    this.#parts = parts;
    const { presence, content } = parts.handle;
    const look = () => this.#look();
    this.#unlisten = [
      presence.others.subscribe((others) => {
        for (const peer of others) this.#heard(peer);
        look();
      }),
      presence.leases.subscribe(look),
      presence.self.subscribe(look),
      content.subscribe(look),
    ];
  }

  /** Two calls with one item give the same session. */
  at(item: ItemId): WidgetSession {
    const known = this.#sessions.get(item);
    if (known) return known;
    const session = new Session(item, this.#parts);
    this.#sessions.set(item, session);
    session.look();
    return session;
  }

  destroy(): void {
    for (const unlisten of this.#unlisten) unlisten();
    for (const session of this.#sessions.values()) session.destroy();
  }

  #look(): void {
    for (const session of this.#sessions.values()) session.look();
  }

  #heard({ user, presence: { widget, focus } }: Peer): void {
    const request = widget?.handOff;
    if (!widget || !request || request.to !== this.#parts.handle.presence.self.current.user.id) return;
    if (this.#asked.get(user.id) === request.atMs) return;
    this.#asked.set(user.id, request.atMs);
    const { item } = widget;
    this.#parts.handedOff({ from: user, item, field: request.field ?? fieldIn(this.#parts, item, focus) });
  }
}

/** One widget. */
class Session implements WidgetSession {
  readonly participants = new Cell<readonly Participant[]>([], jsonEqual);
  readonly contention = new Cell<Contention>({ level: "free", users: [], lastEditMs: null }, jsonEqual);
  readonly drafts = new Cell<readonly ForeignDraft[]>([], jsonEqual);
  readonly #parts: WidgetParts;
  /** When those came who have opened nothing and are in a field. */
  readonly #seen = new Map<UserId, number>();
  #opened = 0;
  #sinceMs = 0;
  #request: AtWidget["handOff"];
  #requestEnds: ReturnType<typeof setTimeout> | undefined;
  #draft: OwnDraft | null = null;
  /** The last field one was in: whoever presses a button has left it. */
  #field: Path | null = null;

  constructor(
    readonly item: ItemId,
    parts: WidgetParts,
  ) {
    this.#parts = parts;
  }

  open(): void {
    this.#opened += 1;
    if (this.#opened > 1) return;
    this.#sinceMs = Date.now();
    this.#say();
    this.focus(fieldIn(this.#parts, this.item, this.#own.presence.focus));
    this.look();
  }

  focus(field: Path | null): void {
    this.#parts.handle.presence.update({ focus: field ?? `@${this.item}` });
  }

  handOff(to: UserId): void {
    this.#request = { to, atMs: Date.now(), field: this.#field };
    this.#say();
    clearTimeout(this.#requestEnds);
    this.#requestEnds = setTimeout(() => this.#requestIsOver(), HAND_OFF_MS);
  }

  draft(): Draft {
    if (!this.#draft) {
      this.#draft = new OwnDraft(this.#parts.handle);
      this.#draft.values.subscribe(() => this.#say());
    }
    return this.#draft;
  }

  close(): void {
    if (this.#opened === 0) return;
    this.#opened -= 1;
    if (this.#opened > 0) return;
    this.#request = undefined;
    clearTimeout(this.#requestEnds);
    // Another widget may have been opened since.
    const { widget, focus } = this.#own.presence;
    const isIn = focus && isAt(this.#parts, this.item, focus);
    this.#parts.handle.presence.update({
      ...(widget?.item === this.item ? { widget: null } : {}),
      ...(isIn ? { focus: null } : {}),
    });
    this.look();
  }

  destroy(): void {
    clearTimeout(this.#requestEnds);
    this.#draft?.destroy();
  }

  look(): void {
    const { others, leases } = this.#parts.handle.presence;
    this.#field = fieldIn(this.#parts, this.item, this.#own.presence.focus) ?? this.#field;
    const here = others.current.flatMap((peer) => this.#participant(peer));
    for (const id of this.#seen.keys()) if (!here.some(({ user }) => user.id === id)) this.#seen.delete(id);
    this.participants.set(here);
    this.contention.set(this.#contentionOf(leases.current));
    this.drafts.set(this.#opened > 0 ? others.current.flatMap((peer) => this.#draftOf(peer)) : []);
  }

  get #own(): Peer {
    return this.#parts.handle.presence.self.current;
  }

  /** Tells the others, unless one is not here, or at another widget by now. */
  #say(): void {
    if (this.#opened === 0) return;
    const widget: AtWidget = { item: this.item, sinceMs: this.#sinceMs };
    if (this.#request) widget.handOff = this.#request;
    const values = this.#draft?.values.current ?? [];
    if (values.length > 0) {
      const { length } = toJsonText(values);
      widget.draft = length > DRAFT_LENGTH_MAX ? { length } : { values };
    }
    this.#parts.handle.presence.update({ widget });
  }

  #requestIsOver(): void {
    this.#request = undefined;
    this.#say();
  }

  #draftOf({ user, presence: { widget } }: Peer): ForeignDraft[] {
    if (widget?.item !== this.item || !widget.draft) return [];
    const values = "values" in widget.draft ? widget.draft.values : null;
    const preview = values && (readWith(this.#parts.handle, values, `@${this.item}`) ?? null);
    return [{ user, values, preview }];
  }

  #participant({ user, activity, presence: { widget, focus } }: Peer): Participant[] {
    const isHere = widget?.item === this.item;
    const isIn = focus ? isAt(this.#parts, this.item, focus) : false;
    if (!isHere && !isIn) return [];
    if (!this.#seen.has(user.id)) this.#seen.set(user.id, Date.now());
    const sinceMs = isHere ? widget.sinceMs : (this.#seen.get(user.id) as number);
    const field = fieldIn(this.#parts, this.item, focus);
    return [{ user, field, sinceMs, activity: activity === "active" ? "active" : "idle" }];
  }

  #contentionOf(leases: readonly Lease[]): Contention {
    const { focus } = this.#own.presence;
    const near = leases.filter(({ path }) => isAt(this.#parts, this.item, path));
    const sameField = near.filter(
      ({ path }) => path === focus && fieldIn(this.#parts, this.item, path) !== null,
    );
    const users = [...new Set((sameField.length > 0 ? sameField : near).map(({ user }) => user.id))];
    const level = sameField.length > 0 ? "same-field" : near.length > 0 ? "same-widget" : "free";
    const edit = this.#parts.handle.lastEdit(`@${this.item}`);
    return { level, users, lastEditMs: edit?.atMs ?? this.contention.current.lastEditMs };
  }
}

/** Whether a path is in a widget: a query is in its widget. */
function isAt({ around }: WidgetParts, item: ItemId, path: Path): boolean {
  return around(parsePath(path)?.item ?? "").includes(item);
}

/** The field of a widget that somebody is in; null where they are in the widget as a whole, or elsewhere. */
function fieldIn(parts: WidgetParts, item: ItemId, focus: Path | null | undefined): Path | null {
  return focus && focus !== `@${item}` && isAt(parts, item, focus) ? focus : null;
}
