/** What people did to a Document, in words. */
import type { ClientId, ItemId, Json, Loaded, Path, Readable, Result, Revision, UserId } from "./basic.js";

/** What somebody did. @public */
export type ActivityVerb =
  | "added"
  | "edited"
  | "moved"
  | "resized"
  | "renamed"
  | "deleted"
  | "restored"
  | "merged"
  | "imported"
  | "policies"
  | "joined"
  | "left";

/** What one person did to one thing: one change, or several within two minutes. @public */
export interface ActivityEntry {
  id: string;
  actor: UserId;
  name: string;
  /** Whether it was the person whose client this is, on whatever device. */
  own: boolean;
  /** Null where it is not known. */
  device: string | null;
  /** Null where it was not a client with a session. */
  client: ClientId | null;
  origin: "client" | "rest" | "import" | "server";
  verb: ActivityVerb;
  /** Of an undo or a redo, `verb` says what was undone or redone. */
  kind: "edit" | "undo" | "redo" | "restore" | "import" | "fixup";
  /** Null: the Document itself. */
  item: ItemId | null;
  /** How that was called then. */
  title: string;
  /** As in "unit" or "query"; null where it is the whole, or several parts. */
  part: string | null;
  path: Path | null;
  /** Undefined where there was nothing, or too much to tell. */
  before: Json | undefined;
  after: Json | undefined;
  count: number;
  /** The first and the last; null for what is not in the log: who came and went, and changes of policies. */
  revisions: readonly [Revision, Revision] | null;
  atMs: number;
  /** To be read after the name: `moved “CPU” to the right`. */
  text: string;
}

/** Which part of what was done. @public */
export interface ActivityQuery {
  /** Only what was done before this revision; what a page gives as `next`. */
  before?: Revision;
  /** 1 to 100; default 50. */
  limit?: number;
  item?: ItemId;
  author?: UserId;
}

/** A page of what was done. @public */
export interface ActivityPage {
  /** The newest first. A page may be short, even empty, and still have a next one. */
  entries: readonly ActivityEntry[];
  /** Null at the beginning. */
  next: Revision | null;
}

/** What people did to a Document. @public */
export interface Activity {
  /**
   * The newest first, kept up to date while somebody listens; what is done while the connection is lost is read when
   * it is back. At most 200 entries.
   */
  readonly recent: Readable<Loaded<readonly ActivityEntry[]>>;
  /** Where `recent` ends: what to ask `list` for; null at the beginning. */
  readonly older: Revision | null;
  list(query?: ActivityQuery): Promise<Result<ActivityPage>>;
}
