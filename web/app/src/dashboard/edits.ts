/** Every change this application makes to a dashboard: one function, one edit, one step of undo. */
import type { DocumentHandle, Edit, ItemId, Json, Path, Submitted } from "@coboard/client";
import { asNumber, asObject, isObject, type JsonObject } from "../data/json";
import { bottomOf } from "../grid/rect";
import type { PlaceChange } from "../grid/sections";
import { type AddableType, newWidget, typeLabel } from "../widgets/catalogue";
import { type Board, nameOf, type WidgetNode } from "./model";
import { PANELS, pathIn, ROOT, setIn } from "./paths";

export function renameDashboard(handle: DocumentHandle, title: string): void {
  handle.edit("rename the dashboard", (edit) => edit.set(pathIn(ROOT, "title"), title));
}

/** Adds a widget below all others. */
export function addWidget(handle: DocumentHandle, board: Board, type: AddableType): ItemId {
  const widget = newWidget(type, nextId(board), 0, bottomOf(board.nodes));
  return handle.edit(`add ${typeLabel(type).toLowerCase()}`, (edit) => {
    if (!Array.isArray(board.root.panels)) edit.set(PANELS, []);
    return edit.insert(PANELS, widget, "end");
  }).value;
}

/** Puts a copy below the original. */
export function duplicateWidget(handle: DocumentHandle, board: Board, node: WidgetNode): ItemId | null {
  const place = handle.placeOf(node.item);
  if (!place) return null;
  const { x, y, w, h } = node;
  const copy: JsonObject = { ...node.json, id: nextId(board), gridPos: { x, y: y + h, w, h } };
  return handle.edit(`duplicate ${nameOf(node)}`, (edit) =>
    edit.insert(place.list, copy, { after: node.item }),
  ).value;
}

export function removeWidget(handle: DocumentHandle, node: WidgetNode): Submitted {
  return handle.edit(`remove ${nameOf(node)}`, (edit) => edit.trash(node.item));
}

/** Sets a value inside a widget, or removes it where `value` is `undefined`. */
export function setValue(
  handle: DocumentHandle,
  item: ItemId,
  label: string,
  keys: readonly string[],
  value: Json | undefined,
  gesture?: string,
): void {
  handle.edit(
    label,
    (edit) => {
      if (value === undefined) edit.remove(pathIn(item, ...keys));
      else setIn(edit, item, handle.item(item), keys, value);
    },
    gesture === undefined ? {} : { gesture },
  );
}

/** Writes where widgets were dropped: only what differs from what is stored. */
export function placeWidgets(
  handle: DocumentHandle,
  board: Board,
  label: string,
  changes: readonly PlaceChange[],
): void {
  if (changes.length === 0) return;
  handle.edit(label, (edit) => {
    for (const change of changes) {
      if (change.moved) edit.move(change.item, listOf(edit, board, change.row), "end");
      writeRect(edit, board, change);
    }
  });
}

/** The list of a row, or of the dashboard; a row that never had one gets it. */
function listOf(edit: Edit, board: Board, row: ItemId | null): Path {
  if (row === null) return PANELS;
  const list = pathIn(row, "panels");
  if (!Array.isArray(board.byItem.get(row)?.json.panels)) edit.set(list, []);
  return list;
}

function writeRect(edit: Edit, board: Board, { item, x, y, w, h }: PlaceChange): void {
  const stored = board.byItem.get(item)?.json.gridPos;
  if (!isObject(stored)) {
    edit.set(pathIn(item, "gridPos"), { x, y, w, h });
    return;
  }
  for (const [key, value] of Object.entries({ x, y, w, h })) {
    if (stored[key] !== value) edit.set(pathIn(item, "gridPos", key), value);
  }
}

/** Grafana's own numbers of widgets; ours are the items' identities. */
function nextId(board: Board): number {
  const ids = [...board.byItem.values()].map((node) => asNumber(asObject(node.json).id) ?? 0);
  return Math.max(0, ...ids) + 1;
}
