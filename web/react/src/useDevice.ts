/** What is kept on this device. */
import type { DashboardSummary, DeviceDocument, DeviceStatus } from "@coboard/client";
import { useClient } from "./useClient.js";
import { useReadable } from "./useReadable.js";

/** The storage of this device at this moment. @public */
export interface DeviceState {
  status: DeviceStatus;
  documents: readonly DeviceDocument[];
  list: { rows: readonly DashboardSummary[]; atMs: number } | null;
}

/**
 * Whether anything is kept on this device, and which Documents can be opened without a network.
 *
 * @example
 * const { documents } = useDevice();
 * @public
 */
export function useDevice(): DeviceState {
  const { device } = useClient();
  const status = useReadable(device.status);
  const documents = useReadable(device.documents);
  const list = useReadable(device.list);
  return { status, documents, list };
}
