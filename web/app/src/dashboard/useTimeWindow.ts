/** The dashboard's time range as a window that moves on in whole steps. */
import { useMemo } from "react";
import type { JsonObject } from "../data/json";
import { stepMs } from "../data/testdata";
import { refreshMs, type TimeWindow, windowOf } from "../data/timeRange";
import { useNow } from "../ui/useNow";

const DEFAULT_REFRESH_MS = 15_000;

export function useTimeWindow(root: JsonObject): TimeWindow {
  const now = useNow(refreshMs(root) ?? DEFAULT_REFRESH_MS);
  const step = stepMs(windowOf(root, now));
  const aligned = Math.floor(now / step) * step;
  const { time } = root;
  return useMemo(() => windowOf({ time: time ?? null }, aligned), [time, aligned]);
}
