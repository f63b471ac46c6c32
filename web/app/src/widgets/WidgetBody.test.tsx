/** What a widget shows when there is nothing to draw: always why. */
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../data/json";
import { WidgetBody } from "./WidgetBody";

const WINDOW = { fromMs: 0, toMs: 3_600_000 };

function show(json: JsonObject): void {
  render(
    <MantineProvider>
      <WidgetBody json={json} window={WINDOW} />
    </MantineProvider>,
  );
}

afterEach(cleanup);

describe("WidgetBody", () => {
  it("names the source that is not connected and shows the query", async () => {
    show({ type: "stat", targets: [{ refId: "A", expr: "sum(up)", datasource: { type: "prometheus" } }] });
    expect(await screen.findByText("Prometheus is not connected")).toBeTruthy();
    expect(screen.getByText("sum(up)")).toBeTruthy();
  });

  it("says that a type is not drawn, with its queries", async () => {
    show({ type: "heatmap", targets: [{ refId: "B", expr: "rate(x[5m])" }] });
    expect(await screen.findByText("Heatmap: not drawn here yet")).toBeTruthy();
    expect(screen.getByText("rate(x[5m])")).toBeTruthy();
  });

  it("says what is wrong with inline data", async () => {
    show({
      type: "table",
      targets: [{ refId: "A", datasource: { type: "coboard-inline" }, format: "json", text: "7" }],
    });
    expect(await screen.findByText("A: expected an array of rows, or an object of columns")).toBeTruthy();
  });

  it("asks for data where there is none", async () => {
    show({ type: "timeseries" });
    expect(await screen.findByText(/No data source yet/)).toBeTruthy();
  });

  it("draws a table from inline data", async () => {
    show({
      type: "table",
      targets: [{ refId: "A", datasource: { type: "coboard-inline" }, text: "city,people\nRome,3" }],
    });
    expect(await screen.findByText("city")).toBeTruthy();
  });
});
