/** A widget's title: read on the canvas, typed into where it stands. */
import { useDocumentHandle } from "@coboard/react";
import { useRef, useState } from "react";
import { setValue } from "../dashboard/edits";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { useUi, useUiStore } from "../dashboard/uiStore";
import type { Scope } from "../data/scope";
import { testIds } from "../testIds";
import { focusSoon } from "../ui/focus";
import { typeLabel } from "../widgets/catalogue";
import styles from "./grid.module.css";

const TITLE_LENGTH_MAX = 300;

export interface WidgetTitleProps {
  readonly node: WidgetNode;
  /** As it is read: that of a draft, where one is tried. Otherwise that of the document. */
  readonly shown?: string;
  /** What variables in it stand for, while it is read. */
  readonly scope: Scope | null;
}

export function WidgetTitle({ node, shown = node.title, scope }: WidgetTitleProps) {
  const renaming = useUi((state) => state.renaming === node.item);
  const ui = useUiStore();
  if (renaming) return <TitleInput node={node} onDone={() => ui.setState({ renaming: null })} />;
  const title = scope?.fillText(shown) ?? shown;
  return (
    <span
      className={`${styles.title} ${title ? "" : styles.untitled}`}
      title={title || undefined}
      data-testid={testIds.widgetTitle}
    >
      {title || typeLabel(node.type)}
    </span>
  );
}

function TitleInput({ node, onDone }: { readonly node: WidgetNode; readonly onDone: () => void }) {
  const handle = useDocumentHandle();
  const [draft, setDraft] = useState(node.title);
  const done = useRef(false);
  const finish = (save: boolean) => {
    if (done.current) return;
    done.current = true;
    if (save && draft !== node.title)
      setValue(handle, node.item, `rename ${nameOf(node)}`, ["title"], draft.toWellFormed());
    onDone();
  };
  return (
    <input
      className={`${styles.titleInput} no-drag`}
      aria-label="Title of the widget"
      value={draft}
      maxLength={TITLE_LENGTH_MAX}
      ref={selectAll}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        const frame = event.currentTarget.closest<HTMLElement>("section");
        finish(event.key === "Enter");
        focusSoon(() => (frame?.dataset.item ? frame : frame?.querySelector("button")));
      }}
      data-testid={testIds.widgetTitle}
    />
  );
}

/** Runs once, when the input appears. */
function selectAll(input: HTMLInputElement | null): void {
  if (input) requestAnimationFrame(() => input.select());
}
