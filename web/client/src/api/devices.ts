/** Where the person works themselves, on whatever device; told to nobody else. */
import type { ClientId, DocumentId, ItemId, Json } from "./basic.js";

/** Which part of a Document a tab shows; what the application adds goes with it. At most 512 bytes of JSON. @public */
export interface DocumentView {
  /** The first item that can be seen; null at the very start. */
  anchor?: ItemId | null;
  /** How much of it is above the edge, 0..1, so that windows of different size agree. */
  offset?: number;
  /** The time range, as in "now-6h"; null where it is the Document's own. */
  from?: string | null;
  to?: string | null;
  [key: string]: Json | undefined;
}

/** A Document that is open somewhere. @public */
export interface OwnDocument {
  id: DocumentId;
  title: string;
  activeAtMs: number;
  /** Null where that tab has not said what it shows. */
  view: DocumentView | null;
}

/** One tab, or one program. @public */
export interface OwnTab {
  client: ClientId;
  /** Whether it is the one that asks. */
  isThis: boolean;
  activeAtMs: number;
  /** Used last first. */
  documents: readonly OwnDocument[];
}

/** What the person works on, with what is open there. @public */
export interface OwnDevice {
  id: string;
  /** As in "Firefox on Linux"; null where it has no name. */
  name: string | null;
  /** Whether it is the one that asks. */
  isThis: boolean;
  activeAtMs: number;
  /** Used last first. */
  tabs: readonly OwnTab[];
}
