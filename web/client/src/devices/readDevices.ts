/** From the connections that the server lists to devices and their tabs. */
import type { ClientId, DocumentId } from "../api/basic.js";
import type { DocumentView, OwnDevice, OwnDocument, OwnTab } from "../api/devices.js";

interface WireDocument {
  document: DocumentId;
  title: string;
  client: ClientId;
  active_at_ms: number;
  view?: DocumentView;
}

interface WireConnection {
  connection: string;
  client: ClientId;
  device?: string;
  device_name?: string;
  since_ms: number;
  active_at_ms: number;
  documents: readonly WireDocument[];
}

/** The answer to `devices`, and `devices_changed`. @internal */
export interface WireDevices {
  connections: readonly WireConnection[];
}

/** Who asks. @internal */
export interface Self {
  client: ClientId;
  device: string;
}

interface Device {
  name: string | null;
  tabs: Map<ClientId, OwnTab>;
}

/** A tab that came back may still have its older connection for a moment: the newer one counts. @internal */
export function readDevices({ connections }: WireDevices, self: Self): readonly OwnDevice[] {
  const devices = new Map<string, Device>();
  const oldestFirst = connections.toSorted((a, b) => a.since_ms - b.since_ms);
  for (const connection of oldestFirst) {
    const id = connection.device ?? connection.connection;
    const device = devices.get(id) ?? { name: null, tabs: new Map() };
    devices.set(id, { ...device, name: connection.device_name ?? device.name });
    for (const tab of tabsOf(connection, self)) device.tabs.set(tab.client, tab);
  }
  return [...devices]
    .map(([id, device]) => deviceOf(id, device, self))
    .sort((a, b) => Number(b.isThis) - Number(a.isThis) || usedLastFirst(a, b));
}

/**
 * One connection may serve several tabs, and is known by the name of one of them, which may be gone: it counts only
 * where no tab has a Document open.
 */
function tabsOf(connection: WireConnection, self: Self): readonly OwnTab[] {
  const { documents, active_at_ms } = connection;
  const clients = new Set(documents.map(({ client }) => client));
  if (clients.size === 0) clients.add(connection.client);
  return [...clients].map((client) => {
    const own = documents.filter((document) => document.client === client).map(readDocument);
    const activeAtMs = own.length > 0 ? newest(own) : active_at_ms;
    return { client, isThis: client === self.client, activeAtMs, documents: own };
  });
}

/** The tab that asks is there, also where another one has the connection and it has nothing open. */
function deviceOf(id: string, { name, tabs }: Device, self: Self): OwnDevice {
  const isThis = id === self.device || tabs.has(self.client);
  const all = [...tabs.values()];
  const activeAtMs = newest(all);
  if (isThis && !tabs.has(self.client))
    all.push({ client: self.client, isThis: true, activeAtMs, documents: [] });
  return { id, name, isThis, activeAtMs, tabs: all.sort(usedLastFirst) };
}

function readDocument({ document, title, active_at_ms, view }: WireDocument): OwnDocument {
  return { id: document, title, activeAtMs: active_at_ms, view: view ?? null };
}

function newest(used: readonly { activeAtMs: number }[]): number {
  return Math.max(...used.map(({ activeAtMs }) => activeAtMs));
}

function usedLastFirst(a: { activeAtMs: number }, b: { activeAtMs: number }): number {
  return b.activeAtMs - a.activeAtMs;
}
