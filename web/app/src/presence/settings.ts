/** What this person wants to see of the others. Kept on this device. */
import { createStore, useStore } from "zustand";
import { readStored, writeStored } from "../view/stored";

const KEY = "coboard-hide-cursors";

const hidden = createStore(() => ({ cursors: readStored("device", KEY) === true }));

/** Whether others' cursors are hidden. */
export function useCursorsHidden(): boolean {
  return useStore(hidden, (state) => state.cursors);
}

export function hideCursors(cursors: boolean): void {
  hidden.setState({ cursors });
  writeStored("device", KEY, cursors || null);
}
