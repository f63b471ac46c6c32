/** Joins a Document for all below. */
import type { BuiltInPresence, Client, DocumentHandle, DocumentId, DocumentOptions } from "@coboard/client";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { HandleContext } from "./context.js";
import { useClient } from "./useClient.js";

/** Properties of {@link DocumentProvider}. @public */
export interface DocumentProviderProps<P extends object> {
  id: DocumentId;
  initialPresence?: Partial<P> & BuiltInPresence;
  /** What happens with conflicts: read when it joins. */
  resolve?: DocumentOptions["resolve"];
  away?: DocumentOptions["away"];
  children: ReactNode;
}

/**
 * Joins the Document while mounted. Joining is shared: two providers of one Document have one session.
 *
 * @example
 * <DocumentProvider id="d1"><Dashboard /></DocumentProvider>
 * @public
 */
export function DocumentProvider<P extends object>(props: DocumentProviderProps<P>): ReactNode {
  const client = useClient();
  const { id, initialPresence, resolve, away, children } = props;
  const initial = useRef({ initialPresence, resolve, away });
  const [joined, setJoined] = useState<{ client: Client; handle: DocumentHandle } | null>(null);
  useEffect(() => {
    const given = Object.entries(initial.current).filter(([, option]) => option !== undefined);
    const handle = client.join(id, Object.fromEntries(given));
    setJoined({ client, handle });
    return () => handle.leave();
  }, [client, id]);
  if (joined?.client !== client || joined.handle.id !== id) return null;
  return <HandleContext value={joined.handle}>{children}</HandleContext>;
}
