/** Numbers as bars, one below the other. */
import { ChartBarBig } from "lucide-react";
import type { Frame } from "../data/frame";
import type { JsonObject } from "../data/json";
import styles from "./BarGaugeWidget.module.css";
import { Message } from "./Message";
import { type Value, valuesOf } from "./values";

export interface BarGaugeWidgetProps {
  readonly json: JsonObject;
  readonly frames: readonly Frame[];
}

export function BarGaugeWidget({ json, frames }: BarGaugeWidgetProps) {
  const values = valuesOf(json, frames);
  if (values.length === 0)
    return <Message icon={<ChartBarBig size={14} />} headline="The data holds no numbers." />;
  const largest = Math.max(...values.map((value) => value.max));
  return (
    <div className={styles.scroll}>
      <div className={styles.bars}>
        {values.map((value) => (
          <Bar key={value.key} value={value} largest={largest} />
        ))}
      </div>
    </div>
  );
}

function Bar({ value, largest }: { readonly value: Value; readonly largest: number }) {
  const max = value.config.max ?? largest;
  const share = Math.min(1, Math.max(0, ((value.number ?? value.min) - value.min) / (max - value.min || 1)));
  return (
    <div>
      <div className={styles.line}>
        <span className={styles.name} title={value.name}>
          {value.name}
        </span>
        <span className={`${styles.value} num`}>
          {value.shown.prefix}
          {value.shown.value}
          {value.shown.suffix}
        </span>
      </div>
      <div className={styles.track}>
        <div className={styles.fill} style={{ width: `${share * 100}%`, background: value.color }} />
      </div>
    </div>
  );
}
