/** The board of the joined document, for everything below the dashboard page. */
import { useDocumentHandle, useReadable } from "@coboard/react";
import { createContext, useContext, useMemo } from "react";
import { type Board, boardOf } from "./model";

export const BoardContext = createContext<Board | null>(null);

/** Reads the document; `null` until it is loaded. */
export function useLoadedBoard(): Board | null {
  const handle = useDocumentHandle();
  const content = useReadable(handle.content);
  return useMemo(
    () => (content === null ? null : boardOf(content, (value) => handle.itemOf(value))),
    [content, handle],
  );
}

export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (!board) throw new Error("useBoard is used inside a loaded dashboard page");
  return board;
}
