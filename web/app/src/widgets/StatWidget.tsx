/** One number, large; several as tiles. */
import { Hash } from "lucide-react";
import type { Frame } from "../data/frame";
import { asString, at, type JsonObject } from "../data/json";
import { fitFont, tileGrid } from "./fitText";
import { Message } from "./Message";
import { Sparkline } from "./Sparkline";
import styles from "./StatWidget.module.css";
import { useSize } from "./useSize";
import { type Value, valuesOf } from "./values";

export interface StatWidgetProps {
  readonly json: JsonObject;
  readonly frames: readonly Frame[];
}

export function StatWidget({ json, frames }: StatWidgetProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  const values = valuesOf(json, frames);
  const { columns, rows } = tileGrid(values.length, size.width, size.height);
  if (values.length === 0) return <Message icon={<Hash size={14} />} headline="The data holds no numbers." />;
  const box = { width: size.width / columns, height: size.height / rows };
  return (
    <div
      ref={ref}
      className={styles.tiles}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {size.height > 0 &&
        values.map((value) => (
          <Tile key={value.key} json={json} value={value} many={values.length > 1} box={box} />
        ))}
    </div>
  );
}

interface TileProps {
  readonly json: JsonObject;
  readonly value: Value;
  readonly many: boolean;
  readonly box: { readonly width: number; readonly height: number };
}

function Tile({ json, value, many, box }: TileProps) {
  const mode = asString(at(json, "options", "textMode")) ?? "auto";
  const filled = (asString(at(json, "options", "colorMode")) ?? "value").startsWith("background");
  const plain = asString(at(json, "options", "colorMode")) === "none";
  const showName = mode === "value_and_name" || mode === "name" || (many && mode !== "value");
  const spark = value.trend && asString(at(json, "options", "graphMode")) !== "none" && box.height > 56;
  const { prefix, value: figures, suffix } = value.shown;
  const length = prefix.length + figures.length + suffix.length * 0.56;
  const room = box.height - (showName ? 16 : 0) - (spark ? box.height * 0.3 : 0);
  const font = fitFont(box.width - 24, room * (many ? 0.6 : 0.62), length, 14, 56);
  const color = filled ? "#fff" : plain ? "var(--text)" : value.color;
  const background = filled ? { background: `color-mix(in srgb, ${value.color} 82%, black)` } : {};
  return (
    <div
      className={[styles.tile, many ? styles.many : "", filled ? styles.filled : ""].join(" ")}
      style={{ ...background, paddingBottom: spark ? box.height * 0.26 : undefined }}
    >
      {spark && value.trend && (
        <Sparkline
          className={styles.spark}
          values={value.trend}
          width={Math.floor(box.width)}
          height={Math.max(14, Math.floor(box.height * 0.32))}
          color={filled ? "#fff" : plain ? "var(--series-1)" : value.color}
        />
      )}
      {showName && (
        <span className={styles.name} title={value.name}>
          {value.name}
        </span>
      )}
      {mode !== "name" && (
        <span className={`${styles.value} num`} style={{ fontSize: font, color }}>
          {prefix}
          {figures}
          <span className={styles.suffix}>{suffix}</span>
        </span>
      )}
    </div>
  );
}
