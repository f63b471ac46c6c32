/** "Continue here": a view on its way to the dashboard that is to show it. */
import type { DocumentId } from "@coboard/client";
import type { View } from "./visits";

interface HandedOver {
  readonly id: DocumentId;
  readonly view: View;
}

let handed: HandedOver | null = null;
let open: { readonly id: DocumentId; readonly show: (view: View) => void } | null = null;

/** Shows a view of the dashboard that is open, or keeps it until it is opened. Whether it was open. */
export function handOver(id: DocumentId, view: View): boolean {
  if (open?.id === id) {
    open.show(view);
    return true;
  }
  handed = { id, view };
  return false;
}

/** The view that waits for this dashboard. It waits until the dashboard is {@link receive receiving}. */
export function waitingView(id: DocumentId): View | null {
  return handed?.id === id ? handed.view : null;
}

/** The dashboard is open, and takes views from now on. */
export function receive(id: DocumentId, show: (view: View) => void): () => void {
  const own = { id, show };
  open = own;
  handed = null;
  return () => {
    if (open === own) open = null;
  };
}
