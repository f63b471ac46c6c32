/** A row of the list as it comes over the wire. */
import type { DashboardSummary } from "../api/dashboards.js";

/** A dashboard in the answer of the list. @internal */
export interface WireSummary {
  id: string;
  title: string;
  folder?: string | null;
  tags?: readonly string[];
  revision: number;
  created_at_ms: number;
  updated_at_ms: number;
  updated_by?: { id: string; name: string } | null;
  widget_count?: number;
  preview?: readonly { x: number; y: number; w: number; h: number; type: string }[];
  online?: number;
}

/** Reads a row. @internal */
export function readSummary(wire: WireSummary): DashboardSummary {
  return {
    id: wire.id,
    title: wire.title,
    folder: wire.folder || null,
    tags: wire.tags ?? [],
    revision: wire.revision,
    createdAtMs: wire.created_at_ms,
    updatedAtMs: wire.updated_at_ms,
    updatedBy: wire.updated_by ?? null,
    widgetCount: wire.widget_count ?? 0,
    preview: wire.preview ?? [],
    online: wire.online ?? 0,
  };
}
