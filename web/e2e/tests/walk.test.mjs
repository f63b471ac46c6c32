/** The whole way through the application by keyboard alone: no pointer is moved and no element is focused by the test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { allKinds, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
/** More stops than any page has: Tab that has not arrived by then goes in a circle. */
const TABS_MAX = 60;

/** Hands on a keyboard, and eyes. */
class Keys {
  constructor(page) {
    this.page = page;
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** What has the focus: the name or the text of the element, in short. */
  at() {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return "nowhere";
      const byLabel = element.labels?.[0]?.textContent;
      return (element.getAttribute("aria-label") ?? byLabel ?? element.textContent ?? "").trim().slice(0, 80);
    });
  }

  async isAt(wanted) {
    await until(`the focus is at ${wanted}`, async () => {
      const at = await this.at();
      assert.ok(typeof wanted === "string" ? at === wanted : wanted.test(at), `it is at "${at}"`);
      return true;
    });
  }

  /** Presses Tab until the focus is there; every stop on the way has a ring that is to be seen. */
  async tabTo(wanted, key = "Tab") {
    const way = [];
    for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
      await this.press(key);
      const at = await this.at();
      way.push(at);
      assert.ok(await this.isMarked(), `"${at}" shows that it has the focus`);
      if (wanted.test(at)) return;
    }
    assert.fail(`Tab does not lead to ${wanted}: ${way.join(" → ")}`);
  }

  /** Whether the element with the focus, or what is around it, has an outline, a border or a shadow that tells so. */
  isMarked() {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return true;
      for (let one = element; one && one !== document.body; one = one.parentElement) {
        if (!one.matches(":focus-visible, :focus-within")) break;
        const { outlineStyle, boxShadow, borderColor } = getComputedStyle(one);
        if (outlineStyle !== "none" || boxShadow !== "none") return true;
        // An editor of code draws its caret, and its frame changes colour.
        if (one.matches(".cm-editor")) return borderColor !== "";
      }
      return false;
    });
  }

  /** Waits until it is said to people who listen. */
  async hears(pattern) {
    const region = this.page.getByTestId("said");
    await until(`${pattern} is said`, async () => {
      const lines = await region.locator("p").allTextContents();
      assert.ok(
        lines.some((line) => pattern.test(line)),
        lines.join(" | "),
      );
      return true;
    });
  }
}

async function gone(locator) {
  await locator.waitFor({ state: "detached" });
}

test("from the list through a dashboard and back, by keyboard alone", async () => {
  const id = await play.server.import(allKinds());
  const { page, complaints } = await play.person("Ada");
  await page.addInitScript(() => {
    globalThis.pointed = 0;
    const count = ({ isTrusted, detail }) => {
      // A key that presses a button makes a click without a count.
      if (isTrusted && detail > 0) globalThis.pointed += 1;
    };
    for (const kind of ["click", "mousedown"]) addEventListener(kind, count, true);
  });
  await page.goto(play.server.url);
  await page.getByTestId(`card-${id}`).waitFor();
  const keys = new Keys(page);

  // The list: the skip link comes first and leads past the header.
  await keys.tabTo(/^Skip to content$/);
  await keys.press("Enter");
  await keys.isAt("Dashboards");
  await keys.press("/");
  await keys.isAt(/Search dashboards/);
  await keys.type("All kinds");
  await keys.tabTo(/^All kinds$/);
  await keys.press("Enter");
  await page.locator("canvas").first().waitFor();
  await keys.isAt("All kinds");

  // The widgets: one stop for Tab, arrows as one reads.
  await keys.tabTo(/^A time series, /);
  const order = [
    "A stat, Stat",
    "A gauge, Gauge",
    "A bar gauge, Bar gauge",
    "A table, Table",
    "A text, Text",
  ];
  for (const name of order) {
    await keys.press("ArrowRight");
    await keys.isAt(name);
  }
  await keys.press("Home");
  await keys.isAt(/^A time series, /);
  await keys.press("ArrowRight");

  // Its name.
  await keys.press("F2");
  await keys.isAt("Title of the widget");
  await keys.type("Renamed");
  await keys.press("Enter");
  await keys.isAt("Renamed, Stat");

  // Its data as a table, from its menu.
  await keys.press("Enter");
  const menu = page.getByRole("menu");
  await menu.waitFor();
  await keys.isAt(/^Edit/);
  await keys.press("ArrowDown", "ArrowDown", "ArrowDown");
  await keys.isAt(/^View as table/);
  await keys.press("Enter");
  const table = page.getByRole("dialog").getByRole("table");
  await table.waitFor();
  assert.ok((await table.getByRole("row").count()) > 2);
  await keys.press("Escape");
  await gone(table);
  await keys.isAt("Renamed, Stat");

  // The editor: its fields, and back to the widget.
  await keys.press("e");
  const editor = page.getByTestId("editor-panel");
  await editor.waitFor();
  await until("the focus is in the editor", () =>
    editor.evaluate((panel) => panel.contains(document.activeElement)),
  );
  await keys.tabTo(/^Title$/);
  await keys.press("End");
  await keys.type(" twice");
  await keys.press("Escape");
  await gone(editor);
  await keys.isAt("Renamed twice, Stat");

  // A long text: Tab goes on, Escape goes out, and that is said.
  await keys.press("End", "ArrowLeft", "ArrowLeft");
  await keys.isAt("A text, Text");
  await keys.press("e");
  await editor.waitFor();
  await editor.locator(".cm-content").waitFor();
  const inCode = () => page.evaluate(() => Boolean(document.activeElement?.closest(".cm-editor")));
  const code = /^(Text|Content|Markdown)/;
  await keys.tabTo(code);
  assert.ok(await inCode());
  await keys.hears(/Tab goes on to the next field, Escape leaves the text/);
  await keys.press("Control+End");
  await keys.type(" written");
  await keys.press("Tab");
  assert.ok(!(await inCode()), "Tab leaves the text");
  await keys.tabTo(code, "Shift+Tab");
  await keys.press("Escape");
  await until("Escape leaves the text", async () => !(await inCode()));
  await editor.waitFor();
  await keys.press("Escape");
  await gone(editor);
  await keys.isAt("A text, Text");

  // Move, resize, remove, undo.
  await keys.press("Home", "ArrowRight", "m");
  await keys.hears(/^Move mode/);
  await keys.press("ArrowDown");
  await keys.hears(/^column \d+, row \d+$/);
  await keys.press("Shift+ArrowDown");
  await keys.hears(/wide, \d+ high$/);
  await keys.press("Enter");
  await keys.hears(/^Kept$/);
  await keys.isAt("Renamed twice, Stat");
  await keys.press("Delete");
  await keys.hears(/The widget was removed. Now at /);
  await keys.isAt(/, (Gauge|Bar gauge|Table|Text|Stat|Heatmap)$/);
  await keys.press("Control+z");
  await keys.hears(/^Undone: remove Renamed twice$/);
  await page.getByLabel("Renamed twice, Stat").waitFor();

  // A new widget, by the palette.
  await keys.press("Control+k");
  await keys.isAt("Find a command");
  await keys.type("add gauge");
  await keys.hears(/^2 commands$/);
  await keys.press("Enter");
  await keys.isAt(/, Gauge$/);
  await keys.hears(/^Gauge added at the end$/);

  // Everything that opens gives the focus back to where it came from.
  const here = await keys.at();
  await keys.press("?");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("from widget to widget").waitFor();
  for (let tabs = 0; tabs < 5; tabs += 1) {
    await keys.press("Tab");
    assert.ok(await dialog.evaluate((open) => open.contains(document.activeElement)), "it keeps the focus");
  }
  await keys.press("Escape");
  await gone(dialog);
  await keys.isAt(here);
  await fromPalette(keys, "review", page.getByTestId("review-panel"), here);
  await fromPalette(keys, "activity", page.getByTestId("activity-panel"), /^Activity/);
  await fromPalette(keys, "policies", page.getByTestId("policies-panel"), "Policies");
  await fromPalette(keys, "status", page.getByTestId("status-popover"), /^Sync status/);
  await fromPalette(keys, "time range", page.getByTestId("range-panel"), /^Time range/);
  await fromPalette(keys, "your devices", menu, /you are Ada/);
  await keys.press("Enter");
  await menu.waitFor();
  await until("the focus is in the menu", () =>
    menu.evaluate((part) => part.contains(document.activeElement)),
  );
  await keys.press("y");
  await keys.isAt("Your devices…");
  await keys.press("Enter");
  await page.getByTestId("own-device").waitFor();
  await keys.press("Escape");
  await gone(dialog);
  await keys.isAt(/you are Ada/);

  // And back.
  await fromPaletteRun(keys, "all dashboards");
  await page.getByTestId(`card-${id}`).waitFor();
  await keys.isAt("Dashboards");

  assert.equal(await page.evaluate(() => globalThis.pointed), 0, "nothing was pointed at");
  const after = await play.server.export(id);
  assert.ok(panelOf(after, "Renamed twice").gridPos.h === 7 && panelOf(after, "A gauge"));
  assert.match(panelOf(after, "A text").options.content, /written$/);
  assert.deepEqual(complaints, []);
});

async function fromPaletteRun(keys, words) {
  await keys.press("Control+k");
  await keys.isAt("Find a command");
  await keys.type(words);
  await keys.press("Enter");
}

/** Opens something by the palette, closes it with Escape, and the focus is where it belongs. */
async function fromPalette(keys, words, opened, origin) {
  await fromPaletteRun(keys, words);
  await opened.waitFor();
  await until("the focus is in it", () => opened.evaluate((part) => part.contains(document.activeElement)));
  await keys.press("Escape");
  await gone(opened);
  await keys.isAt(origin);
}
