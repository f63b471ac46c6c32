/** Sizes of type that fill a box without leaving it. */

/** Width of an average figure of Inter at weight 600, in em. A measurement of "0–9" with tabular figures. */
const FIGURE_EM = 0.62;

/** The largest font size at which `length` figures fit into a box. */
export function fitFont(width: number, height: number, length: number, min: number, max: number): number {
  const byWidth = width / (Math.max(1, length) * FIGURE_EM);
  return Math.max(min, Math.min(max, Math.floor(Math.min(byWidth, height))));
}

/** Columns and rows that give `count` tiles the best shape in a box. */
export function tileGrid(
  count: number,
  width: number,
  height: number,
  aspect = 2,
): { columns: number; rows: number } {
  let best = { columns: 1, rows: Math.max(1, count), score: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = Math.min(width / columns / aspect, height / rows);
    if (tile >= best.score) best = { columns, rows, score: tile };
  }
  return { columns: best.columns, rows: best.rows };
}
