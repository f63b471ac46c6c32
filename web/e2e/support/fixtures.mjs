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
