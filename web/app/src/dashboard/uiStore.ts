/** What one viewer has selected, opened and folded on one dashboard. Nothing of it is in the document. */
import type { ItemId, Json } from "@coboard/client";
import { createContext, useContext } from "react";
import { createStore, useStore } from "zustand";
import type { JsonObject } from "../data/json";
import type { TimeRange } from "../data/timeRange";

export interface UiState {
  readonly selected: ItemId | null;
  /** The widget in the editor panel. */
  readonly editing: ItemId | null;
  /** The widget in the editor as somebody tries it: their name, or null for this person. */
  readonly tried: { readonly item: ItemId; readonly json: JsonObject; readonly by: string | null } | null;
  /** The widget in keyboard Move mode. */
  readonly moving: ItemId | null;
  /** The widget whose title is being typed into on the canvas. */
  readonly renaming: ItemId | null;
  /** The widget that Tab leads to. */
  readonly roving: ItemId | null;
  /** The review is open, in the place of the editor. */
  readonly review: boolean;
  /** The policies are open there. */
  readonly policies: boolean;
  /** What people did is open there. */
  readonly activity: boolean;
  /** What is said while a widget is dragged that somebody else has just moved. */
  readonly dragWarning: string | null;
  /** Rows that this viewer has folded or unfolded, against what is stored. */
  readonly folds: Readonly<Record<ItemId, boolean>>;
  /** The time range of this viewer; `null`: the dashboard's own. */
  readonly range: TimeRange | null;
  /** Values that this viewer has given variables; of the others the dashboard's own hold. */
  readonly variables: Variables;
  /** How often this viewer asks for data: "30s", "" for never, `null` for as the dashboard says. */
  readonly refresh: string | null;
  /** When this viewer last asked by hand. */
  readonly refreshedAtMs: number;
}

export type Variables = Readonly<Record<string, Json>>;

export const createUiStore = ({ range, folds, variables }: Pick<UiState, "range" | "folds" | "variables">) =>
  createStore<UiState>(() => ({
    selected: null,
    editing: null,
    tried: null,
    moving: null,
    renaming: null,
    roving: null,
    review: false,
    policies: false,
    activity: false,
    dragWarning: null,
    folds,
    range,
    variables,
    refresh: null,
    refreshedAtMs: 0,
  }));

export type UiStore = ReturnType<typeof createUiStore>;

export const UiContext = createContext<UiStore | null>(null);

export function useUiStore(): UiStore {
  const store = useContext(UiContext);
  if (!store) throw new Error("useUiStore is used inside a dashboard page");
  return store;
}

export function useUi<V>(selector: (state: UiState) => V): V {
  return useStore(useUiStore(), selector);
}
