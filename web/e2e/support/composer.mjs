/** An input method in somebody's browser, as for Japanese: what is typed is first composed, then put in its final form. */
import { until } from "./until.mjs";

export class Composer {
  #devtools;

  /** @param {import("./dashboard.mjs").Dashboard} dashboard with an open text editor */
  constructor(dashboard) {
    this.dashboard = dashboard;
  }

  static async of(dashboard) {
    const composer = new Composer(dashboard);
    composer.#devtools = await dashboard.page.context().newCDPSession(dashboard.page);
    return composer;
  }

  /** The field that is written in. */
  get field() {
    return this.dashboard.byTestId("text-editor").locator(".cm-content");
  }

  /** What the view shows. */
  async shown() {
    const lines = await this.field
      .locator(".cm-line")
      .evaluateAll((all) => all.map((line) => line.textContent));
    return lines.join("\n");
  }

  /** Puts the cursor behind so many characters. */
  async goTo(offset) {
    await this.field.click();
    await this.dashboard.page.keyboard.press("Control+Home");
    for (let at = 0; at < offset; at += 1) await this.dashboard.page.keyboard.press("ArrowRight");
  }

  /** What is being composed is now this; nothing: it is given up. */
  async compose(text) {
    const end = text.length;
    await this.#devtools.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
  }

  /** What was composed becomes this text. */
  async commit(text) {
    await this.#devtools.send("Input.insertText", { text });
  }

  /** Waits until the page has everything that the server has; the view of a text may be behind. */
  async hasAll(server) {
    const { dashboard } = this;
    await until("the page has it", async () => {
      return (await dashboard.revision()) === (await server.revision(dashboard.id));
    });
  }
}
