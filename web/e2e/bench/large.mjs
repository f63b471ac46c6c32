/** A dashboard of the size of the largest that people publish, and edits of it; the same in each run. */

const PANELS = 276;
const WORDS =
  "node cpu memory disk network container pod namespace request latency error rate total bytes seconds bucket " +
  "sum count filesystem receive transmit queue worker thread heap garbage cache hit miss cluster instance job device";
const UNITS = ["short", "bytes", "percentunit", "s", "ops", "Bps"];

/** Numbers from 0 to below `limit` (mulberry32). */
function generator(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
}

/** About 450 KB of JSON. */
export function largeDashboard() {
  const random = generator(9);
  const words = WORDS.split(" ");
  const pick = (all) => all[random(all.length)];
  const name = (count) => Array.from({ length: count }, () => pick(words)).join("_");
  const query = (refId) => ({
    refId,
    datasource: { type: "prometheus", uid: "$datasource" },
    expr: `sum(rate(${name(4)}{cluster="$cluster", ${pick(words)}=~"$${pick(words)}"}[$__rate_interval])) by (${pick(words)}) / ${name(3)}`,
    legendFormat: `{{${pick(words)}}} ${name(2)}`,
    range: true,
  });
  const panels = Array.from({ length: PANELS }, (_, index) => ({
    id: index + 1,
    type: pick(["timeseries", "stat", "gauge", "table"]),
    title: name(3).replaceAll("_", " "),
    description: `How ${name(8).replaceAll("_", " ")} has been in the last hours.`,
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
    datasource: { type: "prometheus", uid: "$datasource" },
    fieldConfig: {
      defaults: {
        unit: pick(UNITS),
        min: 0,
        max: random(1_000),
        color: { mode: "palette-classic" },
        custom: {
          drawStyle: "line",
          fillOpacity: random(100),
          lineWidth: 1 + random(3),
          spanNulls: false,
          stacking: { mode: "none" },
        },
        thresholds: {
          mode: "absolute",
          steps: [
            { color: "green", value: null },
            { color: "orange", value: random(80) },
            { color: "red", value: 80 + random(20) },
          ],
        },
      },
      overrides: [
        { matcher: { id: "byName", options: name(2) }, properties: [{ id: "unit", value: pick(UNITS) }] },
      ],
    },
    options: {
      legend: { displayMode: "table", placement: "bottom", calcs: ["mean", "max"] },
      tooltip: { mode: "multi" },
    },
    targets: ["A", "B", "C"].map(query),
  }));
  return { title: "Large", schemaVersion: 39, tags: ["bench"], time: { from: "now-6h", to: "now" }, panels };
}

/** Edits one after the other, as people make them: mostly places, some titles, queries and numbers. */
export function* edits(handle, { panels }) {
  const random = generator(panels.length);
  for (let made = 0; ; made += 1) {
    const at = handle.pathOf(["panels", random(panels.length)]);
    const kind = random(10);
    if (kind < 6) {
      handle.edit(`move ${made}`, (edit) => {
        edit.set(`${at}/gridPos/x`, random(13));
        edit.set(`${at}/gridPos/y`, random(4_000));
      });
    } else if (kind < 8) {
      handle.edit(`type ${made}`, (edit) => edit.text(`${at}/title`, [0, `${made} `]));
    } else if (kind < 9) {
      handle.edit(`maximum ${made}`, (edit) => edit.set(`${at}/fieldConfig/defaults/max`, made));
    } else {
      handle.edit(`legend ${made}`, (edit) =>
        edit.set(`${at}/options/legend/placement`, ["right", "bottom"][made % 2]),
      );
    }
    yield made;
  }
}
