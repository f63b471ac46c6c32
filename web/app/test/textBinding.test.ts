/**
 * The binding of the code editor against the real core: random changes on both sides, in texts full of what is counted
 * in different ways. The view is CodeMirror's own state; what draws it has no part in this.
 */
import { EditorState, type Transaction, type TransactionSpec } from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";
import { describe, expect, it } from "vitest";
import type { EditAnswer, Output } from "../../client/src/core/boundary.ts";
import { wireDelta } from "../../client/src/core/boundary.ts";
import { makeWasmCore } from "../../client/src/core/load.ts";
import { difference } from "../../client/src/document/difference.ts";
import { Mirror } from "../../client/src/document/mirror.ts";
import { TextBinding } from "../src/editor/code/binding";

const CHANGES = 20_000;
/** Changes in one document: later ones have many own operations to move over. */
const CHANGES_PER_DOCUMENT = 10;
const LENGTH_MAX = 60;
/** Some seconds, but for a busy machine. */
const PATIENCE_MS = 120_000;
const SEED = 20_261_123;
const PATH = "@2/text";
/** Surrogate pairs, a joined family, a flag, combining marks, wide characters, every kind of line break. */
const PIECES = [
  ..."aбc語漢にほ한🙂😀🇫🇷\u0301\u0308\u200d\ufe0f",
  "👩‍👩‍👧",
  "e\u0301",
  "\n",
  "\r\n",
  "\r",
  "\u2028",
  "  ",
];

/** Numbers below n that depend on the seed alone. */
function randomOf(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * n);
  };
}

/** CodeMirror's state and its listeners, without a page. */
class Page {
  state: EditorState;
  composing = false;

  constructor(binding: TextBinding, doc: string) {
    this.state = EditorState.create({ doc, extensions: [binding.extension] });
    binding.attach(this as unknown as EditorView);
  }

  dispatch(spec: TransactionSpec): void {
    const transaction: Transaction = this.state.update(spec);
    this.state = transaction.state;
    const update = { transactions: [transaction], view: this } as unknown as ViewUpdate;
    for (const listen of this.state.facet(EditorView.updateListener)) listen(update);
  }

  get text(): string {
    return this.state.doc.toString();
  }
}

/** A document with one text in the real core, and the editor of it. */
class Desk {
  readonly #core = makeWasmCore({ document: "d1", client: "c1", user: { id: "ana", name: "Ana" } });
  readonly #mirror = new Mirror();
  readonly #random: (n: number) => number;
  /** The text as the server has it, in scalar values. */
  #committed: string[];
  #revision = 3;
  readonly binding: TextBinding;
  readonly page: Page;

  constructor(random: (n: number) => number) {
    this.#random = random;
    const text = this.#words();
    this.#committed = [...text];
    this.#load(text);
    this.binding = new TextBinding({
      read: () => this.text,
      submit: (delta) => this.#edit(delta),
    });
    this.page = new Page(this.binding, this.text);
    expect(this.page.text).toBe(text);
  }

  /** The text in the core. */
  get text(): string {
    return this.#mirror.read(PATH) as string;
  }

  /** Somebody types, deletes, or replaces in several places at once; what is inserted may end in half a line break. */
  changeHere(): void {
    const { doc } = this.page.state;
    const places = this.#places(doc.toString().length, 3).map((at) => wholeOffset(doc.toString(), at));
    const changes: { from: number; to: number; insert: string }[] = [];
    for (let place = 0; place + 1 < places.length; place += 2) {
      const [from, to] = [places[place] as number, places[place + 1] as number];
      const tooLong = doc.length > LENGTH_MAX;
      changes.push({
        from,
        to: this.#random(2) || tooLong ? to : from,
        insert: tooLong ? "" : this.#words(),
      });
    }
    // Undo and programs insert as they like; CodeMirror splits what people type and paste itself.
    this.page.dispatch({
      changes: changes.map((change) => ({ ...change, insert: this.page.state.toText(change.insert) })),
    });
  }

  /** The same by somebody else, who has not seen what is not committed. */
  changeThere(): void {
    const places = this.#places(this.#committed.length, 3);
    const delta: (number | string | { d: string })[] = [];
    const text: string[] = [];
    let at = 0;
    for (let place = 0; place + 1 < places.length; place += 2) {
      const [from, to] = [places[place] as number, places[place + 1] as number];
      if (from > at) delta.push(from - at);
      text.push(...this.#committed.slice(at, from));
      const inserted = text.length > LENGTH_MAX ? "" : this.#words();
      if (inserted) delta.push(inserted);
      text.push(...inserted);
      const end = this.#random(2) ? to : from;
      if (end > from) delta.push({ d: this.#committed.slice(from, end).join("") });
      at = end;
    }
    if (delta.length === 0) return;
    this.#committed = [...text, ...this.#committed.slice(at)];
    this.#revision += 1;
    const entry = {
      id: { client: "c2", sequence: this.#revision },
      revision: this.#revision,
      base: this.#revision - 1,
      components: { cells: { [PATH]: { t: delta } } },
      meta: { kind: "edit" },
      author: "ben",
      server_time_ms: 5,
      conflicts: [],
    };
    const before = this.text;
    const message = { document: "d1", from: this.#revision - 1, to: this.#revision, entries: [entry] };
    this.#feed({ type: "committed", message });
    const change = difference(before, this.text);
    if (change.length > 0) this.binding.receive(change);
  }

  #edit(delta: Parameters<typeof wireDelta>[0]): void {
    const request = { label: "type", steps: [{ text: { path: PATH, delta: wireDelta(delta) } }] };
    const answer = JSON.parse(this.#core.edit(1_000, JSON.stringify(request))) as EditAnswer;
    expect(answer.error).toBeUndefined();
    this.#take(answer.outputs);
  }

  #load(text: string): void {
    this.#feed({ type: "connected" });
    const url = "/api/dashboards/d1/snapshot";
    const reset = { reason: "new", revision: 3, snapshot: { url, etag: '"x"' } };
    const value = {
      session: "s1",
      role: "editor",
      client_number: 7,
      head: 3,
      known: [],
      presence: [],
      reset,
    };
    this.#feed({ type: "answer", request: 1, answer: { ok: true, value } });
    const items = { "0": [{ panels: { $l: "1" } }, null], "2": [{ text }, ["1", "a0"]] };
    const snapshot = { lineage: "L1", document: "d1", revision: 3, content: { items } };
    this.#feed({ type: "snapshot", snapshot });
  }

  #feed(input: object): void {
    this.#take(JSON.parse(this.#core.handle(1_000, JSON.stringify(input))) as Output[]);
  }

  #take(outputs: readonly Output[]): void {
    for (const output of outputs) if (output.type === "changed") this.#mirror.apply(output);
  }

  #words(): string {
    return Array.from({ length: this.#random(4) }, () => PIECES[this.#random(PIECES.length)]).join("");
  }

  /** An even number of places in order, for up to `most` changes. */
  #places(length: number, most: number): number[] {
    const count = 2 * (1 + this.#random(most));
    return Array.from({ length: count }, () => this.#random(length + 1)).sort((a, b) => a - b);
  }
}

/** People and CodeMirror never go between the halves of a pair. */
function wholeOffset(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

/** Cheaper than an assertion for each. */
function same(shown: string, text: string, where: string): void {
  if (shown !== text) expect(shown, where).toBe(text);
}

describe("the code editor and the core", () => {
  it(`hold the same text after each of ${CHANGES} random changes here and as many there`, {
    timeout: PATIENCE_MS,
  }, () => {
    const random = randomOf(SEED);
    for (let document = 0; document < CHANGES / CHANGES_PER_DOCUMENT; document += 1) {
      const desk = new Desk(random);
      for (let change = 0; change < CHANGES_PER_DOCUMENT; change += 1) {
        const where = `document ${document}, change ${change}`;
        desk.changeHere();
        same(desk.page.text, desk.text, where);
        desk.changeThere();
        same(desk.page.text, desk.text, where);
      }
    }
  });

  it("hold the same text where what others do waits for the end of a composition", {
    timeout: PATIENCE_MS,
  }, async () => {
    const random = randomOf(SEED + 1);
    for (let document = 0; document < 200; document += 1) {
      const desk = new Desk(random);
      for (let change = 0; change < 20; change += 1) {
        const where = `document ${document}, change ${change}`;
        desk.page.composing = random(4) > 0;
        if (random(2)) desk.changeHere();
        else desk.changeThere();
        const isBehind = desk.page.composing || desk.page.text !== desk.binding.whole;
        same(isBehind ? desk.binding.whole : desk.page.text, desk.text, where);
      }
      desk.page.composing = false;
      desk.changeHere();
      await new Promise((resolve) => setTimeout(resolve, 0));
      desk.binding.reconcile(() => expect.fail("nothing is left to put right"));
      expect(desk.page.text).toBe(desk.text);
    }
  });

  it("changes nothing in a text with any line breaks by opening it", () => {
    for (const text of ["a\r\nb", "\r\n\r\n", "a\rb\n\rc", "\n\r", "e\u0301\r\n👩‍👩‍👧\r"]) {
      const submitted: unknown[] = [];
      const binding = new TextBinding({ read: () => text, submit: (delta) => submitted.push(delta) });
      const page = new Page(binding, text);
      binding.reconcile(() => expect.fail("the text is another one"));
      expect([page.text, submitted]).toEqual([text, []]);
    }
  });

  it("takes what is pasted with the line breaks of the document", () => {
    const binding = new TextBinding({ read: () => "", submit: () => {} });
    const page = new Page(binding, "");
    const paste = page.state
      .facet(EditorView.clipboardInputFilter)
      .reduce((text, filter) => filter(text, page.state), "a\r\nb\rc\ud83d");
    expect(paste).toBe("a\nb\nc\ufffd");
  });
});
