/** Numbers for people: the units of Grafana's field options that dashboards really use. */

export interface Formatted {
  readonly prefix: string;
  readonly value: string;
  readonly suffix: string;
}

interface Scale {
  readonly base: number;
  readonly steps: readonly string[];
}

const SHORT: Scale = { base: 1000, steps: ["", " K", " Mil", " Bil", " Tri", " Quadr"] };
const binary = (unit: string): Scale => ({
  base: 1024,
  steps: ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((p) => ` ${p}${unit}`),
});
const decimal = (unit: string): Scale => ({
  base: 1000,
  steps: ["", "k", "M", "G", "T", "P", "E"].map((p) => ` ${p}${unit}`),
});
const perSecond = (unit: string): Scale => ({
  base: 1000,
  steps: ["", "K", "M", "G"].map((p) => `${p} ${unit}`),
});

const SCALES: Readonly<Record<string, Scale>> = {
  short: SHORT,
  bytes: binary("B"),
  decbytes: decimal("B"),
  bits: binary("b"),
  decbits: decimal("b"),
  Bps: decimal("B/s"),
  binBps: binary("B/s"),
  bps: decimal("b/s"),
  binbps: binary("b/s"),
  pps: decimal("p/s"),
  ops: perSecond("ops/s"),
  reqps: perSecond("req/s"),
  rps: perSecond("reads/s"),
  wps: perSecond("writes/s"),
  iops: perSecond("io/s"),
  eps: perSecond("evt/s"),
  cps: perSecond("c/s"),
  mps: perSecond("msg/s"),
  hertz: decimal("Hz"),
  watt: decimal("W"),
  volt: decimal("V"),
  amp: decimal("A"),
};

const SUFFIXES: Readonly<Record<string, string>> = {
  percent: "%",
  celsius: " °C",
  fahrenheit: " °F",
  humidity: " %H",
  rotrpm: " rpm",
  dB: " dB",
  reqpm: " req/min",
  opm: " ops/min",
};

const CURRENCIES: Readonly<Record<string, string>> = {
  currencyUSD: "$",
  currencyEUR: "€",
  currencyGBP: "£",
  currencyJPY: "¥",
};

const TIME_STEPS: readonly (readonly [string, number])[] = [
  ["ns", 1e-9],
  ["µs", 1e-6],
  ["ms", 1e-3],
  ["s", 1],
  ["min", 60],
  ["h", 3_600],
  ["d", 86_400],
  ["wk", 604_800],
  ["y", 31_536_000],
];
const TIME_UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  µs: 1e-6,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  dtdurations: 1,
  dtdurationms: 1e-3,
  clocks: 1,
  clockms: 1e-3,
}; // prettier-ignore

/** Units the editor offers first; any other known to the document is kept as it is. */
export const UNIT_CHOICES: readonly { value: string; label: string }[] = [
  { value: "none", label: "None" },
  { value: "short", label: "Short (1.2 K)" },
  { value: "percent", label: "Percent (0–100)" },
  { value: "percentunit", label: "Percent (0.0–1.0)" },
  { value: "bytes", label: "Bytes (IEC)" },
  { value: "decbytes", label: "Bytes (SI)" },
  { value: "Bps", label: "Bytes / second" },
  { value: "bps", label: "Bits / second" },
  { value: "pps", label: "Packets / second" },
  { value: "ops", label: "Operations / second" },
  { value: "reqps", label: "Requests / second" },
  { value: "iops", label: "I/O operations / second" },
  { value: "ns", label: "Nanoseconds" },
  { value: "µs", label: "Microseconds" },
  { value: "ms", label: "Milliseconds" },
  { value: "s", label: "Seconds" },
  { value: "m", label: "Minutes" },
  { value: "h", label: "Hours" },
  { value: "celsius", label: "Celsius" },
  { value: "hertz", label: "Hertz" },
  { value: "watt", label: "Watt" },
  { value: "currencyEUR", label: "Euro (€)" },
  { value: "currencyUSD", label: "Dollar ($)" },
];

/** Splits a number into what stands before, the figures, and the unit. `decimals` as in the document; absent = automatic. */
export function formatValue(value: number | null | undefined, unit?: string, decimals?: number): Formatted {
  if (value === null || value === undefined || !Number.isFinite(value))
    return { prefix: "", value: "–", suffix: "" };
  const kind = unit ?? "none";
  const currency = CURRENCIES[kind];
  if (currency) return { prefix: currency, ...scaled(value, SHORT, decimals) };
  if (kind === "percentunit") return { prefix: "", value: figures(value * 100, decimals), suffix: "%" };
  const scale = SCALES[kind];
  if (scale) return { prefix: "", ...scaled(value, scale, decimals) };
  const seconds = TIME_UNITS[kind];
  if (seconds !== undefined) return { prefix: "", ...duration(value * seconds, kind, decimals) };
  if (kind === "none" || kind === "") return { prefix: "", value: figures(value, decimals), suffix: "" };
  return { prefix: "", value: figures(value, decimals), suffix: SUFFIXES[kind] ?? customSuffix(kind) };
}

/** The same as one string. */
export function formatText(value: number | null | undefined, unit?: string, decimals?: number): string {
  const parts = formatValue(value, unit, decimals);
  return `${parts.prefix}${parts.value}${parts.suffix}`;
}

/** `suffix:req` and `prefix:` style units of Grafana; an unknown name is shown as it is written. */
function customSuffix(unit: string): string {
  return ` ${unit.startsWith("suffix:") ? unit.slice(7) : unit}`;
}

function scaled(value: number, scale: Scale, decimals?: number): Omit<Formatted, "prefix"> {
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= scale.base && step < scale.steps.length - 1) {
    rest /= scale.base;
    step++;
  }
  return { value: figures(rest, decimals), suffix: scale.steps[step] ?? "" };
}

function duration(seconds: number, kind: string, decimals?: number): Omit<Formatted, "prefix"> {
  if (seconds === 0)
    return { value: figures(0, decimals), suffix: /^(ns|µs|ms)$/.test(kind) ? ` ${kind}` : " s" };
  const size = Math.abs(seconds);
  const [name, length] = [...TIME_STEPS].reverse().find(([, step]) => size >= step) ?? ["ns", 1e-9];
  return { value: figures(seconds / length, decimals), suffix: ` ${name}` };
}

/** Enough digits to tell values apart, and no more: three significant ones for small numbers. */
function figures(value: number, decimals?: number): string {
  const fixed = decimals ?? automaticDecimals(value);
  const text = value.toFixed(Math.min(20, Math.max(0, fixed)));
  const trimmed = decimals === undefined && text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return group(trimmed === "-0" ? "0" : trimmed);
}

function automaticDecimals(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value)) return 0;
  if (size >= 100) return 0;
  if (size >= 10) return 1;
  if (size >= 1) return 2;
  return Math.min(8, 2 - Math.floor(Math.log10(size)));
}

/** Thin spaces between groups of three, from five digits on. */
function group(text: string): string {
  const [whole = "", part] = text.split(".");
  const digits = whole.replace("-", "");
  if (digits.length < 5) return text;
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  return part === undefined ? grouped : `${grouped}.${part}`;
}
