/** How people, following and presenting look: light, dark and on a phone, for people to look at and for axe. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seriousIn } from "../support/axe.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
/** The widgets are looked at elsewhere. */
const AROUND = { exclude: [["#main"]] };

async function sample() {
  const [first] = await until("the sample is there", async () => {
    const dashboards = await play.server.list();
    return dashboards.length > 0 && dashboards;
  });
  return first.id;
}

async function pointAt(dashboard, index, fx, fy) {
  const frame = dashboard.page.locator("section[data-item]").nth(index);
  const box = await frame.boundingBox();
  await frame.click({ position: { x: box.width * fx, y: box.height * fy } });
}

for (const [name, options] of Object.entries({
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 780 }, touch: true },
})) {
  test(`seven people at one table, ${name}`, async () => {
    const id = await sample();
    const cleo = await play.at(id, "Cleo", options);
    const others = ["Ada", "Bo", "Dora", "Emil", "Fay", "Gil"];
    const [ada, bo, dora] = await Promise.all(others.map((one) => play.at(id, one)));
    await pointAt(ada, 1, 0.4, 0.5);
    await pointAt(bo, 1, 0.7, 0.7);
    await pointAt(dora, 2, 0.3, 0.6);
    await ada.byTestId("user-menu").click();
    await ada.byTestId("present").click();
    await cleo.byTestId("offer").waitFor();
    const more = cleo.page.getByRole("button", { name: /^\+/ });
    // On a phone one other is a disc, elsewhere four are.
    const rest = name === "phone" ? "+5" : "+2";
    await until("the rest are a number", async () =>
      (await more.getAttribute("aria-label")).startsWith(rest),
    );
    await play.shot(cleo, `presence-${name}-offer`);
    assert.deepEqual(await seriousIn(cleo.page, AROUND), []);
    await (options.touch ? more.tap() : more.click());
    await cleo.byTestId("person-card").waitFor();
    await play.shot(cleo, `presence-${name}-more`);
    // The card alone: what it covers half is no small target for it.
    assert.deepEqual(await seriousIn(cleo.page, "[data-testid='person-card']"), []);
    await cleo.page.keyboard.press("Escape");
    await cleo.byTestId("join").click();
    await cleo.byTestId("following").waitFor();
    await bo.follow("Cleo");
    await cleo.byTestId("followers").waitFor();
    await play.shot(cleo, `presence-${name}-following`);
    assert.deepEqual(await seriousIn(cleo.page, AROUND), []);
    await cleo.byTestId("user-menu").click();
    await cleo.byTestId("hide-cursors").waitFor();
    await play.shot(cleo, `presence-${name}-menu`);
    await cleo.page.keyboard.press("Escape");
    // On a phone there is room for the button that refreshes now, and not for how often.
    if (name === "phone") return;
    await cleo.byTestId("refresh").click();
    await cleo.page.getByRole("menuitem", { name: "5 s", exact: true }).waitFor();
    await play.shot(cleo, `presence-${name}-refresh`);
  });
}
