/** What was refused or met something is listed in all tabs, and goes from all of them with the first that decides. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { KeptOperation } from "../../src/core/boundary.js";
import { type Database, openDatabase } from "../../src/device/database.js";
import type { Keeper } from "../../src/device/keeper.js";
import { Scope } from "../../src/device/scope.js";
import { type FakeLocks, freshDevice } from "./fakes.js";

const NO = { code: "E_SCHEMA", message: "no" } as const;

let device: FakeLocks;
let scopes: Scope[] = [];
beforeEach(() => {
  device = freshDevice();
});
afterEach(() => {
  for (const { shelves } of scopes) shelves.close();
  scopes = [];
});

async function openTab(client: string, database?: Database): Promise<Scope> {
  const scope = new Scope({
    database: database ?? (await openDatabase("coboard shelves", () => {})),
    user: { id: "u", name: "U" },
    identity: { client, release: () => {} },
    locks: device.tab(),
    broken: () => {},
    changed: () => {},
  });
  scopes.push(scope);
  return scope;
}

/** As a session opens it. */
async function open(scope: Scope, other: string | null = null) {
  const changed = vi.fn();
  const { keeper, refused, conflicts, close } = await scope.open("d1", other, { changed, full: () => {} });
  keeper.refusedBefore(refused);
  keeper.conflicts.restore(conflicts);
  return { keeper, changed, close };
}

function operation(sequence: number): KeptOperation {
  return { id: { client: "a", sequence }, base: 1, components: null, meta: {}, at_ms: 0 };
}

const listed = (keeper: Keeper) => keeper.refused.map(({ sequence }) => sequence);

it("lists what was refused in another tab, until one of them dismisses it", async () => {
  const a = await open(await openTab("a"));
  const b = await open(await openTab("b"));
  a.keeper.refuse(operation(1), NO);
  a.keeper.refuse(operation(2), NO);
  await vi.waitFor(() => expect(listed(b.keeper)).toEqual([1, 2]));
  expect(b.changed).toHaveBeenCalled();
  b.keeper.dismiss({ client: "a", sequence: 1 });
  await vi.waitFor(() => expect(listed(a.keeper)).toEqual([2]));
});

it("lists what was refused while this page sent it for a tab that is gone", async () => {
  const scope = await openTab("b");
  const shown = await open(scope);
  const sent = await open(scope, "a");
  sent.keeper.refuse(operation(1), NO);
  await vi.waitFor(() => expect(listed(shown.keeper)).toEqual([1]));
  shown.close();
  sent.keeper.refuse(operation(2), NO);
  await scope.writer.flush();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(listed(shown.keeper)).toEqual([1]);
});

it("is read again by a page that was asleep and heard nothing", async () => {
  const [first, second] = [await openTab("a"), await openTab("b")];
  const [a, b] = [await open(first), await open(second)];
  second.shelves.close();
  a.keeper.refuse(operation(1), NO);
  await first.writer.flush();
  expect(listed(b.keeper)).toEqual([]);
  second.shelves.look();
  await vi.waitFor(() => expect(listed(b.keeper)).toEqual([1]));
});

it("keeps what comes while the device is read", async () => {
  const scope = await openTab("b");
  const { keeper } = await open(scope);
  const getAll = scope.database.getAll.bind(scope.database);
  let isFirst = true;
  vi.spyOn(scope.database, "getAll").mockImplementation(async (...parts) => {
    const records = await getAll(...parts);
    if (isFirst) keeper.refuse(operation(2), NO);
    isFirst = false;
    return records as never;
  });
  keeper.refuse(operation(1), NO);
  await keeper.reread();
  expect(listed(keeper)).toEqual([1, 2]);
});

it("leaves a conflict that was decided in another tab", async () => {
  const a = await open(await openTab("a"));
  const kept = (id: string) => ({
    conflict: { id, atMs: 0 } as never,
    remedies: { theirs: null, mine: null },
  });
  for (const id of ["4.0", "4.1"]) a.keeper.conflicts.put(kept(id));
  await scopes[0]?.writer.flush();
  const b = await open(await openTab("b"));
  const left = vi.fn();
  expect(b.keeper.conflicts.take(left).kept).toHaveLength(2);
  a.keeper.conflicts.remove("4.0");
  await vi.waitFor(() => expect(left).toHaveBeenCalledWith(new Set(["4.1"])));
  const c = await open(await openTab("c"));
  a.keeper.conflicts.remove("4.1");
  await vi.waitFor(() => expect(left).toHaveBeenCalledWith(new Set()));
  await c.keeper.reread();
  expect(c.keeper.conflicts.take(() => {}).kept).toEqual([]);
});
