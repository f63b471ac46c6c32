/** Says what others do at the widget that one is in: that they edit it, and that they changed it. */
import { useDocumentHandle, useLastEdit } from "@coboard/react";
import { useEffect, useRef } from "react";
import { nameOf } from "../dashboard/model";
import { pathIn, ROOT } from "../dashboard/paths";
import { useUi } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { news } from "../ui/announce";
import { useEditors } from "./usePeople";

export function useNews(): void {
  const item = useUi(({ editing, roving }) => editing ?? roving) ?? ROOT;
  const node = useBoard().byItem.get(item);
  const name = node ? nameOf(node) : null;
  const latest = useRef(name);
  latest.current = name;

  // In the editor, those who are in it too are told by the editor.
  const isEditing = useUi(({ editing }) => editing !== null);
  const names = useEditors(isEditing ? ROOT : item).map((user) => user.name);
  const editors = names.join(", ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: at another widget it is told again
  useEffect(() => {
    if (editors !== "" && latest.current !== null)
      news.tell("editing", `${editors} ${editors.includes(", ") ? "are" : "is"} editing ${latest.current}`);
  }, [editors, item]);

  const handle = useDocumentHandle();
  const path = pathIn(item);
  const edit = useLastEdit(path);
  // What happened before one came to the widget is not told as if it happened now.
  const known = useRef(0);
  useEffect(() => {
    known.current = handle.lastEdit(path)?.atMs ?? 0;
  }, [handle, path]);
  useEffect(() => {
    if (!edit || edit.atMs <= known.current || latest.current === null) return;
    known.current = edit.atMs;
    news.tell("changed", `${edit.name ?? "Somebody"} changed ${latest.current}`);
  }, [edit]);
}
