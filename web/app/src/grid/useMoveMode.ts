/** Keyboard Move mode: arrows move, Shift and arrows resize, Enter keeps, Escape takes back. Each step is spoken. */
import type { ItemId } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { placeWidgets } from "../dashboard/edits";
import { nameOf } from "../dashboard/model";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { announce } from "../ui/announce";
import type { Placed } from "./rect";
import { placeChanges } from "./sections";
import { type Direction, stepLayout } from "./step";
import type { GridView } from "./useGridView";

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** The time a widget takes to glide to its new place. */
const SETTLED_MS = 180;

interface MoveMode {
  /** The layout of the move so far; `null` outside of it. */
  readonly draft: readonly Placed[] | null;
  readonly onKey: (item: ItemId, key: string, shift: boolean) => boolean;
}

/** One move, from the key that begins it on: keys may come quicker than the page is drawn. */
interface Move {
  readonly item: ItemId;
  readonly start: readonly Placed[];
  draft: readonly Placed[];
}

export function useMoveMode(view: GridView): MoveMode {
  const handle = useDocumentHandle();
  const board = useBoard();
  const ui = useUiStore();
  const moving = useUi((state) => state.moving);
  const [draft, setDraft] = useState<readonly Placed[] | null>(null);
  const move = useRef<Move>(null);

  /** The move of this widget; it starts from what is shown when it starts. */
  const moveOf = useCallback(
    (item: ItemId) => {
      if (ui.getState().moving !== item) return null;
      if (move.current?.item !== item) move.current = { item, start: view.placed, draft: view.placed };
      return move.current;
    },
    [ui, view],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each move
  useEffect(() => {
    const begun = moving === null ? null : moveOf(moving);
    if (!begun) move.current = null;
    setDraft(begun?.draft ?? null);
    if (begun) announce("Move mode. Arrows move, Shift and arrows resize, Enter keeps, Escape cancels.");
  }, [moving]);

  const finish = useCallback(
    ({ item, start, draft: end }: Move, keep: boolean) => {
      const node = board.byItem.get(item);
      if (keep && node) {
        const changes = placeChanges(board.nodes, view.isFolded, start, end, item);
        placeWidgets(
          handle,
          board,
          `move ${nameOf(node)}`,
          changes.filter((change) => board.byItem.has(change.item)),
        );
      }
      handle.presence.update({ drag: null });
      move.current = null;
      ui.setState({ moving: null });
      setDraft(null);
      announce(keep ? "Kept" : "Cancelled");
    },
    [board, handle, ui, view],
  );

  const onKey = useCallback(
    (item: ItemId, key: string, shift: boolean) => {
      const now = moveOf(item);
      if (!now) return false;
      if (key === "Enter" || key === "Escape") {
        finish(now, key === "Enter");
        return true;
      }
      const direction = DIRECTIONS[key];
      if (!direction) return false;
      const next = stepLayout(now.draft, item, direction, shift);
      const place = next?.find((entry) => entry.item === item);
      if (!next || !place) {
        announce("It does not go further");
        return true;
      }
      now.draft = next;
      setDraft(next);
      setTimeout(
        () => document.querySelector(`[data-item="${item}"]`)?.scrollIntoView({ block: "nearest" }),
        SETTLED_MS,
      );
      const { x, y, w, h } = place;
      handle.presence.update({ drag: { widget: item, x, y, w, h } });
      announce(shift ? `${w} wide, ${h} high` : `column ${x + 1}, row ${y + 1}`);
      return true;
    },
    [finish, handle, moveOf],
  );
  return { draft, onKey };
}
