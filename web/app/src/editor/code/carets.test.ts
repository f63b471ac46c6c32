/** Where the carets of others stand between two messages of presence. */
import { EditorState, Transaction } from "@codemirror/state";
import { expect, it } from "vitest";
import { type Caret, carets, caretsIn, changeAuthor, setCarets } from "./carets";

const caret = (client: string, anchor: number, head = anchor): Caret => ({
  id: client,
  client,
  name: client,
  color: "#123456",
  anchor,
  head,
  moves: 0,
});

function shown(...all: Caret[]): EditorState {
  const state = EditorState.create({ doc: "alpha", extensions: [carets] });
  return state.update({ effects: setCarets.of(all) }).state;
}

const heads = (state: EditorState) => caretsIn(state).map(({ head }) => head);

it("takes a caret outside of the text to its end, and every change after it", () => {
  const state = shown(caret("ana", 99), caret("ben", -1));
  expect(heads(state)).toEqual([5, 0]);
  expect(heads(state.update({ changes: { from: 0, to: 5 } }).state)).toEqual([0, 0]);
});

it("moves a caret with what its owner types, and not with what others write right there", () => {
  const state = shown(caret("ana", 5), caret("ben", 5));
  const by = (author: string) => [Transaction.remote.of(true), changeAuthor.of(author)];
  const typed = state.update({ changes: { from: 5, insert: "!" }, annotations: by("ana") }).state;
  expect(heads(typed)).toEqual([6, 5]);
  expect(heads(state.update({ changes: { from: 5, insert: "!" } }).state)).toEqual([5, 5]);
  expect(heads(state.update({ changes: { from: 0, insert: "!" } }).state)).toEqual([6, 6]);
});
