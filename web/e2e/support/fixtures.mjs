/** Dashboards that the tests start from. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const CORPUS = fileURLToPath(new URL("../../../../shared/corpus/dashboards/", import.meta.url));

/** Four panels next to and below each other, one of them text. */
export function fourPanels() {
  const panel = (id, type, title, x, y, more = {}) => ({
    id,
    type,
    title,
    gridPos: { x, y, w: 8, h: 6 },
    ...more,
  });
  return {
    title: "Four panels",
    schemaVersion: 39,
    panels: [
      panel(1, "stat", "Load", 0, 0),
      panel(2, "timeseries", "Memory", 8, 0),
      panel(3, "text", "Notes", 16, 0, { options: { mode: "markdown", content: "middle" } }),
      panel(4, "table", "Disks", 0, 6),
    ],
    "unknown key": { kept: [1, { deep: true }] },
  };
}

/** One panel of each kind that is drawn, with data, one row, and one kind that is not drawn. */
export function allKinds() {
  const targets = [
    { refId: "A", datasource: { type: "coboard-testdata" }, scenario: "random_walk", seed: 7 },
  ];
  const panel = (id, type, title, x, y, more = { targets }) => ({
    id,
    type,
    title,
    description: `What ${title} is about`,
    gridPos: { x, y, w: 8, h: 6 },
    ...more,
  });
  const content =
    "# Heading\n\nWords with a [link](https://example.com) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |";
  return {
    title: "All kinds",
    schemaVersion: 39,
    time: { from: "now-6h", to: "now" },
    panels: [
      panel(1, "timeseries", "A time series", 0, 0),
      panel(2, "stat", "A stat", 8, 0),
      panel(3, "gauge", "A gauge", 16, 0),
      panel(4, "bargauge", "A bar gauge", 0, 6),
      panel(5, "table", "A table", 8, 6),
      panel(6, "text", "A text", 16, 6, { options: { mode: "markdown", content } }),
      panel(7, "heatmap", "Not drawn", 0, 12),
      panel(8, "stat", "Without data", 8, 12, {}),
      { id: 9, type: "row", title: "A row", gridPos: { x: 0, y: 18, w: 24, h: 1 }, panels: [] },
    ],
  };
}

/** The panel of this title in an exported dashboard. */
export function panelOf(dashboard, title) {
  return dashboard.panels.find((panel) => panel.title === title);
}

/** Real dashboards by name; none where they are not at hand. */
export async function corpus() {
  const folder = process.env.COBOARD_CORPUS ?? CORPUS;
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name) => ({ name, path: folder + name, text: await readFile(folder + name, "utf8") })),
  );
}
