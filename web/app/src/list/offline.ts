/** What the list shows without a server: what it last said, and what can be opened all the same. Pure. */
import type { ConnectionStatus, DashboardSummary, DeviceDocument, DocumentId, Loaded } from "@coboard/client";

export interface ListView {
  readonly rows: readonly DashboardSummary[];
  /** Without a server: only those on the device can be opened, and nothing can be made. */
  readonly offline: boolean;
  /** Those on the device, and what waits in each. */
  readonly onDevice: ReadonlyMap<DocumentId, DeviceDocument>;
}

/** Why something on this page cannot be used now. */
export const NEEDS_SERVER = "This needs a connection to the server.";

/** A connection that is gone for one failed attempt only is no reason to change the page. */
const ATTEMPTS_CALM = 1;

export function listView(
  dashboards: Loaded<readonly DashboardSummary[]>,
  connection: ConnectionStatus,
  documents: readonly DeviceDocument[],
  last: readonly DashboardSummary[],
): ListView {
  const offline = isOffline(connection, dashboards.status === "ready");
  const rows = dashboards.status === "ready" ? dashboards.value : offline ? last : [];
  const listed = new Set(rows.map(({ id }) => id));
  const others =
    offline && dashboards.status !== "ready" ? documents.filter(({ id }) => !listed.has(id)) : [];
  const onDevice = new Map(documents.map((document) => [document.id, document]));
  const all = [...others.map(rowOf), ...rows];
  // What can be opened comes first.
  const sorted = offline
    ? all.toSorted((a, b) => Number(onDevice.has(b.id)) - Number(onDevice.has(a.id)))
    : all;
  return { rows: sorted, offline, onDevice };
}

function isOffline(connection: ConnectionStatus, hasList: boolean): boolean {
  switch (connection.state) {
    case "reconnecting":
      return !hasList || connection.attempt > ATTEMPTS_CALM;
    case "disconnected":
    case "needs-auth":
    case "error":
      return true;
    case "initial":
    case "connecting":
    case "connected":
      return false;
  }
}

/** A dashboard that the list never had, as for a link that somebody sent. */
function rowOf({ id, title, openedAtMs, summary }: DeviceDocument): DashboardSummary {
  return (
    summary ?? {
      id,
      title: title ?? "",
      folder: null,
      tags: [],
      revision: 0,
      createdAtMs: openedAtMs,
      updatedAtMs: openedAtMs,
      updatedBy: null,
      widgetCount: 0,
      preview: [],
      online: 0,
    }
  );
}
