/** What the core and the server say, in the words of the API. */
import type { Json } from "../api/basic.js";
import type { Change, DocumentEvents } from "../api/document.js";
import type { ChangeNote } from "../core/boundary.js";

/** The event `policies_changed`. @internal */
export type PoliciesMessage = Omit<DocumentEvents["policies"], "atMs"> & { at_ms: number };

/** What people call it, if it has a title. @internal */
export function titleOf(content: Json | null): string | null {
  const title = (content as { title?: Json } | null)?.title;
  return typeof title === "string" ? title : null;
}

/** A change as the core tells it, for listeners. @internal */
export function changeOf(note: ChangeNote, client: string): Change {
  const { at_ms, ...rest } = note;
  return { ...rest, atMs: at_ms, origin: note.client === client ? "local" : note.origin };
}
