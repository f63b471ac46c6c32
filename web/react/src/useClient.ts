/** The client. */
import type { Client } from "@coboard/client";
import { useContext } from "react";
import { ClientContext } from "./context.js";

/**
 * The client of the nearest CoboardProvider; throws without one.
 *
 * @example
 * const client = useClient();
 * @public
 */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("this hook needs a CoboardProvider above it");
  return client;
}
