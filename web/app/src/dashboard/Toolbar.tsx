/** The second line: the time range, undo and redo, export, share, add. */
import { useClient, useDocumentHandle, useRedo, useUndo } from "@coboard/react";
import { Menu } from "@mantine/core";
import { Check, Download, Link2, Plus, Redo2, Scale, Undo2 } from "lucide-react";
import { useState } from "react";
import { ActivityButton } from "../activity/ActivityButton";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { downloadJson } from "../ui/download";
import { IconButton } from "../ui/IconButton";
import { toastProblem } from "../ui/toast";
import { RangeButton } from "../view/RangeButton";
import { ADDABLE, type AddableType, typeLabel } from "../widgets/catalogue";
import { WidgetIcon } from "../widgets/WidgetIcon";
import styles from "./page.module.css";
import { useUi, useUiStore } from "./uiStore";
import { useBoard } from "./useBoard";

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const COPIED_MS = 2_000;

export function Toolbar({ onAdd }: { readonly onAdd: (type: AddableType) => void }) {
  const { undo, canUndo, label: undoLabel } = useUndo();
  const { redo, canRedo, label: redoLabel } = useRedo();
  const command = IS_MAC ? "⌘" : "Ctrl+";
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Dashboard">
      <RangeButton />
      <IconButton
        label={undoLabel ? `Undo: ${undoLabel}` : "Undo"}
        hint={`${command}Z`}
        icon={<Undo2 size={16} />}
        disabled={!canUndo}
        onClick={undo}
        data-testid={testIds.undo}
      />
      <IconButton
        label={redoLabel ? `Redo: ${redoLabel}` : "Redo"}
        hint={IS_MAC ? "⇧⌘Z" : "Ctrl+Shift+Z"}
        icon={<Redo2 size={16} />}
        disabled={!canRedo}
        onClick={redo}
        data-testid={testIds.redo}
      />
      <span className={styles.rule} />
      <ActivityButton />
      <PoliciesButton />
      <ExportButton />
      <ShareButton />
      <AddMenu onAdd={onAdd} />
    </div>
  );
}

function PoliciesButton() {
  const ui = useUiStore();
  const opened = useUi((state) => state.policies && !state.review);
  return (
    <IconButton
      label="Policies"
      hint="who wins where two people change the same"
      icon={<Scale size={16} />}
      aria-expanded={opened}
      aria-controls="policies"
      onClick={() => ui.setState({ policies: !opened, activity: false, review: false })}
      data-testid={testIds.policiesButton}
    />
  );
}

function ExportButton() {
  const client = useClient();
  const { id } = useDocumentHandle();
  const { title } = useBoard();
  const save = async () => {
    const exported = await client.dashboards.export(id);
    if (exported.ok) downloadJson(title, exported.value);
    else toastProblem("export", "Not exported", exported.error.message);
  };
  return (
    <IconButton
      label="Export JSON"
      icon={<Download size={16} />}
      onClick={() => void save()}
      data-testid={testIds.export}
    />
  );
}

function ShareButton() {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      toastProblem("share", "The link was not copied", location.href);
      return;
    }
    announce("Link copied");
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <Button
      look="quiet"
      aria-label={copied ? "Link copied" : "Share"}
      onClick={() => void copy()}
      data-testid={testIds.share}
    >
      {copied ? <Check size={16} /> : <Link2 size={16} />}
      <span className={styles.shareWord}>{copied ? "Link copied" : "Share"}</span>
    </Button>
  );
}

function AddMenu({ onAdd }: { readonly onAdd: (type: AddableType) => void }) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button look="primary" aria-label="Add" data-testid={testIds.addWidget}>
          <Plus size={16} />
          <span className={styles.shareWord}>Add</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ADDABLE.map((type) => (
          <Menu.Item
            key={type}
            leftSection={<WidgetIcon type={type} />}
            onClick={() => onAdd(type)}
            data-testid={testIds.addType(type)}
          >
            {typeLabel(type)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
