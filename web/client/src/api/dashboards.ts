/** The catalogue of dashboards, over HTTP and live through the lobby. */
import type { DocumentId, Json, Loaded, Readable, Result, Revision } from "./basic.js";
import type { PathPolicy } from "./conflicts.js";

/** One row of the list. @public */
export interface DashboardSummary {
  id: DocumentId;
  title: string;
  folder: string | null;
  tags: readonly string[];
  revision: Revision;
  createdAtMs: number;
  updatedAtMs: number;
  updatedBy: { id: string; name: string } | null;
  widgetCount: number;
  /** Rectangles of the widgets, in grid units, for a thumbnail. */
  preview: readonly { x: number; y: number; w: number; h: number; type: string }[];
  /** People in it at this moment. */
  online: number;
}

/** What creating, importing and renaming answer. @public */
export interface DashboardReference {
  id: DocumentId;
  title: string;
  revision: Revision;
}

/**
 * The catalogue.
 *
 * @example
 * const created = await client.dashboards.create({ title: "CPU" });
 * if (created.ok) open(created.value.id);
 * @public
 */
export interface Dashboards {
  /** Kept up to date by the server while somebody is subscribed; newest change first. */
  readonly all: Readable<Loaded<readonly DashboardSummary[]>>;
  list(query?: { search?: string }): Promise<Result<readonly DashboardSummary[]>>;
  create(request?: { title?: string }): Promise<Result<DashboardReference>>;
  /** Any JSON object; unknown keys are kept. A string is taken as JSON text. */
  import(dashboard: Json | string): Promise<Result<DashboardReference>>;
  update(
    id: DocumentId,
    change: { title?: string; tags?: readonly string[] },
  ): Promise<Result<DashboardReference>>;
  rename(id: DocumentId, title: string): Promise<Result<DashboardReference>>;
  delete(id: DocumentId): Promise<Result<void>>;
  /** The dashboard as JSON, as it would be imported again. */
  export(id: DocumentId): Promise<Result<Json>>;
  /** What decides where two people change the same thing. */
  policies(id: DocumentId): Promise<Result<readonly PathPolicy[]>>;
  /**
   * Replaces all of them. They hold at once. With `before` only if those are there that the change was made on, else it
   * is refused with `E_REV_OLD`.
   */
  setPolicies(
    id: DocumentId,
    policies: readonly PathPolicy[],
    options?: { before?: readonly PathPolicy[] },
  ): Promise<Result<readonly PathPolicy[]>>;
}
