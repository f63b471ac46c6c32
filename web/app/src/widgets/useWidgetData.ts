/** The data of a widget. Asked again when its targets change, and with time where the data moves with time. */
import { useEffect, useState } from "react";
import type { JsonObject } from "../data/json";
import { isLive, loadWidgetData, type WidgetData } from "../data/sources";
import type { TimeWindow } from "../data/timeRange";

/** `null` until the first answer. */
export function useWidgetData(widget: JsonObject, window: TimeWindow): WidgetData | null {
  const [data, setData] = useState<WidgetData | null>(null);
  const { targets, datasource } = widget;
  const live = isLive(widget);
  const fromMs = live ? window.fromMs : 0;
  const toMs = live ? window.toMs : 0;
  useEffect(() => {
    let current = true;
    const asked: JsonObject = { targets: targets ?? [], datasource: datasource ?? null };
    void loadWidgetData(asked, { fromMs, toMs }).then((answer) => {
      if (current) setData(answer);
    });
    return () => {
      current = false;
    };
  }, [targets, datasource, fromMs, toMs]);
  return data;
}
