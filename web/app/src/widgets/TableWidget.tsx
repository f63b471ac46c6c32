/** Rows and columns. Only the rows in sight are in the page, so ten thousand are as quick as ten. */
import { ArrowDown, ArrowUp, Table2 } from "lucide-react";
import { type CSSProperties, useMemo, useState } from "react";
import { namedColor } from "../data/colors";
import type { Cell, Field, Frame } from "../data/frame";
import { asString, at, type JsonObject } from "../data/json";
import { colorAt } from "../data/thresholds";
import { formatText } from "../data/units";
import { fullMoment } from "../ui/time";
import { type FieldConfig, fieldConfig, mappedValue } from "./fieldConfig";
import { Message } from "./Message";
import styles from "./TableWidget.module.css";
import { rowOrder, type Sort, tableFields } from "./tableRows";
import { useSize } from "./useSize";

const ROW_PX = 28;
const OVERSCAN = 6;

export interface TableWidgetProps {
  readonly json: JsonObject;
  readonly frames: readonly Frame[];
}

export function TableWidget({ json, frames }: TableWidgetProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  const [top, setTop] = useState(0);
  const [sort, setSort] = useState<Sort | null>(null);
  const fields = useMemo(() => tableFields(frames), [frames]);
  const configs = useMemo(() => fields.map((field) => fieldConfig(json, field.name)), [fields, json]);
  const order = useMemo(() => rowOrder(fields, sort), [fields, sort]);
  if (fields.length === 0)
    return <Message icon={<Table2 size={14} />} headline="The data holds no columns." />;
  const first = Math.max(0, Math.floor(top / ROW_PX) - OVERSCAN);
  const rows = order.slice(first, first + Math.ceil(size.height / ROW_PX) + 2 * OVERSCAN);
  const below = order.length - first - rows.length;
  return (
    <div ref={ref} className={styles.scroll} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
      <table className={styles.table}>
        <thead>
          <tr>
            {fields.map((field, column) => (
              <HeadCell
                key={field.name}
                field={field}
                label={configs[column]?.displayName ?? field.name}
                sort={sort?.column === column ? sort : null}
                onSort={() => setSort((old) => nextSort(old, column))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Filler height={first * ROW_PX} columns={fields.length} />}
          {rows.map((row) => (
            <tr key={row} className={styles.row}>
              {fields.map((field, column) => (
                <BodyCell
                  key={field.name}
                  field={field}
                  cell={field.values[row] ?? null}
                  config={configs[column]}
                />
              ))}
            </tr>
          ))}
          {below > 0 && <Filler height={below * ROW_PX} columns={fields.length} />}
        </tbody>
      </table>
    </div>
  );
}

/** Ascending, descending, as given. */
function nextSort(old: Sort | null, column: number): Sort | null {
  if (old?.column !== column) return { column, descending: false };
  return old.descending ? null : { column, descending: true };
}

interface HeadCellProps {
  readonly field: Field;
  readonly label: string;
  readonly sort: Sort | null;
  readonly onSort: () => void;
}

function HeadCell({ field, label, sort, onSort }: HeadCellProps) {
  const direction = sort ? (sort.descending ? "descending" : "ascending") : "none";
  return (
    <th
      className={`${styles.head} ${field.kind === "number" ? styles.right : ""}`}
      aria-sort={direction}
      scope="col"
    >
      <button type="button" className={styles.sort} onClick={onSort}>
        {label}
        {sort && (sort.descending ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
      </button>
    </th>
  );
}

interface BodyCellProps {
  readonly field: Field;
  readonly cell: Cell;
  readonly config: FieldConfig | undefined;
}

function BodyCell({ field, cell, config }: BodyCellProps) {
  const text = cellText(field, cell, config);
  return (
    <td
      className={`${styles.cell} ${field.kind === "number" ? `${styles.right} num` : ""}`}
      style={cellStyle(cell, config)}
      title={text.length > 40 ? text : undefined}
    >
      {text}
    </td>
  );
}

function cellText(field: Field, cell: Cell, config: FieldConfig | undefined): string {
  if (cell === null) return config?.noValue ?? "–";
  if (field.kind === "time" && typeof cell === "number") return fullMoment(cell);
  if (typeof cell !== "number") return String(cell);
  return (config && mappedValue(config, cell)?.text) ?? formatText(cell, config?.unit, config?.decimals);
}

/** A cell is coloured only where the column asks for it. */
function cellStyle(cell: Cell, config: FieldConfig | undefined): CSSProperties | undefined {
  if (typeof cell !== "number" || !config) return undefined;
  const wanted =
    asString(at(config.custom, "cellOptions", "type")) ?? asString(config.custom.displayMode) ?? "";
  if (!wanted.startsWith("color")) return undefined;
  const mapped = mappedValue(config, cell)?.color;
  const name = mapped ?? colorAt(config.thresholds, cell, config.min, config.max);
  const color = name ? namedColor(name) : null;
  if (!color) return undefined;
  return wanted.includes("background")
    ? { background: `color-mix(in srgb, ${color} 22%, transparent)` }
    : { color, fontWeight: 600 };
}

function Filler({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    <tr>
      <td className={styles.filler} colSpan={columns} style={{ height }} />
    </tr>
  );
}
