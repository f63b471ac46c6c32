/** People in browsers: one browser process, a context of its own for each person. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** A built application that is tried in place of the one in the server: a change of pages needs no new server. */
const APPLICATION = process.env.COBOARD_APPLICATION;
const VIEWPORT = { width: 1280, height: 900 };

/** A browser. Close it after the tests of a file. */
export function openBrowser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--force-prefers-reduced-motion",
      // Pages that come from a folder count as from elsewhere, and may not open a WebSocket to this machine.
      ...(APPLICATION ? ["--disable-features=LocalNetworkAccessChecks"] : []),
    ],
  });
}

/**
 * Somebody with a browser profile of their own, on an empty page.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {string} name
 * @param {{websocket?: boolean, colorScheme?: "light" | "dark"}} options
 */
export async function meet(browser, name, { websocket = true, colorScheme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: VIEWPORT,
    reducedMotion: "reduce",
    colorScheme,
    ...(APPLICATION ? { serviceWorkers: "block" } : {}),
  });
  if (APPLICATION) await serveFrom(context, APPLICATION);
  const id = `u-${name.toLowerCase()}`;
  await context.addInitScript(
    ([key, value]) => {
      if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    },
    ["coboard-identity", JSON.stringify({ id, name })],
  );
  if (!websocket) {
    await context.addInitScript(() => {
      // Nobody listens there: as with a proxy that lets no WebSocket through, each one fails.
      globalThis.WebSocket = class extends WebSocket {
        constructor() {
          super("ws://127.0.0.1:1");
        }
      };
    });
  }
  const page = await context.newPage();
  return { name, context, page, complaints: listen(page) };
}

/** Answers for pages and their files from a folder; everything else goes to the server. */
async function serveFrom(context, folder) {
  await context.route(
    ({ pathname }) => !/^\/(api|socket\.io|healthz)/.test(pathname),
    (route) => {
      const { pathname } = new URL(route.request().url());
      const file = join(folder, pathname);
      const isFile = pathname !== "/" && existsSync(file);
      return route.fulfill({ path: isFile ? file : join(folder, "index.html") });
    },
  );
}

/** What the page complains about, from now on: errors on the console and errors nobody caught. */
function listen(page) {
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}
