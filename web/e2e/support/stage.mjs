/** The stage of a test file: one server, one browser, people who come and go. */
import { mkdir } from "node:fs/promises";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { Dashboard } from "./dashboard.mjs";
import { meet, openBrowser } from "./people.mjs";
import { CoboardServer } from "./server.mjs";

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));

/** Sets up before the tests of the calling file and clears away after them; `transport` is for a network of its own. */
export function stage(options) {
  const set = { server: null, browser: null, people: [], lines: [] };
  before(async () => {
    [set.server, set.browser] = await Promise.all([CoboardServer.start(options), openBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(set.people.splice(0).map(({ context }) => context.close()));
  });
  after(async () => {
    await set.browser?.close();
    for (const line of set.lines) await line.stop();
    await set.server?.stop();
    for (const line of set.lines) line.judge({ part: true });
  });
  return {
    get server() {
      return set.server;
    },
    /** A network of its own to the same server, to be cut for one person alone. */
    async line() {
      const line = await set.server.networkBeside();
      set.lines.push(line);
      return line;
    },
    /** Somebody new; who `stays` is there for all tests of the file. */
    async person(name, options) {
      const person = await meet(set.browser, options?.line ?? set.server.network, name, options);
      if (!options?.stays) set.people.push(person);
      return person;
    },
    /** Somebody new who opens a dashboard. */
    async at(id, name, options) {
      return Dashboard.open(await this.person(name, options), set.server, id);
    },
    /** Ada and Bo, both at one fresh dashboard. */
    async two(dashboard, options) {
      const id = await set.server.import(dashboard);
      return Promise.all([this.at(id, "Ada", options), this.at(id, "Bo", options)]);
    },
    /** Keeps a picture for people to look at. */
    async shot(dashboard, name) {
      await mkdir(SHOTS, { recursive: true });
      await dashboard.page.screenshot({ path: `${SHOTS}${name}.png` });
    },
  };
}
