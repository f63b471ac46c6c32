/** The time range of this viewer, or the dashboard's own, as a window that moves on in whole steps. */
import { useMemo } from "react";
import type { JsonObject } from "../data/json";
import { stepMs } from "../data/testdata";
import { everyMs, refreshMs, type TimeWindow, windowOf } from "../data/timeRange";
import { useNow } from "../ui/useNow";
import { useUi } from "./uiStore";

export function useTimeWindow(root: JsonObject): TimeWindow {
  const own = useUi((state) => state.refresh);
  const range = useUi((state) => state.range);
  const refreshedAtMs = useUi((state) => state.refreshedAtMs);
  const now = useNow(own === null ? refreshMs(root) : everyMs(own));
  const { time } = root;
  // Another range ends now, whenever data was asked for last.
  const [shown, chosenAtMs] = useMemo(
    () => [{ time: range ? { ...range } : (time ?? null) }, Date.now()],
    [range, time],
  );
  const latest = Math.max(now, chosenAtMs);
  const step = stepMs(windowOf(shown, latest));
  const aligned = Math.floor(latest / step) * step;
  const end = Math.max(aligned, refreshedAtMs);
  return useMemo(() => windowOf(shown, end), [shown, end]);
}
