/** The dashboard as the application sees it: widgets with identity and place, read from the document. */
import type { ItemId, Json } from "@coboard/client";
import { asArray, asBoolean, asNumber, asObject, asString, isObject, type JsonObject } from "../data/json";
import { clampRect, type Rect } from "../grid/rect";
import type { GridNode } from "../grid/sections";

export interface WidgetNode extends GridNode {
  readonly json: JsonObject;
  readonly type: string;
  readonly title: string;
  readonly children: readonly WidgetNode[];
}

export interface Board {
  readonly root: JsonObject;
  readonly title: string;
  readonly nodes: readonly WidgetNode[];
  /** Every widget, those of collapsed rows too. */
  readonly byItem: ReadonlyMap<ItemId, WidgetNode>;
}

const DEFAULT_RECT: Rect = { x: 0, y: 0, w: 12, h: 8 };

/** `itemOf` gives the identity of an object found in the content. */
export function boardOf(content: Json, itemOf: (value: unknown) => ItemId | null): Board {
  const root = asObject(content);
  const nodes = nodesOf(root.panels, itemOf);
  const byItem = new Map<ItemId, WidgetNode>();
  for (const node of nodes) {
    byItem.set(node.item, node);
    for (const child of node.children) byItem.set(child.item, child);
  }
  return { root, title: asString(root.title) ?? "", nodes, byItem };
}

function nodesOf(list: Json | undefined, itemOf: (value: unknown) => ItemId | null): WidgetNode[] {
  return asArray(list).flatMap((json) => {
    const item = isObject(json) ? itemOf(json) : null;
    return item !== null && isObject(json) ? [nodeOf(json, item, itemOf)] : [];
  });
}

function nodeOf(json: JsonObject, item: ItemId, itemOf: (value: unknown) => ItemId | null): WidgetNode {
  const type = asString(json.type) ?? "";
  const isRow = type === "row";
  const collapsed = isRow && asBoolean(json.collapsed) === true;
  return {
    item,
    json,
    type,
    title: asString(json.title) ?? "",
    isRow,
    collapsed,
    children: collapsed ? nodesOf(json.panels, itemOf) : [],
    ...rectOf(json),
  };
}

function rectOf(json: JsonObject): Rect {
  const stored = asObject(json.gridPos);
  return clampRect({
    x: asNumber(stored.x) ?? DEFAULT_RECT.x,
    y: asNumber(stored.y) ?? DEFAULT_RECT.y,
    w: asNumber(stored.w) ?? DEFAULT_RECT.w,
    h: asNumber(stored.h) ?? DEFAULT_RECT.h,
  });
}

/** What a widget is called when people are told about it. */
export function nameOf(node: Pick<WidgetNode, "title" | "type">): string {
  return node.title.trim() || `untitled ${node.type || "widget"}`;
}
