/** What one tries in the editor without publishing it. It stays on this device until it is published or discarded. */
import type { Difference, DocumentHandle, DraftValue, ForeignDraft, WidgetSession } from "@coboard/client";
import { useDocumentHandle, useReadable } from "@coboard/react";
import { createContext, useEffect, useState } from "react";
import type { WidgetNode } from "../dashboard/model";
import { useUiStore } from "../dashboard/uiStore";
import { asObject, isObject } from "../data/json";
import { toastNews } from "../ui/toast";
import { draftOf, keepDraft } from "../view/drafts";

/** Whether the fields below write into a draft: it holds values, and neither adds nor removes a query. */
export const InDraft = createContext(false);

export interface DraftState {
  /** The fields write into the draft. */
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly handle: DocumentHandle;
  readonly base: DocumentHandle;
  readonly differences: readonly Difference[];
  readonly publish: (label: string) => void;
  readonly discard: () => void;
}

/** The own draft of a widget, with what was kept of it. */
export function useDraft(session: WidgetSession): DraftState {
  const base = useDocumentHandle();
  const draft = session.draft();
  const name = `widget.${base.id}.${session.item}`;
  const values = useReadable(draft.values);
  // What others change shows in the differences, and in what the fields show below the draft.
  useReadable(base.content);
  const [isTrying, setTrying] = useState(false);
  useEffect(() => {
    const { values: kept, origins } = keptDraft(draftOf(name));
    if (draft.values.current.length === 0 && kept.length > 0) draft.restore(kept, origins);
    const stop = draft.values.subscribe((next) =>
      keepDraft(name, next.length > 0 ? JSON.stringify({ values: next, origins: draft.origins }) : null),
    );
    return () => {
      stop();
      if (draft.values.current.length > 0) toastNews("draft", "Your draft is kept on this device");
    };
  }, [draft, name]);
  const end = () => setTrying(false);
  return {
    isOpen: isTrying || values.length > 0,
    open: () => setTrying(true),
    handle: draft.handle,
    base,
    differences: draft.preview(),
    publish: (label) => {
      draft.publish(label);
      end();
    },
    discard: () => {
      draft.discard();
      end();
    },
  };
}

/** While the editor is open the widget is drawn as it is tried: by oneself, else by the first of the others. */
export function useTried(node: WidgetNode, draft: DraftState, drafts: readonly ForeignDraft[]): void {
  const ui = useUiStore();
  const { item } = node;
  const isOwn = draft.differences.length > 0;
  const foreign = drafts.find(({ preview }) => isObject(preview ?? undefined));
  const json = isOwn ? draft.handle.item(item) : foreign?.preview;
  const by = isOwn ? null : (foreign?.user.name ?? null);
  const text = json === undefined || json === null ? null : JSON.stringify(json);
  useEffect(() => {
    ui.setState({ tried: text === null ? null : { item, json: asObject(JSON.parse(text)), by } });
    return () => ui.setState({ tried: null });
  }, [ui, item, text, by]);
}

interface KeptDraft {
  readonly values: readonly DraftValue[];
  readonly origins: readonly DraftValue[];
}

/** What a device kept may be of another version, or damaged. */
function keptDraft(text: string | null): KeptDraft {
  try {
    const kept = JSON.parse(text ?? "{}") as { [key in keyof KeptDraft]?: unknown } | null;
    return { values: valuesIn(kept?.values), origins: valuesIn(kept?.origins) };
  } catch {
    return { values: [], origins: [] };
  }
}

function valuesIn(kept: unknown): readonly DraftValue[] {
  return Array.isArray(kept) ? kept.filter((one) => typeof one?.path === "string") : [];
}
