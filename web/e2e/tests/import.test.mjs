/** Dashboards come in by upload and go out as they were. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dashboard } from "../support/dashboard.mjs";
import { corpus, fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";

const play = stage();

test("a dashboard file is imported by upload and opens", async () => {
  const person = await play.person("Ada");
  await person.page.goto(play.server.url);
  const buffer = Buffer.from(JSON.stringify(fourPanels()));
  const file = { name: "four.json", mimeType: "application/json", buffer };
  await person.page.getByTestId("import-file").setInputFiles(file);
  await person.page.waitForURL(/\/d\//);
  const id = new URL(person.page.url()).pathname.split("/").at(-1);
  const dashboard = new Dashboard(person, id);
  await dashboard.isHere();
  await dashboard.widget("Memory").waitFor();
  assert.deepEqual(await play.server.export(id), fourPanels());
  assert.deepEqual(person.complaints, []);
});

test("a file that is no dashboard is refused in words", async () => {
  const person = await play.person("Ada");
  await person.page.goto(play.server.url);
  const file = { name: "bad.json", mimeType: "application/json", buffer: Buffer.from("[1, 2") };
  const count = (await play.server.list()).length;
  await person.page.getByTestId("import-file").setInputFiles(file);
  await person.page.getByText("Not imported").waitFor();
  assert.equal((await play.server.list()).length, count);
});

const files = await corpus();
if (files.length === 0) test("real dashboards", { skip: "they are not at hand" }, () => {});
for (const { name, text } of files) {
  test(`${name} opens without a complaint and is exported as it came`, async () => {
    const id = await play.server.import(JSON.parse(text));
    const dashboard = await play.at(id, "Ada");
    await play.shot(dashboard, name.replace(".json", ""));
    assert.deepEqual(await play.server.export(id), JSON.parse(text));
    assert.deepEqual(dashboard.person.complaints, []);
  });
}
