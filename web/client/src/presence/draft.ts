/** What somebody tries in a widget without changing the Document: values over those of the Document. */
import type { ItemId, Json, Path, Unsubscribe } from "../api/basic.js";
import type { DocumentHandle, Edit, Submitted } from "../api/document.js";
import type { BuiltInPresence } from "../api/presence.js";
import type { TextDelta } from "../api/text.js";
import type { Difference, Draft, DraftValue } from "../api/widget.js";
import { beside } from "../document/beside.js";
import { difference } from "../document/difference.js";
import { parsePath, segment } from "../document/path.js";
import { put } from "../document/share.js";
import { TextField } from "../document/textField.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";

type Read = Pick<DocumentHandle, "read" | "itemOf">;

/** An own draft. @internal */
export class OwnDraft implements Draft {
  readonly values = new Cell<readonly DraftValue[]>([], jsonEqual);
  readonly handle: DocumentHandle;
  readonly #base: DocumentHandle;
  /** What the Document had where the draft first changed something. */
  readonly #met = new Map<Path, Json | undefined>();
  readonly #texts = new Map<Path, TextField>();
  readonly #items = new WeakMap<object, ItemId>();
  readonly #unlisten: Unsubscribe;

  constructor(base: DocumentHandle) {
    this.#base = base;
    this.handle = draftHandle(base, this);
    this.#unlisten = base.content.subscribe(() => this.#textsChanged());
  }

  destroy(): void {
    this.#unlisten();
  }

  edit(change: (edit: Edit) => void): void {
    let values = this.values.current;
    const read = (path: Path) => readWith(this.#base, values, path);
    const write = (one: DraftValue) => {
      values = written(values, one);
    };
    change(draftEdit(read, write));
    this.#take(values);
  }

  get origins(): readonly DraftValue[] {
    return [...this.#met].map(([path, value]) => ({ path, ...optional(value) }));
  }

  restore(values: readonly DraftValue[], origins: readonly DraftValue[] = []): void {
    for (const { path, value } of origins) this.#met.set(path, value);
    this.#take(values);
  }

  read(path: Path): Json | undefined {
    return readWith(this.#base, this.values.current, path, (value, item) => this.#items.set(value, item));
  }

  /** The identity of an object that `read` made. */
  itemOf(value: unknown): ItemId | null {
    const made = typeof value === "object" && value !== null ? this.#items.get(value) : undefined;
    return made ?? this.#base.itemOf(value);
  }

  text(path: Path): TextField {
    const known = this.#texts.get(path);
    if (known) return known;
    const submit = (delta: TextDelta) => this.handle.edit("", (edit) => edit.text(path, delta));
    const field = new TextField(path, textOf(this.read(path)), submit);
    this.#texts.set(path, field);
    return field;
  }

  preview(): readonly Difference[] {
    return this.values.current.flatMap(({ path, value }) => {
      const before = this.#base.read(path);
      if (jsonEqual(before, value)) return [];
      const met = this.#met.get(path);
      const changed = !jsonEqual(before, met);
      const both = changed ? bothOf(met, before, value) : null;
      const after = both ?? value;
      return [
        {
          path,
          changed,
          merged: both !== null,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        },
      ];
    });
  }

  publish(label: string): Submitted {
    const differences = this.preview();
    const submitted = this.#base.edit(label, (edit) => {
      for (const { path, before, after } of differences) {
        if (after === undefined) edit.remove(path);
        else if (typeof before === "string" && typeof after === "string")
          edit.text(path, difference(before, after));
        else edit.set(path, after);
      }
    });
    this.discard();
    return submitted;
  }

  discard(): void {
    this.#take([]);
  }

  #take(values: readonly DraftValue[]): void {
    for (const { path } of values) if (!this.#met.has(path)) this.#met.set(path, this.#base.read(path));
    for (const path of this.#met.keys()) if (!values.some((one) => one.path === path)) this.#met.delete(path);
    this.values.set(values);
    this.#textsChanged();
  }

  #textsChanged(): void {
    for (const field of this.#texts.values()) field.update(textOf(this.read(field.path)), null)();
  }
}

type Note = (value: object, item: ItemId) => void;

/** Values over those of a Document; `made` hears of each item that is built anew. @internal */
export function readWith(
  base: Read,
  values: readonly DraftValue[],
  path: Path,
  made: Note = () => {},
): Json | undefined {
  const around = values.find((one) => isWithin(path, one.path));
  if (around) return dig(around.value, keysOf(path).slice(keysOf(around.path).length));
  const value = base.read(path);
  return values.length === 0 ? value : overlaid(base, values, path, value, made);
}

/** A value of the Document with what a draft puts over it; the objects of arrays are items with paths of their own. */
function overlaid(
  base: Read,
  values: readonly DraftValue[],
  path: Path,
  value: Json | undefined,
  note: Note,
): Json | undefined {
  if (Array.isArray(value)) {
    const members = value.map((member: Json) => {
      const item = base.itemOf(member);
      if (item === null) return member;
      const next = overlaid(base, values, `@${item}`, member, note) ?? null;
      if (typeof next === "object" && next !== null && next !== member) note(next, item);
      return next;
    });
    return members.every((member, index) => member === value[index]) ? value : members;
  }
  if (typeof value !== "object" || value === null) return value;
  let made: Record<string, Json> | null = null;
  const write = (key: string, next: Json | undefined) => {
    made ??= { ...(value as Record<string, Json>) };
    if (next === undefined) delete made[key];
    else put(made, key, next);
  };
  for (const [key, member] of Object.entries(value as Record<string, Json>)) {
    const next = overlaid(base, values, path + segment(key), member, note);
    if (next !== member) write(key, next);
  }
  for (const one of values) {
    const keys = keysOf(one.path);
    const key = keys.at(-1);
    if (key !== undefined && one.path === path + segment(key)) write(key, one.value);
  }
  return made ?? value;
}

/** The values with one more: none of them lies within another. */
function written(values: readonly DraftValue[], one: DraftValue): readonly DraftValue[] {
  const around = values.find(({ path }) => path !== one.path && isWithin(one.path, path));
  if (!around) return [...values.filter(({ path }) => !isWithin(path, one.path)), one];
  const keys = keysOf(one.path).slice(keysOf(around.path).length);
  const value = placed(around.value, keys, one.value);
  return values.map((other) => (other === around ? { path: around.path, ...optional(value) } : other));
}

/** A value with another one deep inside. */
function placed(value: Json | undefined, keys: readonly string[], next: Json | undefined): Json | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return next;
  const object = typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  const inner = placed((object as Record<string, Json>)[key], rest, next);
  if (inner === undefined) delete (object as Record<string, Json>)[key];
  else put(object as Record<string, Json>, key, inner);
  return object as Json;
}

function dig(value: Json | undefined, keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((here, key) => {
    const isObject = typeof here === "object" && here !== null && !Array.isArray(here);
    return isObject && Object.hasOwn(here, key) ? (here as Record<string, Json>)[key] : undefined;
  }, value);
}

function isWithin(path: Path, around: Path): boolean {
  return path === around || path.startsWith(`${around}/`);
}

function keysOf(path: Path): readonly string[] {
  return parsePath(path)?.keys ?? [];
}

function optional(value: Json | undefined): { value?: Json } {
  return value === undefined ? {} : { value };
}

function bothOf(met: Json | undefined, theirs: Json | undefined, mine: Json | undefined): string | null {
  const texts = [met, theirs, mine].filter((value) => typeof value === "string");
  const [base, other, own] = texts;
  return texts.length === 3 ? beside(base as string, other as string, own as string) : null;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** What an edit of a draft can do. */
function draftEdit(read: (path: Path) => Json | undefined, write: (value: DraftValue) => void): Edit {
  const never = (): never => {
    throw new Error("a draft changes values; what makes, moves or trashes items is done in the Document");
  };
  return {
    set: (path, value) => write({ path, value }),
    remove: (path) => write({ path }),
    add: (path, integer) => write({ path, value: Number(read(path) ?? 0) + integer }),
    text: (path, delta) => write({ path, value: applied(textOf(read(path)), delta) }),
    insert: never,
    move: never,
    trash: never,
    restore: never,
  };
}

function applied(text: string, delta: TextDelta): string {
  let at = 0;
  let made = "";
  for (const part of delta) {
    if (typeof part === "string") made += part;
    else if (typeof part === "number") made += text.slice(at, at + part);
    at += typeof part === "number" ? part : typeof part === "string" ? 0 : part.delete;
  }
  return made + text.slice(at);
}

/** The handle of a Document, but for what it reads and writes; nobody else is seen through it. */
function draftHandle(base: DocumentHandle, draft: OwnDraft): DocumentHandle {
  const nobody = {
    others: new Cell([]),
    leases: new Cell([]),
    // Where one is in the text of a draft means nothing to others.
    update: ({ focus }: BuiltInPresence) => {
      if (focus !== undefined) base.presence.update({ focus });
    },
  };
  const presence = new Proxy(base.presence, {
    get: (target, key) => own(nobody, key) ?? bound(target, key),
  });
  const over: Partial<DocumentHandle> = {
    presence,
    read: (path) => draft.read(path),
    item: (item) => draft.read(`@${item}`),
    itemOf: (value) => draft.itemOf(value),
    text: (path) => draft.text(path),
    lastEdit: () => null,
    edit: (_label, change) => {
      let value: unknown;
      draft.edit((edit) => {
        value = change(edit);
      });
      const client = base.presence.self.current.clients[0] ?? "";
      const done = Promise.resolve({ ok: true as const, value: { durability: "memory" as const } });
      const never = new Promise<never>(() => {});
      return { value, id: { client, sequence: 1 }, client: done, server: never } as never;
    },
  };
  return new Proxy(base, { get: (target, key) => own(over, key) ?? bound(target, key) });
}

function own(object: object, key: string | symbol): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}

/** Classes with private members are called on themselves. */
function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === "function" ? value.bind(target) : value;
}
