/** Variables: read as Grafana stores them, and put into texts and queries. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables are written like that
import { describe, expect, it } from "vitest";
import { ALL, scopeOf, variablesOf } from "./variables";

const root = (...list: object[]) => ({ templating: { list } }) as never;
const env = {
  type: "custom",
  name: "env",
  multi: true,
  includeAll: true,
  query: "prod, Staging : stage",
  current: { text: "prod", value: "prod" },
};

describe("variables", () => {
  it("are read from what is stored, each kind by its own rule", () => {
    const [custom, interval, box, constant, query, ...none] = variablesOf(
      root(
        env,
        { type: "interval", name: "step", query: "1m,5m" },
        { type: "textbox", name: "box", label: "Box", query: "a" },
        { type: "constant", name: "site", query: "x" },
        { type: "query", name: "node", options: [{ text: "n1", value: "1" }], current: { value: ["1"] } },
        { type: "adhoc", name: "filters" },
      ),
    );
    expect(custom).toMatchObject({ kind: "choice", multi: true, stored: ["prod"] });
    expect(custom?.options).toEqual([
      { text: "All", value: ALL },
      { text: "prod", value: "prod" },
      { text: "Staging", value: "stage" },
    ]);
    expect(interval).toMatchObject({ stored: ["1m"], multi: false });
    expect(box).toMatchObject({ kind: "text", label: "Box", stored: ["a"] });
    expect(constant).toMatchObject({ kind: "fixed", stored: ["x"] });
    expect(query).toMatchObject({ options: [{ text: "n1", value: "1" }], stored: ["1"] });
    expect(none).toEqual([]);
  });

  it("are none where the file has none, or something else", () => {
    for (const list of [undefined, 7, [null, 1, {}, { type: "custom" }]]) {
      expect(scopeOf({ templating: { list } } as never, {})).toBeNull();
    }
  });

  it("are filled in by every way of writing them; other words stay", () => {
    const scope = scopeOf(root(env), { env: "stage" });
    expect(scope?.fillText("$env ${env} [[env]] ${env:csv} ${env.x}")).toBe(
      "Staging Staging Staging stage Staging",
    );
    expect(scope?.fillText("$5 $envy ${other} [[0]] $__interval")).toBe(
      "$5 $envy ${other} [[0]] $__interval",
    );
  });

  it("with several values are written as the place asks", () => {
    const scope = scopeOf(root(env), { env: ["prod", "stage"] });
    expect(scope?.fillText("$env")).toBe("prod + Staging");
    expect(scope?.fillText("${env:csv} ${env:pipe} ${env:regex} ${env:glob}")).toBe(
      "prod,stage prod|stage (prod|stage) {prod,stage}",
    );
    const all = scopeOf(root(env), { env: [ALL] });
    expect(all?.fillText("$env ${env:csv}")).toBe("All prod,stage");
  });

  it("leave a widget alone that has none of them", () => {
    const scope = scopeOf(root(env), {});
    const widget = { title: "CPU", options: { content: "a [b](c)" }, targets: [{ expr: "up" }] };
    expect(scope?.fillWidget(widget)).toBe(widget);
    const filled = scope?.fillWidget({ ...widget, title: "CPU $env", targets: [{ expr: 'up{e="$env"}' }] });
    expect(filled?.title).toBe("CPU prod");
    expect(filled?.targets).toEqual([{ expr: 'up{e="prod"}' }]);
    expect(filled?.options).toBe(widget.options);
  });
});
