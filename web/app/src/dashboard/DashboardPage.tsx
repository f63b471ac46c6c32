/** A dashboard with everything around it. */
import { useDocumentHandle, useDocumentListener } from "@coboard/react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { EditorPanel } from "../editor/EditorPanel";
import { DashboardGrid } from "../grid/DashboardGrid";
import { CommandKeys } from "../keys/CommandKeys";
import { PoliciesPanel } from "../policies/PoliciesPanel";
import { useNews } from "../presence/useNews";
import { usePublishSelection } from "../presence/usePublish";
import { ReviewPanel } from "../review/ReviewPanel";
import { LostBanner } from "../sync/LostBanner";
import { Button } from "../ui/Button";
import { useArrival } from "../ui/focus";
import { State } from "../ui/State";
import { toastProblem } from "../ui/toast";
import { Following } from "../view/Following";
import { firstView, useView } from "../view/useView";
import { Variables } from "../view/Variables";
import { typeLabel } from "../widgets/catalogue";
import { WidgetIcon } from "../widgets/WidgetIcon";
import { Header } from "./Header";
import styles from "./page.module.css";
import { Toolbar } from "./Toolbar";
import { createUiStore, UiContext, type UiStore, useUi } from "./uiStore";
import { useAdd } from "./useAdd";
import { useBoard } from "./useBoard";
import { useKeys } from "./useKeys";

const ActivityPanel = lazy(() => import("../activity/ActivityPanel"));
const DashboardPalette = lazy(() => import("../keys/DashboardPalette"));

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
  const activity = useUi((state) => state.activity);
  if (review) return <ReviewPanel />;
  if (activity)
    return (
      <Suspense fallback={null}>
        <ActivityPanel />
      </Suspense>
    );
  return policies ? <PoliciesPanel /> : <EditorPanel />;
}

function Page({ ui }: { readonly ui: UiStore }) {
  const { title, nodes } = useBoard();
  const add = useAdd();
  const canvas = useRef<HTMLElement>(null);
  usePublishSelection();
  useView(canvas, ui, title);
  useKeys(ui);
  useNews();
  useArrival(canvas);
  useEffect(() => {
    document.title = `${title || "Untitled"} · Coboard`;
  }, [title]);
  useDocumentListener("reject", ({ id, error }) =>
    id.sequence === 0
      ? toastProblem("reject", "A change was not made", `${error.message}.`)
      : toastProblem(
          "reject",
          "A change was refused and taken back",
          `${error.message}. It is kept in the review.`,
        ),
  );
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
          aria-label={title || "Untitled"}
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
      <CommandKeys palette={DashboardPalette} />
    </div>
  );
}
