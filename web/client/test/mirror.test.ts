/** The mirror: plain JSON out of flat items and lists, with structural sharing. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../src/api/basic.js";
import { Mirror } from "../src/document/mirror.js";

interface Content {
  title: string;
  time: { from: string };
  panels: { title: string; gridPos: { x: number }; targets: { expr: string }[] }[];
}

const content = (mirror: Mirror) => mirror.root as unknown as Content;

let mirror: Mirror;
beforeEach(() => {
  mirror = new Mirror();
  mirror.apply({
    reset: true,
    items: {
      "0": { title: "CPU", time: { from: "now-1h" }, panels: { $l: "3" } },
      "17": { title: "a", gridPos: { x: 0 }, targets: { $l: "18" } },
      "19": { title: "b", gridPos: { x: 12 }, targets: { $l: "20" } },
      "21": { expr: "up" },
    },
    lists: { "3": ["17", "19"], "18": ["21"], "20": [] },
  });
});

describe("building", () => {
  it("puts items into their lists", () => {
    expect(mirror.root).toEqual({
      title: "CPU",
      time: { from: "now-1h" },
      panels: [
        { title: "a", gridPos: { x: 0 }, targets: [{ expr: "up" }] },
        { title: "b", gridPos: { x: 12 }, targets: [] },
      ],
    });
  });

  it("takes one $ off a key that begins with it, and keeps __proto__ a plain key", () => {
    const tricky = new Mirror();
    tricky.apply({ reset: true, items: { "0": JSON.parse('{"$$l":"x","__proto__":{"a":1}}') }, lists: {} });
    expect(JSON.stringify(tricky.root)).toBe('{"$l":"x","__proto__":{"a":1}}');
    expect(Object.getPrototypeOf(tricky.root)).toBe(Object.prototype);
  });

  it("keeps an item whose value is null, and drops one that is gone", () => {
    mirror.apply({ items: { "22": null }, lists: { "18": ["21", "22"] } });
    expect(content(mirror).panels[0]?.targets).toEqual([{ expr: "up" }, null]);
    mirror.apply({ items: { "22": null }, lists: { "18": ["21"] } });
    expect(content(mirror).panels[0]?.targets).toEqual([{ expr: "up" }]);
  });
});

describe("sharing", () => {
  it("builds only what changed and what contains it", () => {
    const before = content(mirror);
    mirror.apply({ items: { "17": { title: "A", gridPos: { x: 0 }, targets: { $l: "18" } } }, lists: {} });
    const after = content(mirror);
    expect(after).not.toBe(before);
    expect(after.panels).not.toBe(before.panels);
    expect(after.panels[0]).toEqual({ title: "A", gridPos: { x: 0 }, targets: [{ expr: "up" }] });
    expect(after.panels[1]).toBe(before.panels[1]);
    expect(after.time).toBe(before.time);
    expect(after.panels[0]?.gridPos).toBe(before.panels[0]?.gridPos);
    expect(after.panels[0]?.targets).toBe(before.panels[0]?.targets);
  });

  it("carries a change of a nested item up to the root", () => {
    const before = content(mirror);
    mirror.apply({ items: { "21": { expr: "down" } }, lists: {} });
    const after = content(mirror);
    expect(after.panels[0]?.targets[0]?.expr).toBe("down");
    expect(after.panels[1]).toBe(before.panels[1]);
  });

  it("keeps the very objects when an item only moves", () => {
    const before = content(mirror);
    mirror.apply({ items: {}, lists: { "3": ["19", "17"] } });
    expect(content(mirror).panels[0]).toBe(before.panels[1]);
    expect(content(mirror).panels[1]).toBe(before.panels[0]);
    expect(content(mirror).time).toBe(before.time);
  });

  it("keeps the root when nothing is different", () => {
    const before = mirror.root;
    mirror.apply({ items: { "21": { expr: "up" } }, lists: { "18": ["21"] } });
    expect(mirror.root).toBe(before);
  });

  it("keeps what is the same through a reset", () => {
    const before = content(mirror);
    mirror.apply({
      reset: true,
      items: {
        "0": { title: "Memory", time: { from: "now-1h" }, panels: { $l: "3" } },
        "17": { title: "a", gridPos: { x: 0 }, targets: { $l: "18" } },
        "21": { expr: "up" },
      },
      lists: { "3": ["17"], "18": ["21"] },
    });
    expect(content(mirror).title).toBe("Memory");
    expect(content(mirror).panels).toHaveLength(1);
    expect(content(mirror).panels[0]).toBe(before.panels[0]);
    expect(mirror.item("19")).toBeUndefined();
  });
});

describe("identity", () => {
  it("knows the item behind an object", () => {
    expect(mirror.itemOf(content(mirror).panels[1])).toBe("19");
    expect(mirror.itemOf(content(mirror).panels[0]?.targets[0])).toBe("21");
    expect(mirror.itemOf(mirror.root)).toBe("0");
    expect(mirror.itemOf(content(mirror).time)).toBeNull();
    expect(mirror.itemOf("a")).toBeNull();
  });

  it("forgets a trashed item and finds it again, with the edits made meanwhile", () => {
    mirror.apply({ items: {}, lists: { "3": ["19"] } });
    expect(mirror.item("17")).toBeUndefined();
    expect(mirror.placeOf("17")).toBeNull();
    expect(mirror.item("21")).toBeUndefined();
    mirror.apply({ items: { "21": { expr: "rate(up)" } }, lists: {} });
    mirror.apply({ items: {}, lists: { "3": ["19", "17"] } });
    expect(content(mirror).panels[1]?.targets[0]?.expr).toBe("rate(up)");
    expect(mirror.placeOf("17")).toEqual({ list: "@0/panels", index: 1 });
  });

  it("does not reach items of an array that was replaced", () => {
    mirror.apply({ items: { "0": { title: "CPU", panels: { $l: "30" } } }, lists: { "30": [] } });
    expect(mirror.item("17")).toBeUndefined();
    expect(content(mirror).panels).toEqual([]);
  });
});

describe("circles", () => {
  it("are not reachable, and can be opened again", () => {
    mirror.apply({ items: { "17": { targets: { $l: "18" } } }, lists: { "3": ["19"], "18": ["17", "21"] } });
    mirror.apply({ items: { "17": { title: "a", gridPos: { x: 0 }, targets: { $l: "18" } } }, lists: {} });
    expect(mirror.item("17")).toBeUndefined();
    expect(content(mirror).panels).toHaveLength(1);
    // 17 goes into a list of 19, and 19 into a list of 17.
    mirror.apply({ items: {}, lists: { "3": [], "18": ["21", "19"], "20": ["17"] } });
    expect(content(mirror).panels).toEqual([]);
    expect(mirror.item("17")).toBeUndefined();
    expect(mirror.placeOf("19")).toBeNull();
    mirror.apply({ items: { "21": { expr: "down" } }, lists: {} });
    mirror.apply({ items: {}, lists: { "3": ["19"], "18": ["21"], "20": ["17"] } });
    expect(content(mirror).panels).toEqual([
      {
        title: "b",
        gridPos: { x: 12 },
        targets: [{ title: "a", gridPos: { x: 0 }, targets: [{ expr: "down" }] }],
      },
    ]);
  });
});

describe("paths", () => {
  it("resolves keys and indices to stable paths", () => {
    expect(mirror.pathOf([])).toBe("@0");
    expect(mirror.pathOf(["panels"])).toBe("@0/panels");
    expect(mirror.pathOf(["panels", 1])).toBe("@19");
    expect(mirror.pathOf(["panels", 0, "targets", 0, "expr"])).toBe("@21/expr");
    expect(mirror.pathOf(["panels", 2])).toBeNull();
    expect(mirror.pathOf(["panels", 0, "nothing"])).toBeNull();
  });

  it("reads at a path, sharing with the content", () => {
    expect(mirror.read("@0/panels")).toBe(content(mirror).panels);
    expect(mirror.read("@17/gridPos/x")).toBe(0);
    expect(mirror.read("@17/gridPos/y")).toBeUndefined();
    expect(mirror.read("nonsense")).toBeUndefined();
  });

  it("escapes keys", () => {
    mirror.apply({ items: { "0": { "a/b~c": 1 } as { [key: string]: number } }, lists: {} });
    expect(mirror.pathOf(["a/b~c"])).toBe("@0/a~1b~0c");
    expect(mirror.read("@0/a~1b~0c")).toBe(1 satisfies Json);
  });
});
