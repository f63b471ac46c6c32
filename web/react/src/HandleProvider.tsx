/** Another handle for all below. */
import type { DocumentHandle } from "@coboard/client";
import type { ReactNode } from "react";
import { HandleContext } from "./context.js";

/**
 * Hooks below read and write through this handle, as that of a draft: `session.draft().handle`.
 *
 * @example
 * <HandleProvider handle={session.draft().handle}><Fields /></HandleProvider>
 * @public
 */
export function HandleProvider(props: { handle: DocumentHandle; children: ReactNode }): ReactNode {
  return <HandleContext value={props.handle}>{props.children}</HandleContext>;
}
