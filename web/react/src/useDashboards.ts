/** The list of dashboards. */
import type { DashboardSummary, Loaded } from "@coboard/client";
import { useClient } from "./useClient.js";
import { useReadable } from "./useReadable.js";

/**
 * All dashboards, newest change first, kept up to date while mounted.
 *
 * @example
 * const dashboards = useDashboards();
 * @public
 */
export function useDashboards(): Loaded<readonly DashboardSummary[]> {
  return useReadable(useClient().dashboards.all);
}
