/** Colour names as dashboards write them, mapped onto our tokens, so that both themes stay readable. */

const SERIES_COUNT = 8;
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/green$/, "var(--level-good)"],
  [/yellow$/, "var(--level-note)"],
  [/orange$/, "var(--level-warn)"],
  [/red$/, "var(--level-bad)"],
  [/blue$/, "var(--level-info)"],
  [/purple$/, "var(--level-other)"],
];

/** The colour of the n-th series. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % SERIES_COUNT) + 1})`;
}

/** A CSS colour for a name ("dark-red", "#F2495C", "text"); `null` if it is none we know. */
export function namedColor(name: string): string | null {
  if (name === "text") return "var(--text)";
  if (name === "transparent") return "transparent";
  if (/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(name)) return name;
  if (/^rgba?\([\d\s.,%/]+\)$/i.test(name)) return name;
  return FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Names the editor offers for thresholds. */
export const LEVEL_CHOICES: readonly { value: string; label: string }[] = [
  { value: "green", label: "Good" },
  { value: "yellow", label: "Note" },
  { value: "orange", label: "Warning" },
  { value: "red", label: "Bad" },
  { value: "blue", label: "Info" },
  { value: "purple", label: "Other" },
  { value: "text", label: "Text" },
];

/** The value of a `var(--…)` colour now, for a canvas that knows no variables. */
export function resolveColor(element: Element, color: string): string {
  const match = /^var\((--[\w-]+)\)$/.exec(color);
  return match?.[1] ? getComputedStyle(element).getPropertyValue(match[1]).trim() : color;
}
