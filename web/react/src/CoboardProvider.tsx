/** Gives the client to all below. */
import type { Client } from "@coboard/client";
import type { ReactNode } from "react";
import { ClientContext } from "./context.js";

/**
 * The client outlives the provider: whoever made it calls `client.destroy()`.
 *
 * @example
 * <CoboardProvider client={client}><App /></CoboardProvider>
 * @public
 */
export function CoboardProvider({ client, children }: { client: Client; children: ReactNode }): ReactNode {
  return <ClientContext value={client}>{children}</ClientContext>;
}
