/** The names of the curves; a click switches one off, for this reader only. */
import { asArray, asString, at, type JsonObject } from "../data/json";
import { calculationOf, calculationWord, reduceCells } from "../data/reduce";
import { formatText } from "../data/units";
import type { ChartData } from "./chartData";
import styles from "./TimeSeriesWidget.module.css";

export interface LegendProps {
  readonly json: JsonObject;
  readonly data: ChartData;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
}

export function Legend({ json, data, hidden, onToggle }: LegendProps) {
  const calculations = asArray(at(json, "options", "legend", "calcs"))
    .map((name) => calculationOf(asString(name)))
    .slice(0, 3);
  return (
    <ul className={styles.legend}>
      {data.curves.map((curve) => (
        <li key={curve.name}>
          <button
            type="button"
            className={`${styles.entry} ${hidden.has(curve.name) ? styles.off : ""}`}
            aria-pressed={!hidden.has(curve.name)}
            onClick={() => onToggle(curve.name)}
          >
            <span className={styles.swatch} style={{ background: curve.color }} />
            <span className={styles.label}>{curve.name}</span>
            {calculations.map((calculation) => (
              <span key={calculation} className="num">
                {calculationWord(calculation)}{" "}
                <span className={styles.calc}>
                  {formatText(
                    reduceCells(curve.values, calculation),
                    curve.config.unit,
                    curve.config.decimals,
                  )}
                </span>
              </span>
            ))}
          </button>
        </li>
      ))}
    </ul>
  );
}
