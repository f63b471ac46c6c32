/** A dashboard in somebody's browser, as a person sees and uses it. */
import assert from "node:assert/strict";
import { until } from "./until.mjs";

const GRID_COLUMNS = 24;
/** A card opens at once; one that closes again meanwhile is opened anew. */
const CARD_MS_MAX = 3_000;

export class Dashboard {
  /**
   * @param {Awaited<ReturnType<import("./people.mjs").meet>>} person
   * @param {string} id
   */
  constructor(person, id) {
    this.person = person;
    this.page = person.page;
    this.id = id;
  }

  /** Opens the dashboard and waits until it is there. */
  static async open(person, server, id) {
    const dashboard = new Dashboard(person, id);
    await person.page.goto(`${(person.line ?? server).url}/d/${id}`);
    await dashboard.isHere();
    return dashboard;
  }

  /** Waits until the dashboard is drawn and everything is saved. */
  async isHere() {
    await this.page.locator("[data-item]").first().waitFor();
    await this.saved();
  }

  byTestId(id) {
    return this.page.getByTestId(id);
  }

  /** The frame of the widget with this title. */
  widget(title) {
    return this.page
      .locator("[data-testid^='widget-'][data-item]")
      .filter({ has: this.page.getByTestId("widget-title").getByText(title, { exact: true }) })
      .first();
  }

  /** Id of the item of a widget. */
  async item(title) {
    return this.widget(title).getAttribute("data-item");
  }

  /** Waits until the pill says that everything is saved. */
  async saved() {
    // For a second "saved" may stand there while something is on its way.
    const pill = this.page.locator("[data-testid='status-pill'][data-state='saved'][data-pending='0']");
    await until(`${this.person.name}: saved`, async () => (await pill.count()) > 0);
  }

  /** What the pill says. */
  state() {
    return this.byTestId("status-pill").getAttribute("data-state");
  }

  async revision() {
    return Number(await this.byTestId("status-pill").getAttribute("data-revision"));
  }

  /** What is on the canvas: each widget with its type, title and place, in columns and pixels down. */
  async sight() {
    const frames = this.page.locator("[data-testid^='widget-'][data-item]");
    const widgets = await frames.evaluateAll((elements, columns) => {
      const grid = document.querySelector(".react-grid-layout").getBoundingClientRect();
      const inColumns = (pixels) => Math.round((pixels * columns) / grid.width);
      return elements.map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const title = element.querySelector("[data-testid='widget-title']")?.textContent ?? "";
        const place = [inColumns(x - grid.x), inColumns(width), Math.round(y - grid.y), Math.round(height)];
        return [element.dataset.item, element.dataset.type ?? "row", title, ...place].join(" ");
      });
    }, GRID_COLUMNS);
    return widgets.sort();
  }

  /** Takes a widget by its head and pulls it by `columns` and `pixels` down, without letting go. */
  async grab(title, columns, pixels) {
    const frame = this.widget(title);
    await frame.scrollIntoViewIfNeeded();
    const head = await frame.getByTestId("drag-handle").boundingBox();
    const grid = await this.page.locator(".react-grid-layout").boundingBox();
    const [x, y] = [head.x + head.width / 2, head.y + head.height / 2];
    const pull = (columns * grid.width) / GRID_COLUMNS;
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + pull / 2, y + pixels / 2, { steps: 6 });
    await this.page.mouse.move(x + pull, y + pixels, { steps: 6 });
  }

  /** Lets go of what was grabbed. */
  async release() {
    await this.page.mouse.up();
  }

  async drag(title, columns, pixels) {
    await this.grab(title, columns, pixels);
    await this.release();
  }

  /** Moves the focus to a widget, as Tab and the arrows do. */
  async focus(title) {
    await this.widget(title).focus();
  }

  /** Opens the editor of a widget. */
  async edit(title) {
    await this.focus(title);
    await this.page.keyboard.press("e");
    await this.byTestId("editor-panel").waitFor();
  }

  /** Puts the cursor into the text of the open editor. */
  async writeAt(key) {
    await this.byTestId("text-editor").locator("[contenteditable='true']").click();
    await this.page.keyboard.press(key);
  }

  async rename(title, next) {
    await this.focus(title);
    await this.page.keyboard.press("F2");
    const input = this.page.locator("input[data-testid='widget-title']");
    await input.fill(next);
    await input.press("Enter");
    await this.widget(next).waitFor();
  }

  /** Follows somebody, by the card of their disc. Where people come and go the discs move on: the card has to be theirs. */
  async follow(name) {
    const choice = this.page.getByRole("button", { name: `Follow ${name}`, exact: true });
    await until(`${this.person.name} follows ${name}`, async () => {
      await this.page.locator(`button[data-user='${name}']`).hover();
      await choice.click({ timeout: CARD_MS_MAX });
      return true;
    });
  }

  /** Removes a widget. Where somebody else is editing it, a question comes first. */
  async remove(title, { asked = false } = {}) {
    await this.focus(title);
    await this.page.keyboard.press("Delete");
    if (asked) await this.page.getByRole("button", { name: "Remove anyway" }).click();
    await this.widget(title).waitFor({ state: "detached" });
  }
}

/**
 * Waits until everybody has everything, and gives the dashboard as the server has it.
 *
 * @param {import("./server.mjs").CoboardServer} server
 * @param {...Dashboard} dashboards of one document
 */
export async function converged(server, ...dashboards) {
  const { id } = dashboards[0];
  await until("everybody has everything", async () => {
    const head = await server.revision(id);
    const found = await Promise.all(
      dashboards.map(async (dashboard) => [await dashboard.state(), await dashboard.revision()]),
    );
    assert.deepEqual(
      found,
      dashboards.map(() => ["saved", head]),
    );
    const [first, ...others] = await Promise.all(dashboards.map((dashboard) => dashboard.sight()));
    for (const sight of others) assert.deepEqual(sight, first);
    return true;
  });
  return server.export(id);
}
