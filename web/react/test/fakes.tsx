/** A client of plain cells: what hooks read can be set by the test. */
import type {
  Audience,
  BuiltInPresence,
  Client,
  ConnectionStatus,
  DashboardSummary,
  Edit,
  Json,
  Lease,
  Loaded,
  LoadState,
  Peer,
  Readable,
  Submitted,
  SyncStatus,
  TextHandle,
} from "@coboard/client";
import type { ReactNode } from "react";
import { StrictMode } from "react";
import { vi } from "vitest";
import { CoboardProvider, DocumentProvider } from "../src/index.js";

/** A readable that the test sets. */
export class Value<T> implements Readable<T> {
  readonly listeners = new Set<(value: T) => void>();

  constructor(public current: T) {}

  set(value: T): void {
    this.current = value;
    for (const listener of [...this.listeners]) listener(value);
  }

  subscribe(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Events that the test fires. */
export class Events {
  readonly listeners = new Map<string, Set<(event: never) => void>>();

  on = (event: string, listener: (event: never) => void) => {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set.add(listener));
    return () => set.delete(listener);
  };

  fire(event: string, value: unknown): void {
    for (const listener of [...(this.listeners.get(event) ?? [])])
      (listener as (event: unknown) => void)(value);
  }
}

/** A peer of that name. */
export function peer(id: string, presence: BuiltInPresence = {}): Peer {
  return { user: { id, name: id, color: "#123456" }, clients: [`c-${id}`], activity: "active", presence };
}

/** A sync status, all saved. */
export function synced(over: object = {}): SyncStatus {
  return {
    state: "synced",
    revision: 0,
    pendingCount: 0,
    inflight: false,
    oldestUnackedMs: null,
    lastSavedAtMs: null,
    durability: "server",
    progress: null,
    conflictCount: 0,
    ...over,
  } as SyncStatus;
}

/** A handle and a client over values, and a wrapper with both providers in StrictMode. */
export function fakes() {
  const events = new Events();
  const clientEvents = new Events();
  const items = new Map<string, Json>();
  const values = {
    content: new Value<unknown>(null),
    load: new Value<LoadState>({ state: "loading", from: "server", bytes: 0, bytesTotal: null }),
    sync: new Value(synced()),
    self: new Value(peer("me")),
    others: new Value<readonly Peer[]>([]),
    leases: new Value<readonly Lease[]>([]),
    following: new Value<string | null>(null),
    audience: new Value<Audience>({ editors: 1, viewers: 0, listed: 1 }),
    undoable: new Value({ count: 0, label: null as string | null }),
    redoable: new Value({ count: 0, label: null as string | null }),
    connection: new Value<ConnectionStatus>({ state: "initial" }),
    all: new Value<Loaded<readonly DashboardSummary[]>>({ status: "loading", progress: null }),
  };
  const edit = { set: vi.fn() } as unknown as Edit;
  const update = vi.fn();
  const handle = {
    id: "d1",
    ...values,
    presence: {
      self: values.self,
      others: values.others,
      leases: values.leases,
      following: values.following,
      follow: vi.fn((user: string | null) => values.following.set(user)),
      audience: values.audience,
      update,
    },
    history: { undoable: values.undoable, redoable: values.redoable, undo: vi.fn(), redo: vi.fn() },
    item: (id: string) => items.get(id),
    edit: vi.fn(
      (_label: string, change: (edit: Edit) => unknown) => ({ value: change(edit) }) as Submitted<unknown>,
    ),
    text: vi.fn((path: string) => ({ path }) as unknown as TextHandle),
    on: events.on,
    leave: vi.fn(),
  };
  const client = {
    connection: values.connection,
    dashboards: { all: values.all },
    join: vi.fn((id: string) => ({ ...handle, id })),
    reconnect: vi.fn(),
    on: clientEvents.on,
  };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <StrictMode>
      <CoboardProvider client={client as unknown as Client}>
        <DocumentProvider id="d1">{children}</DocumentProvider>
      </CoboardProvider>
    </StrictMode>
  );
  const ready = (content: unknown) => {
    values.load.set({ state: "ready", from: "server", bytes: 1, bytesTotal: 1 });
    values.content.set(content);
  };
  return { ...values, events, clientEvents, items, edit, update, handle, client, wrapper, ready };
}
