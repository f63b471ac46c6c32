/** A dashboard with everything around it. */
import { useDocumentHandle, useDocumentListener } from "@coboard/react";
import { useEffect, useRef, useState } from "react";
import { EditorPanel } from "../editor/EditorPanel";
import { DashboardGrid } from "../grid/DashboardGrid";
import { PoliciesPanel } from "../policies/PoliciesPanel";
import { usePublishSelection } from "../presence/usePublish";
import { ReviewPanel } from "../review/ReviewPanel";
import { LostBanner } from "../sync/LostBanner";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { State } from "../ui/State";
import { toastProblem } from "../ui/toast";
import { Following } from "../view/Following";
import { firstView, useView } from "../view/useView";
import { Variables } from "../view/Variables";
import { type AddableType, typeLabel } from "../widgets/catalogue";
import { WidgetIcon } from "../widgets/WidgetIcon";
import { addWidget } from "./edits";
import { Header } from "./Header";
import styles from "./page.module.css";
import { Toolbar } from "./Toolbar";
import { createUiStore, UiContext, type UiStore, useUi } from "./uiStore";
import { useBoard } from "./useBoard";
import { useKeys } from "./useKeys";

/** Offered on an empty dashboard; the others are in the menu. */
const FIRST_TYPES = ["timeseries", "stat", "table", "text"] as const;

export function DashboardPage() {
  const { id } = useDocumentHandle();
  const [ui] = useState(() => createUiStore(firstView(id)));
  return (
    <UiContext value={ui}>
      <Page ui={ui} />
    </UiContext>
  );
}

/** One panel at a time: the editor comes back when what took its place is closed. */
function Side() {
  const review = useUi((state) => state.review);
  const policies = useUi((state) => state.policies);
  if (review) return <ReviewPanel />;
  return policies ? <PoliciesPanel /> : <EditorPanel />;
}

function Page({ ui }: { readonly ui: UiStore }) {
  const handle = useDocumentHandle();
  const board = useBoard();
  const { title, nodes } = board;
  const canvas = useRef<HTMLElement>(null);
  usePublishSelection();
  useView(canvas, ui, title);
  useKeys(ui);
  useEffect(() => {
    document.title = `${title || "Untitled"} · Coboard`;
  }, [title]);
  useDocumentListener("reject", ({ error }) =>
    toastProblem(
      "reject",
      "A change was refused and taken back",
      `${error.message}. It is kept in the review.`,
    ),
  );
  const add = (type: AddableType) => {
    const item = addWidget(handle, board, type);
    ui.setState({ selected: item, roving: item });
    announce("Widget added at the end");
    requestAnimationFrame(() =>
      document.querySelector(`[data-item="${item}"]`)?.scrollIntoView({ block: "nearest" }),
    );
  };
  return (
    <div className={styles.page}>
      <header>
        <Header />
        <Toolbar onAdd={add} />
        <Variables />
      </header>
      <div className={styles.body}>
        <main
          ref={canvas}
          id="main"
          className={styles.canvas}
          tabIndex={-1}
          onPointerDown={(event) => {
            if (event.target === event.currentTarget) ui.setState({ selected: null });
          }}
        >
          {nodes.length === 0 ? (
            <State
              title="An empty dashboard"
              actions={FIRST_TYPES.map((type) => (
                <Button key={type} onClick={() => add(type)}>
                  <WidgetIcon type={type} />
                  {typeLabel(type)}
                </Button>
              ))}
            >
              What shall be the first widget?
            </State>
          ) : (
            <DashboardGrid />
          )}
        </main>
        <Following canvas={canvas} />
        <Side />
        <LostBanner />
      </div>
    </div>
  );
}
