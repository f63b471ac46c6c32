/** Who else is at a widget, and being there oneself. */
import type { Contention, ForeignDraft, ItemId, Participant, WidgetSession } from "@coboard/client";
import { useEffect, useMemo } from "react";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/** What {@link useWidgetSession} gives. @public */
export interface WidgetSessionView {
  participants: readonly Participant[];
  contention: Contention;
  drafts: readonly ForeignDraft[];
  session: WidgetSession;
}

/**
 * Opens a widget while mounted: the others see that one is there. Say `session.focus(path)` where a field gets the focus.
 *
 * @example
 * const { participants, contention, session } = useWidgetSession(item);
 * @public
 */
export function useWidgetSession(item: ItemId): WidgetSessionView {
  const handle = useHandle();
  const session = useMemo(() => handle.widget(item), [handle, item]);
  useEffect(() => {
    session.open();
    return () => session.close();
  }, [session]);
  const participants = useReadable(session.participants);
  const contention = useReadable(session.contention);
  return { participants, contention, drafts: useReadable(session.drafts), session };
}
