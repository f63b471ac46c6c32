/** A browser with a profile on disk that can be killed in the middle of whatever it does, and started again. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { endsWithUs } from "./orphans.mjs";
import { APPLICATION, serveFrom } from "./people.mjs";
import { until } from "./until.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--force-prefers-reduced-motion",
  "--remote-debugging-port=0",
  "--window-size=1280,900",
];

export class MortalBrowser {
  #process = null;
  #browser = null;
  #identity;

  /** @param {string} name whose profile it is */
  constructor(name) {
    this.name = name;
    this.#identity = JSON.stringify({ id: `u-${name.toLowerCase()}`, name });
  }

  /** Starts it on the profile that is there. */
  async start() {
    this.profile ??= await mkdtemp(join(tmpdir(), "coboard-profile-"));
    const portFile = join(this.profile, "DevToolsActivePort");
    await rm(portFile, { force: true });
    // A group of its own, so that the kill takes its children with it.
    this.#process = spawn(CHROMIUM, [...FLAGS, `--user-data-dir=${this.profile}`, "about:blank"], {
      stdio: "ignore",
      detached: true,
    });
    const { pid } = this.#process;
    endsWithUs(this.#process, () => killGroup(pid));
    const [port, path] = await until("the browser listens", async () => {
      const lines = (await readFile(portFile, "utf8")).trim().split("\n");
      return lines.length === 2 && lines;
    });
    this.#browser = await chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`);
    const [context] = this.#browser.contexts();
    if (APPLICATION) {
      await serveFrom(context, APPLICATION);
      // It would go on with the application of the server.
      await context.addInitScript(() => delete Navigator.prototype.serviceWorker);
    }
    await context.addInitScript(
      ([key, value]) => {
        if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
      },
      ["coboard-identity", this.#identity],
    );
    this.context = context;
    return this;
  }

  /** A tab, as one of the people that the tests know. */
  async tab() {
    return { name: this.name, context: this.context, page: await this.context.newPage() };
  }

  /** Ends all of its processes at once. */
  async kill() {
    const child = this.#process;
    if (!child) return;
    this.#process = null;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    killGroup(child.pid);
    await ended;
    await this.#browser?.close().catch(() => {});
  }

  /** Ends it and forgets the profile. */
  async end() {
    await this.kill();
    if (this.profile)
      await rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
