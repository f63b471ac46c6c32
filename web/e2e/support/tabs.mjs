/** Tabs of one person in one browser, and how they end. */
import { Dashboard } from "./dashboard.mjs";
import { until } from "./until.mjs";

/** Whose connection a tab uses: "own-socket", "other-tab", or null while it has none. */
export function via(dashboard) {
  return dashboard.byTestId("status-pill").getAttribute("data-via");
}

/** A further tab of somebody, at a dashboard. */
export async function openTab({ context, line }, id, name) {
  return Dashboard.open({ name, line, context, page: await context.newPage() }, null, id);
}

/** The tab that holds the connection. */
export function leaderOf(tabs) {
  return until("one tab leads", async () => {
    const ways = await Promise.all(tabs.map(via));
    const leaders = tabs.filter((_, index) => ways[index] === "own-socket");
    return leaders.length === 1 && leaders[0];
  });
}

/** Ends the process of a tab at once; the browser lives on. */
export async function crash({ page }) {
  const session = await page.context().newCDPSession(page);
  const gone = new Promise((resolve) => page.once("crash", resolve));
  session.send("Page.crash").catch(() => {});
  await gone;
}

/** Keeps a tab so busy that it does nothing else, as a script that has gone wrong. */
export function block({ page }, ms) {
  return page.evaluate((duration) => {
    setTimeout(() => {
      const end = performance.now() + duration;
      while (performance.now() < end);
    });
  }, ms);
}
