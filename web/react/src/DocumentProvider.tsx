/** Joins a Document for all below. */
import type { BuiltInPresence, DocumentHandle, DocumentId } from "@coboard/client";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { HandleContext } from "./context.js";
import { useClient } from "./useClient.js";

/** Properties of {@link DocumentProvider}. @public */
export interface DocumentProviderProps<P extends object> {
  id: DocumentId;
  initialPresence?: Partial<P> & BuiltInPresence;
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
  const { id, initialPresence, children } = props;
  const initial = useRef(initialPresence);
  const [handle, setHandle] = useState<DocumentHandle | null>(null);
  useEffect(() => {
    const joined = client.join(id, initial.current === undefined ? {} : { initialPresence: initial.current });
    setHandle(joined);
    return () => joined.leave();
  }, [client, id]);
  if (handle?.id !== id) return null;
  return <HandleContext value={handle}>{children}</HandleContext>;
}
