/** The inside of a widget: chooses the drawing for its type, or the sentence that says why there is none. */
import { CircleAlert, Database } from "lucide-react";
import { lazy, memo, Suspense, useMemo } from "react";
import { asString, type JsonObject } from "../data/json";
import { framesOf, type TargetResult, type WidgetData } from "../data/sources";
import type { TimeWindow } from "../data/timeRange";
import { BarGaugeWidget } from "./BarGaugeWidget";
import { type DrawnType, drawnType } from "./catalogue";
import { GaugeWidget } from "./GaugeWidget";
import { Message } from "./Message";
import { NotConnected } from "./NotConnected";
import { Placeholder } from "./Placeholder";
import { StatWidget } from "./StatWidget";
import { TableWidget } from "./TableWidget";
import { useWidgetData } from "./useWidgetData";
import { WidgetBoundary } from "./WidgetBoundary";

const TextWidget = lazy(() => import("./TextWidget"));
const TimeSeriesWidget = lazy(() => import("./TimeSeriesWidget"));

export interface WidgetBodyProps {
  readonly json: JsonObject;
  readonly window: TimeWindow;
}

export const WidgetBody = memo(function WidgetBody({ json, window }: WidgetBodyProps) {
  const type = drawnType(asString(json.type) ?? "");
  return (
    <WidgetBoundary json={json}>
      <Suspense fallback={null}>
        {type === null ? (
          <Placeholder json={json} />
        ) : type === "text" ? (
          <TextWidget json={json} />
        ) : (
          <DataWidget type={type} json={json} window={window} />
        )}
      </Suspense>
    </WidgetBoundary>
  );
});

type DataType = Exclude<DrawnType, "text">;

function DataWidget({ type, json, window }: WidgetBodyProps & { readonly type: DataType }) {
  const data = useWidgetData(json, window);
  const frames = useMemo(() => (data ? framesOf(data) : []), [data]);
  if (!data) return null;
  const reason = whyNothing(data);
  if (reason) return reason;
  switch (type) {
    case "timeseries":
      return <TimeSeriesWidget json={json} frames={frames} />;
    case "stat":
      return <StatWidget json={json} frames={frames} />;
    case "gauge":
      return <GaugeWidget json={json} frames={frames} />;
    case "bargauge":
      return <BarGaugeWidget json={json} frames={frames} />;
    case "table":
      return <TableWidget json={json} frames={frames} />;
  }
}

function whyNothing(data: WidgetData) {
  if (data.results.length === 0) {
    return <Message icon={<Database size={14} />} headline="No data source yet. Add one in the editor." />;
  }
  if (data.results.some((result) => result.state === "ready")) return null;
  const failed = data.results.find((result) => result.state === "failed");
  if (failed?.state === "failed") {
    return (
      <Message problem icon={<CircleAlert size={14} />} headline={`${failed.refId}: ${failed.message}`} />
    );
  }
  return <NotConnected results={data.results.filter(isUnconnected)} />;
}

function isUnconnected(result: TargetResult): result is Extract<TargetResult, { state: "not-connected" }> {
  return result.state === "not-connected";
}
