/** The icon of a kind of widget. */
import { ChartBarBig, ChartLine, Gauge, Hash, Rows3, Shapes, Table2, TextIcon } from "lucide-react";
import { drawnType } from "./catalogue";

export function WidgetIcon({ type, size = 16 }: { readonly type: string; readonly size?: number }) {
  if (type === "row") return <Rows3 size={size} />;
  switch (drawnType(type)) {
    case "timeseries":
      return <ChartLine size={size} />;
    case "stat":
      return <Hash size={size} />;
    case "gauge":
      return <Gauge size={size} />;
    case "bargauge":
      return <ChartBarBig size={size} />;
    case "table":
      return <Table2 size={size} />;
    case "text":
      return <TextIcon size={size} />;
    case null:
      return <Shapes size={size} />;
  }
}
