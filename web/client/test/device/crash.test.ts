/**
 * Two tabs edit one document and write what they have to do; at any moment the browser dies. What stands on the device
 * then, after any number of transactions, is a state that a client goes on from: nothing that was called safe is
 * missing, nothing is there twice.
 */
import { expect, it } from "vitest";
import type { KeptOperation } from "../../src/core/boundary.js";
import type { RawMessage } from "../../src/device/chain.js";
import { openDatabase, storageError } from "../../src/device/database.js";
import { Keeper } from "../../src/device/keeper.js";
import { Scope } from "../../src/device/scope.js";
import { readStored, type Stored } from "../../src/device/stored.js";
import { freshDevice, randomOf } from "./fakes.js";

const RUNS = 60;
const STEPS = 120;
const DOCUMENT = "d1";

type Name = string;
type Segment =
  | { entry: { revision: number; name: Name } }
  | { from: number; to: number; names: readonly Name[] };
const nameOf = (client: string, sequence: number) => `${client} ${sequence}`;

/** What the server has committed. */
class Log {
  readonly names: Name[] = [];
  readonly known = new Set<Name>();

  commit(name: Name): void {
    if (this.known.has(name)) return;
    this.known.add(name);
    this.names.push(name);
  }

  entries(from: number, to: number): Segment[] {
    return this.names.slice(from, to).map((name, index) => ({ entry: { revision: from + index + 1, name } }));
  }

  /** As a page for one client: its own by themselves, what others did as one. */
  page(from: number, to: number, client: string): Segment[] {
    const segments: Segment[] = [];
    let foreign: Name[] = [];
    let at = from;
    const close = () => {
      if (foreign.length > 0) segments.push({ from: at - foreign.length, to: at, names: foreign });
      foreign = [];
    };
    for (const name of this.names.slice(from, to)) {
      if (name.startsWith(`${client} `)) {
        close();
        segments.push({ entry: { revision: at + 1, name } });
      } else foreign.push(name);
      at += 1;
    }
    close();
    return segments;
  }
}

interface Queued {
  name: Name;
  base: number;
}

/** A machine as simple as it can be: a revision, and a queue of names with what each stands on. */
class Machine {
  revision = 0;
  queue: Queued[] = [];
  /** Those that left the queue, with where they are in the log. */
  gone: { name: Name; at: number }[] = [];

  /** Takes a message as the core does: what fits, in order. */
  take({ from, segments }: { from: number; segments: readonly Segment[] }): void {
    if (from > this.revision) return;
    for (const segment of segments) {
      if ("entry" in segment) {
        if (segment.entry.revision !== this.revision + 1) continue;
        this.revision += 1;
        if (this.queue[0]?.name === segment.entry.name) {
          this.queue.shift();
          this.gone.push({ name: segment.entry.name, at: this.revision });
        }
      } else if (segment.from === this.revision) this.revision = segment.to;
    }
  }

  /** Those that no later one stands before any more. */
  takeGone(): Name[] {
    const oldest = this.queue[0]?.base ?? Number.POSITIVE_INFINITY;
    const dropped = this.gone.filter(({ at }) => at <= oldest);
    this.gone = this.gone.filter(({ at }) => at > oldest);
    return dropped.map(({ name }) => name);
  }
}

class Tab {
  readonly machine = new Machine();
  readonly keeper: Keeper;
  /** Those of which the page said that they are on the device. */
  readonly safe = new Set<Name>();
  #sequence = 0;
  /** The history it stands in. */
  #lineage = 1;

  constructor(
    readonly client: string,
    readonly scope: Scope,
    readonly log: Log,
  ) {
    this.keeper = new Keeper(scope, DOCUMENT, client, { changed: () => {}, full: () => {} });
    this.keeper.numbered(7);
    this.keep([], [], { sequence: 1_000, counter: 1_000 });
    this.snapshot();
  }

  snapshot(): void {
    const { revision } = this.machine;
    this.keeper.snapshot(JSON.stringify({ lineage: `L${this.#lineage}`, document: DOCUMENT, revision }));
  }

  edit(): void {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const queued = { name: nameOf(this.client, sequence), base: this.machine.revision };
    this.machine.queue.push(queued);
    this.keep([queued], []);
    void this.keeper.queue.settled(sequence).then((where) => {
      if (where === "device") this.safe.add(queued.name);
    });
  }

  hear(to: number, composed: boolean): void {
    const from = this.machine.revision;
    const segments = composed ? this.log.page(from, to, this.client) : this.log.entries(from, to);
    const message: RawMessage = { from, to, segments: segments as never };
    this.keeper.message(message, JSON.stringify(message));
    this.machine.take({ from, segments });
    this.keep([], this.machine.takeGone());
    this.keeper.reached(this.machine.revision);
  }

  /** The server gives the whole document instead; of another history where a backup took its place. */
  reset(otherHistory: boolean): void {
    const { machine } = this;
    if (otherHistory) this.#lineage += 1;
    machine.revision = this.log.names.length;
    const there = machine.queue.filter(({ name }) => this.log.known.has(name)).map(({ name }) => name);
    const gone = [...machine.gone.map(({ name }) => name), ...there];
    machine.gone = [];
    machine.queue = machine.queue
      .filter(({ name }) => !there.includes(name))
      .map(({ name }) => ({ name, base: machine.revision }));
    this.snapshot();
    this.keep(machine.queue, gone);
  }

  keep(
    put: readonly Queued[],
    drop: readonly Name[],
    reserve: { sequence: number; counter: number } | null = null,
  ): void {
    const operations = put.map(({ name, base }) => ({
      id: { client: this.client, sequence: sequenceOf(name) },
      base,
      components: null,
      meta: {},
      at_ms: 0,
    }));
    this.keeper.keep({ type: "keep", snapshot: false, put: operations, drop: drop.map(sequenceOf), reserve });
  }
}

function sequenceOf(name: Name): number {
  return Number(name.split(" ")[1]);
}

/** Restores a machine, as the core would, and looks whether all is right. */
function check(stored: Stored | null, { client, log, safe }: Tab, context: string): void {
  if (stored === null) {
    expect(
      [...safe].filter((name) => !log.known.has(name)),
      context,
    ).toEqual([]);
    return;
  }
  expect(stored.restore, context).not.toBeNull();
  const { snapshot, messages, operations } = JSON.parse(stored.restore ?? "") as {
    snapshot: { revision: number };
    messages: { from: number; to: number; segments: Segment[] }[];
    operations: KeptOperation[];
  };
  const machine = new Machine();
  machine.revision = snapshot.revision;
  const putOn = () => {
    for (let next = operations[0]; next && next.base <= machine.revision; next = operations[0]) {
      expect(next.base, `${context}: a base is met exactly`).toBe(machine.revision);
      machine.queue.push({ name: nameOf(client, next.id.sequence), base: next.base });
      operations.shift();
    }
  };
  putOn();
  for (const message of messages) {
    const before = machine.revision;
    machine.take(message);
    expect(machine.revision, `${context}: each message advances`).toBeGreaterThan(before);
    putOn();
  }
  expect(operations, `${context}: all bases are reached`).toEqual([]);
  const waiting = machine.queue.map(({ name }) => name);
  const committed = new Set(log.names.slice(0, machine.revision));
  const twice = waiting.filter((name) => committed.has(name));
  expect(twice, `${context}: nothing is committed and waits as well`).toEqual([]);
  const lost = [...safe].filter((name) => !log.known.has(name) && !waiting.includes(name));
  expect(lost, `${context}: what was called safe is there`).toEqual([]);
  const sequences = waiting.map(sequenceOf);
  expect(sequences, context).toEqual([...sequences].sort((a, b) => a - b));
}

it(`is whole after any number of transactions (${RUNS} runs)`, async () => {
  const first = Number(process.env.SEED ?? 1);
  for (let seed = first; seed < first + RUNS; seed += 1) {
    const random = randomOf(seed);
    const pick = (below: number) => Math.floor(random() * below);
    const locks = freshDevice();
    const database = await openDatabase(`coboard ${seed}`, () => {});
    const log = new Log();
    const tabs: Tab[] = [];
    const dead = new Set<Tab>();
    const deaths = new Map<Tab, () => void>();
    for (const client of ["a", "b"]) {
      const tab = locks.tab();
      const release = await tab.take(`coboard-client-${client}`);
      const scope = new Scope({
        database,
        user: { id: "u", name: "U" },
        identity: { client, release: release ?? (() => {}) },
        locks: tab,
        broken: () => expect(dead.size).toBe(1),
        changed: () => {},
      });
      const made = new Tab(client, scope, log);
      tabs.push(made);
      deaths.set(made, () => tab.die());
    }
    for (let step = 0; step < STEPS; step += 1) {
      const tab = tabs[pick(2)];
      if (!tab || dead.has(tab)) continue;
      const act = random();
      if (act < 0.25) tab.edit();
      else if (act < 0.4 && tab.machine.queue[0])
        log.commit(tab.machine.queue.find(({ name }) => !log.known.has(name))?.name ?? `y ${step}`);
      else if (act < 0.5)
        for (let other = 0; other <= pick(4); other += 1) log.commit(nameOf("x", step * 10 + other));
      else if (act < 0.7) {
        const behind = log.names.length - tab.machine.revision;
        if (behind > 0) tab.hear(tab.machine.revision + 1 + pick(behind), random() < 0.5);
      } else if (act < 0.73) tab.snapshot();
      else if (act < 0.75) tab.reset(random() < 0.5);
      else if (act < 0.76 && step > STEPS / 2 && dead.size === 0) {
        // What it had not written is gone with it.
        dead.add(tab);
        deaths.get(tab)?.();
        tab.scope.writer.fail(storageError("closed"));
      } else if (act < 0.9) void tab.scope.writer.flush();
      else {
        for (const one of tabs) {
          const stored = await readStored(database, "u", DOCUMENT, one.client);
          check(stored, one, `SEED=${seed} step ${step} tab ${one.client}`);
        }
      }
    }
    for (const tab of tabs) {
      await tab.scope.writer.flush();
      check(await readStored(database, "u", DOCUMENT, tab.client), tab, `SEED=${seed} end ${tab.client}`);
    }
    database.close();
  }
}, 60_000);
