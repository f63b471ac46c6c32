/** What the providers hand down. */
import type { Client, DocumentHandle, Json } from "@coboard/client";
import { createContext, useContext } from "react";

/** The client of the nearest CoboardProvider. @internal */
export const ClientContext = createContext<Client | null>(null);
/** The handle of the nearest DocumentProvider. @internal */
export const HandleContext = createContext<DocumentHandle | null>(null);

/** The handle of the nearest DocumentProvider, with the shape the caller knows. @internal */
export function useHandle<T = Json, P extends object = object>(): DocumentHandle<T, P> {
  const handle = useContext(HandleContext);
  if (!handle) throw new Error("this hook needs a DocumentProvider above it");
  return handle as DocumentHandle<unknown, object> as DocumentHandle<T, P>;
}
