/** What the SDK keeps on this device, so that work survives a reload and Documents open without a network. */
import type { CoboardError } from "../errors.js";
import type { DocumentId, Readable } from "./basic.js";
import type { DashboardSummary } from "./dashboards.js";

/** Whether anything is kept. @public */
export type DeviceStatus =
  | { state: "opening" }
  /** Nobody is known yet: the server has not told whose token this is. */
  | { state: "waiting" }
  /** `persisted`: the browser has promised not to clear it by itself; null: it was not asked yet. */
  | { state: "ready"; persisted: boolean | null }
  /** Work lives in memory alone; the error says why. */
  | { state: "unavailable"; error: CoboardError };

/** A Document that can be opened without a network. @public */
export interface DeviceDocument {
  id: DocumentId;
  /** As it was when it was last open here. */
  title: string | null;
  openedAtMs: number;
  /** Own operations on the device that the server has not, of all tabs. */
  pendingCount: number;
  /** Own operations that were refused and not dismissed. */
  refusedCount: number;
  /** Its row in the list, as it was last seen. */
  summary: DashboardSummary | null;
}

/**
 * The storage of this device.
 *
 * @example
 * client.device.documents.subscribe((documents) => showAvailableOffline(documents));
 * @public
 */
export interface Device {
  readonly status: Readable<DeviceStatus>;
  /** Opened last first; empty until somebody is known. */
  readonly documents: Readable<readonly DeviceDocument[]>;
  /** The list of dashboards as it was last seen here; null where it never was. */
  readonly list: Readable<{ rows: readonly DashboardSummary[]; atMs: number } | null>;
}
