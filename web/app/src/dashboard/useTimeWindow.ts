/** The time range of this viewer, or the dashboard's own, as a window that moves on in whole steps. */
import { useMemo } from "react";
import type { JsonObject } from "../data/json";
import { stepMs } from "../data/testdata";
import { refreshMs, type TimeWindow, windowOf } from "../data/timeRange";
import { useNow } from "../ui/useNow";
import { useUi } from "./uiStore";

const DEFAULT_REFRESH_MS = 15_000;

export function useTimeWindow(root: JsonObject): TimeWindow {
  const now = useNow(refreshMs(root) ?? DEFAULT_REFRESH_MS);
  const range = useUi((state) => state.range);
  const { time } = root;
  const shown = useMemo(() => ({ time: range ? { ...range } : (time ?? null) }), [range, time]);
  const step = stepMs(windowOf(shown, now));
  const aligned = Math.floor(now / step) * step;
  return useMemo(() => windowOf(shown, aligned), [shown, aligned]);
}
