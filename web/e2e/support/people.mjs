/** People in browsers: one browser process, a context of its own for each person. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { claim } from "./network.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** A built application that is tried in place of the one in the server: a change of pages needs no new server. */
export const APPLICATION = process.env.COBOARD_APPLICATION;
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
 * @param {import("./network.mjs").Network} line what leads to the server
 * @param {string} name
 * @param {{colorScheme?: "light" | "dark", viewport?: {width: number, height: number}, touch?: boolean, motion?: boolean}} options
 */
export async function meet(browser, line, name, options = {}) {
  const { colorScheme = "light", viewport = VIEWPORT, touch = false, motion = false } = options;
  const context = await browser.newContext({
    viewport,
    hasTouch: touch,
    reducedMotion: motion ? "no-preference" : "reduce",
    colorScheme,
    ...(APPLICATION ? { serviceWorkers: "block" } : {}),
  });
  if (APPLICATION) await serveFrom(context, APPLICATION, line.url);
  const id = `u-${name.toLowerCase()}`;
  await context.addInitScript(
    ([key, value]) => {
      if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    },
    ["coboard-identity", JSON.stringify({ id, name })],
  );
  await recordClaims(context, line.url);
  const page = await context.newPage();
  return { name, line, context, page, complaints: listen(page, line) };
}

/** Answers for pages of the server and their files from a folder; everything else goes where it is. */
export async function serveFrom(context, folder, server) {
  await context.route(
    ({ origin, pathname }) => (!server || origin === server) && !/^\/(api|socket\.io|healthz)/.test(pathname),
    (route) => {
      const { pathname } = new URL(route.request().url());
      const file = join(folder, pathname);
      const isFile = pathname !== "/" && existsSync(file);
      return route.fulfill({ path: isFile ? file : join(folder, "index.html") });
    },
  );
}

/** Tells the network which transport the pages of a person say that they are connected by. */
async function recordClaims(context, url) {
  await context.exposeFunction("claimTransport", (transport) => claim(url, transport));
  await context.addInitScript(() => {
    const seek = () => {
      const pill = document.querySelector("[data-testid='status-pill']");
      if (pill?.dataset.transport) globalThis.claimTransport(pill.dataset.transport);
    };
    const options = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-transport"] };
    new MutationObserver(seek).observe(document, options);
  });
}

/** What the page complains about, from now on: errors on the console and errors nobody caught. */
function listen(page, network) {
  const complaints = [];
  page.on("console", (message) => {
    const text = `${message.text()} (${message.location().url})`;
    // A network that refuses a transport is refused with a complaint.
    const expected = network.refuses && text.includes("/socket.io/");
    if (message.type() === "error" && !expected) complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}
