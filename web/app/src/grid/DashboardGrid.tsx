/** The widgets on the canvas: a grid of 24 columns, or one column on a narrow screen. */
import { useDocumentHandle, useSelected } from "@coboard/react";
import { lazy, Suspense, useMemo, useRef } from "react";
import { GridLayout } from "react-grid-layout";
import type { WidgetNode } from "../dashboard/model";
import { useBoard } from "../dashboard/useBoard";
import { useTimeWindow } from "../dashboard/useTimeWindow";
import { Ghosts } from "../presence/Ghosts";
import { useFlash } from "../presence/useFlash";
import { usePublishCursor } from "../presence/usePublish";
import { useScope } from "../view/Variables";
import { useSize } from "../widgets/useSize";
import { DragWarning } from "./DragWarning";
import styles from "./grid.module.css";
import { COMPACTOR, DRAG, GRID, RESIZE } from "./gridConfig";
import { MoveHint } from "./MoveHint";
import { RowFrame } from "./RowFrame";
import { GAP_PX, ROW_HEIGHT_PX, readingOrder } from "./rect";
import { useGridDrag } from "./useGridDrag";
import { type GridView, useGridView } from "./useGridView";
import { useMoveMode } from "./useMoveMode";
import { useRoving } from "./useRoving";
import { useWidgetActions } from "./useWidgetActions";
import { WidgetFrame } from "./WidgetFrame";

const Cursors = lazy(() => import("../presence/Cursors"));

/** Below this the layout becomes one column, and is not rewritten. */
const NARROW_PX = 768;

export function DashboardGrid() {
  const [measure, size] = useSize<HTMLDivElement>();
  return (
    <div ref={measure} className={styles.grid}>
      {size.width > 0 && <Sized width={size.width} />}
    </div>
  );
}

function Sized({ width }: { readonly width: number }) {
  const grid = useRef<HTMLDivElement>(null);
  const metrics = useMemo(() => ({ width }), [width]);
  const narrow = window.innerWidth < NARROW_PX;
  const view = useGridView();
  const drag = useGridDrag(view);
  const move = useMoveMode(view);
  const roving = useRoving(grid, view);
  const frames = useFrames(view, narrow, roving.reachable, (item, key, shift) => {
    return move.onKey(item, key, shift) || roving.onKey(item, key);
  });
  usePublishCursor(grid, metrics, narrow);
  useFlash(grid);
  const accompanied = useSelected(useDocumentHandle().presence.others, ({ length }) => length > 0);
  const placed = move.draft ?? view.placed;
  const layout = useMemo(
    () => placed.map(({ item, x, y, w, h }) => ({ i: item, x, y, w, h, ...flags(item, view) })),
    [placed, view],
  );
  if (narrow) return <Column view={view} frames={frames.elements} dialog={frames.dialog} grid={grid} />;
  return (
    <div ref={grid}>
      <GridLayout
        key={drag.epoch}
        width={width}
        layout={layout}
        gridConfig={GRID}
        dragConfig={DRAG}
        resizeConfig={RESIZE}
        compactor={COMPACTOR}
        {...drag.handlers}
      >
        {view.shown.map((node) => (
          <div key={node.item}>{frames.elements.get(node.item)}</div>
        ))}
      </GridLayout>
      <Ghosts metrics={metrics} />
      <Suspense fallback={null}>
        {accompanied && <Cursors grid={grid} metrics={metrics} placed={placed} />}
      </Suspense>
      {move.draft && <MoveHint />}
      <DragWarning />
      {frames.dialog}
    </div>
  );
}

/** A row moves only while it is folded, with all it owns; its height and width are fixed. */
function flags(item: string, view: GridView) {
  const node = view.shown.find((shown) => shown.item === item);
  return node?.isRow ? { isResizable: false, isDraggable: view.isFolded(item) } : {};
}

type OnKey = (item: string, key: string, shift: boolean) => boolean;

function useFrames(view: GridView, still: boolean, reachable: string | null, handleKey: OnKey) {
  const board = useBoard();
  const timeWindow = useTimeWindow(board.root);
  const scope = useScope();
  const { act, dialog } = useWidgetActions();
  const latest = useRef({ act, handleKey });
  latest.current = { act, handleKey };
  const stable = useMemo(
    () => ({
      act: (...args: Parameters<typeof act>) => latest.current.act(...args),
      onKey: (...args: Parameters<OnKey>) => latest.current.handleKey(...args),
    }),
    [],
  );
  const elements = new Map(
    view.shown.map((node) => [
      node.item,
      node.isRow ? (
        <RowFrame
          key="frame"
          node={node}
          folded={view.isFolded(node.item)}
          scope={scope}
          hiddenCount={hiddenCount(node, board.nodes)}
          still={still}
          onAction={stable.act}
        />
      ) : (
        <WidgetFrame
          key="frame"
          node={node}
          window={timeWindow}
          scope={scope}
          reachable={node.item === reachable}
          still={still}
          onAction={stable.act}
          onKey={stable.onKey}
        />
      ),
    ]),
  );
  return { elements, dialog };
}

function hiddenCount(row: WidgetNode, nodes: readonly WidgetNode[]): number {
  if (row.collapsed) return row.children.length;
  const order = readingOrder(nodes);
  const after = order.slice(order.findIndex((node) => node.item === row.item) + 1);
  const next = after.findIndex((node) => node.isRow);
  return next < 0 ? after.length : next;
}

interface ColumnProps {
  readonly view: GridView;
  readonly frames: ReadonlyMap<string, React.ReactNode>;
  readonly dialog: React.ReactNode;
  readonly grid: React.RefObject<HTMLDivElement | null>;
}

/** One column in reading order, each widget as high as it is stored. */
function Column({ view, frames, dialog, grid }: ColumnProps) {
  return (
    <div ref={grid} className={styles.stack}>
      {readingOrder(view.placed).map(({ item, h }) => (
        <div key={item} style={{ height: h * (ROW_HEIGHT_PX + GAP_PX) - GAP_PX }}>
          {frames.get(item)}
        </div>
      ))}
      {dialog}
    </div>
  );
}
