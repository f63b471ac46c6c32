/** A real server on a free port with a data folder of its own, to be killed and started again at will. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Network, ruleOfRun } from "./network.mjs";
import { endsWithUs } from "./orphans.mjs";

const START_MS_MAX = 20_000;
const STOP_MS_MAX = 15_000;
const DEFAULT_BINARY = fileURLToPath(new URL("../../../target/release/coboard", import.meta.url));

export class CoboardServer {
  #process = null;
  #log = [];

  /** A server that runs, behind a network of its own. */
  static async start({ transport = ruleOfRun() } = {}) {
    const server = new CoboardServer();
    server.data = await mkdtemp(join(tmpdir(), "coboard-e2e-"));
    server.port = await freePort();
    server.network = await Network.start(server.port, transport);
    server.url = server.network.url;
    await server.network.down();
    await server.launch();
    return server;
  }

  /** Another network to the same server, to be stopped by the caller. */
  networkBeside() {
    return Network.start(this.port, this.network.rule);
  }

  /** Starts the process on the data that is there. */
  async launch() {
    const binary = process.env.COBOARD_BINARY ?? DEFAULT_BINARY;
    const child = spawn(binary, ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, COBOARD_LOG: process.env.COBOARD_LOG ?? "warn" },
    });
    this.#process = child;
    endsWithUs(child, () => child.kill("SIGKILL"));
    createInterface({ input: child.stderr }).on("line", (line) => this.#log.push(line));
    const lines = createInterface({ input: child.stdout });
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(this.#story("did not start"))), START_MS_MAX);
      lines.on("line", (line) => {
        this.#log.push(line);
        if (line.includes(`:${this.port}`)) {
          clearTimeout(timer);
          resolve();
        }
      });
      child.once("error", reject);
      child.once("exit", () => {
        clearTimeout(timer);
        reject(new Error(this.#story("ended while it started")));
      });
    });
    await this.network.up();
  }

  /** Ends the process at once, in the middle of whatever it does. */
  async kill() {
    await this.#end("SIGKILL");
    await this.network.down();
  }

  /** Ends the process as an operator does, forgets its data, and fails if the network was not what it is called. */
  async stop() {
    await this.#end("SIGTERM");
    await this.network.stop();
    await rm(this.data, { recursive: true, force: true });
    this.network.judge();
  }

  /** Imports a dashboard and gives its id. */
  async import(dashboard) {
    const made = await this.#json("POST", "/api/dashboards/import", dashboard);
    return made.id;
  }

  /** The dashboard as JSON. */
  export(id) {
    return this.#json("GET", `/api/dashboards/${id}/export`);
  }

  /** Replaces what decides where two people change the same thing. */
  setPolicies(id, policies) {
    return this.#json("PUT", `/api/dashboards/${id}/policies`, { policies });
  }

  /** Who wrote the title of an item. */
  async authorOfTitle(id, item) {
    const { cells, revisions } = await this.#json("GET", `/api/dashboards/${id}/attribution?item=${item}`);
    return revisions[cells[`@${item}/title`].revision].author;
  }

  /** Head revision of the dashboard. */
  async revision(id) {
    const { revision } = await this.#json("GET", `/api/dashboards/${id}`);
    return revision;
  }

  /** All dashboards. */
  async list() {
    const { dashboards } = await this.#json("GET", "/api/dashboards");
    return dashboards;
  }

  async #json(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  async #end(signal) {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    await ended;
    clearTimeout(timer);
  }

  #story(what) {
    return `the server ${what}:\n${this.#log.slice(-20).join("\n")}`;
  }
}

/** A port that was free a moment ago. The server must keep it over a restart, so it cannot choose itself. */
async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
