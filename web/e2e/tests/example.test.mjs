/** The small example, served beside a server: two people share its board, and the application shows the same. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { seriousIn } from "../support/axe.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
const WEB = fileURLToPath(new URL("../../", import.meta.url));
const LINES_MAX = 60;
const children = [];
after(() => {
  for (const child of children) child.kill();
});

/** Serves the example as its documentation says, and gives its address. */
function serve() {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
  const child = spawn(process.execPath, [vite, "example", "--port", "0", "--strictPort"], {
    cwd: WEB,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, COBOARD_SERVER: play.server.url, NO_COLOR: "1" },
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the example ended: ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const address = /http:\/\/[\d.]+:\d+\//.exec(line);
      if (address) resolve(address[0]);
    });
  });
}

test("the example is one page of fewer than sixty lines", () => {
  const texts = ["index.html", "board.tsx"].map((name) => readFileSync(join(WEB, "example", name), "utf8"));
  const lines = texts.join("").trimEnd().split("\n").length;
  assert.ok(lines < LINES_MAX, `${lines} lines`);
});

test("two people at the example see each other's pointers and notes, and so does the application", async () => {
  const address = await serve();
  const [ada, bo] = await Promise.all([play.person("Ada"), play.person("Bo")]);
  await ada.page.goto(`${address}?name=Ada`);
  await ada.page.getByText("Saved").waitFor();
  await bo.page.goto(ada.page.url().replace("Ada", "Bo"));
  await bo.page.getByText("Saved").waitFor();

  await ada.page.getByRole("button", { name: "Add a note" }).click();
  await ada.page.getByLabel("Note").fill("written by Ada");
  await until(
    "Bo reads it",
    async () => (await bo.page.getByLabel("Note").inputValue()) === "written by Ada",
  );
  await bo.page.getByLabel("Note").fill("and by Bo");
  await until("Ada reads it", async () => (await ada.page.getByLabel("Note").inputValue()) === "and by Bo");

  await bo.page.mouse.move(400, 300, { steps: 4 });
  await bo.page.mouse.move(420, 310, { steps: 4 });
  const cursor = ada.page.locator("[data-coboard='cursor'][data-user='Bo']");
  await cursor.waitFor();
  await until("it is where Bo points", async () => {
    const { x, y } = await cursor.boundingBox();
    assert.ok(Math.abs(x - 420) < 8 && Math.abs(y - 310) < 8, `${x}, ${y}`);
    return true;
  });
  for (const person of [ada, bo]) {
    await person.page.getByRole("list", { name: "People here" }).getByRole("listitem").nth(1).waitFor();
  }
  await play.shot(ada, "example");
  assert.deepEqual(await seriousIn(ada.page), []);

  const cy = await play.person("Cy");
  await cy.page.goto(`${play.server.url}/d/${new URL(ada.page.url()).hash.slice(1)}`);
  await cy.page.getByTestId("avatar").and(cy.page.locator("[data-user='Bo']")).waitFor();
  assert.deepEqual([...ada.complaints, ...bo.complaints], []);
});
