/** The widget editor: it pushes the canvas, where the widget itself is the preview. */
import type { DocumentHandle, ForeignEdit, ItemId, Participant, Path } from "@coboard/client";
import { HandleProvider, useDocumentHandle, useDocumentListener, useWidgetSession } from "@coboard/react";
import { FlaskConical } from "lucide-react";
import { Fragment, lazy, Suspense, useEffect, useRef } from "react";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { type UiStore, useUi, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { asObject, asString } from "../data/json";
import { testIds } from "../testIds";
import { news } from "../ui/announce";
import { Button } from "../ui/Button";
import { isNowhere } from "../ui/focus";
import { IconButton } from "../ui/IconButton";
import { SidePanel } from "../ui/SidePanel";
import { dismissToast, toastProblem } from "../ui/toast";
import { drawnType } from "../widgets/catalogue";
import { WidgetIcon } from "../widgets/WidgetIcon";
import { DataGroup } from "./DataGroup";
import { DisplayGroup } from "./DisplayGroup";
import { GeneralGroup } from "./GeneralGroup";
import { TextGroup } from "./TextGroup";
import { ThresholdsGroup } from "./ThresholdsGroup";
import { InDraft, useDraft, useTried } from "./useDraft";

const Participants = lazy(() => import("./Participants"));
const DraftBar = lazy(() => import("./DraftBar"));

/** The topics of the toasts. */
const TAKEN = "taken";
const HANDED = "handed";
/** Until the code editor is fetched and drawn: about a second. */
const FRAMES_TO_SEEK = 60;

export function EditorPanel() {
  const ui = useUiStore();
  const editing = useUi((state) => state.editing);
  const { byItem } = useBoard();
  const node = editing === null ? undefined : byItem.get(editing);
  const handle = useDocumentHandle();
  /** Whether the last change was somebody else's. */
  const isTheirs = useRef(false);
  useDocumentListener("change", ({ origin }) => {
    isTheirs.current = origin === "remote";
  });
  useDocumentListener("reset", () => {
    isTheirs.current = true;
  });
  useEffect(() => {
    if (editing === null || node) return;
    ui.setState({ editing: null });
    if (isTheirs.current) tellRemoved(handle, editing, handle.lastEdit(pathIn(editing)));
  }, [editing, node, handle, ui]);
  useDocumentListener("handOff", ({ from, item, field }) => {
    const title = byItem.get(item);
    if (title) tellHandOff(from.name, nameOf(title), () => goTo(ui, item, field));
  });
  return node ? <Panel key={node.item} node={node} onClose={() => ui.setState({ editing: null })} /> : null;
}

/** Somebody asks to go on at a widget. */
function tellHandOff(name: string, title: string, go: () => void): void {
  const words = `${name} asks you to go on with ${title}`;
  news.tell(HANDED, words);
  toastProblem(
    HANDED,
    words,
    <Button
      look="link"
      onClick={() => {
        dismissToast(HANDED);
        go();
      }}
    >
      Go there
    </Button>,
  );
}

/** Opens a widget; the field is where the other one is, and is looked for once it is drawn. */
function goTo(ui: UiStore, item: ItemId, field: Path | null): void {
  ui.setState({ editing: item, selected: item, roving: item, review: false, policies: false });
  const seek = (tries: number) => {
    const element = field === null ? null : document.querySelector(`[data-path="${CSS.escape(field)}"]`);
    const input = element?.querySelector<HTMLElement>("input, select, textarea, [contenteditable='true']");
    if (input) input.focus();
    else if (tries > 0) requestAnimationFrame(() => seek(tries - 1));
  };
  if (field) seek(FRAMES_TO_SEEK);
}

/** It was taken away while one was editing it: one may have it back, with what one did. */
function tellRemoved(handle: DocumentHandle, item: ItemId, by: ForeignEdit | null): void {
  const bringBack = () => {
    handle.edit("bring back", (edit) => edit.restore(item));
    dismissToast(TAKEN);
  };
  toastProblem(
    TAKEN,
    `${by?.name ?? "Somebody"} removed the widget you were editing`,
    <Button look="link" onClick={bringBack}>
      Bring it back, with my changes
    </Button>,
  );
}

function Panel({ node, onClose }: { readonly node: WidgetNode; readonly onClose: () => void }) {
  const { participants, drafts, session } = useWidgetSession(node.item);
  const draft = useDraft(session);
  useTried(node, draft, drafts);
  useNewsOf(participants);
  const shown = draft.isOpen ? { ...node, json: asObject(draft.handle.item(node.item)) } : node;
  const drawn = drawnType(asString(shown.json.type) ?? node.type);
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Opened from the canvas, the focus goes there. What others do, and what closes beside it, never moves it.
    if (isNowhere() || document.activeElement?.closest("#main, [role='menu']"))
      content.current?.focus({ preventScroll: true });
  }, []);
  return (
    <SidePanel
      id="editor"
      title={`Editor of ${nameOf(node)}`}
      head={
        <>
          <WidgetIcon type={node.type} />
          <h2>{nameOf(node)}</h2>
          {!draft.isOpen && (
            <IconButton
              label="Try without publishing"
              icon={<FlaskConical size={16} />}
              onClick={draft.open}
              data-testid={testIds.draftStart}
            />
          )}
        </>
      }
      closeLabel="Close the editor"
      testId={testIds.editorPanel}
      closeTestId={testIds.editorClose}
      content={content}
      onClose={onClose}
      flush
      bar={
        <Suspense fallback={null}>
          {participants.length > 0 && (
            <Participants participants={participants} drafts={drafts} session={session} />
          )}
          {draft.isOpen && <DraftBar draft={draft} name={nameOf(node)} />}
        </Suspense>
      }
    >
      <Fragment key={draft.isOpen ? "draft" : "document"}>
        <InDraft value={draft.isOpen}>
          <HandleProvider handle={draft.isOpen ? draft.handle : draft.base}>
            <GeneralGroup node={{ ...shown, type: asString(shown.json.type) ?? node.type }} />
            {drawn === "text" && <TextGroup node={shown} />}
            {!node.isRow && drawn !== "text" && <DataGroup node={shown} />}
            {drawn !== null && drawn !== "text" && <DisplayGroup node={shown} />}
            {drawn !== null && drawn !== "text" && drawn !== "timeseries" && <ThresholdsGroup node={shown} />}
          </HandleProvider>
        </InDraft>
      </Fragment>
    </SidePanel>
  );
}

/** Who comes and goes is said, those who are there already first. */
function useNewsOf(participants: readonly Participant[]): void {
  const known = useRef<readonly Participant[]>([]);
  useEffect(() => {
    const isIn = (all: readonly Participant[], { user }: Participant) =>
      all.some((one) => one.user.id === user.id);
    for (const one of participants)
      if (!isIn(known.current, one)) news.tell(`at ${one.user.id}`, `${one.user.name} is editing this too`);
    for (const one of known.current)
      if (!isIn(participants, one)) news.tell(`at ${one.user.id}`, `${one.user.name} has closed this`);
    known.current = participants;
  }, [participants]);
}
