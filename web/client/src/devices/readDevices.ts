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

/** The answer to `devices`, and `devices_changed`. @internal */
export interface WireDevices {
  connections: readonly {
    connection: string;
    client: ClientId;
    device?: string;
    device_name?: string;
    since_ms: number;
    active_at_ms: number;
    documents: readonly WireDocument[];
  }[];
}

/** A connection may serve several tabs, and a tab that came back may still have its old one for a moment. @internal */
export function readDevices({ connections }: WireDevices, own: ClientId): readonly OwnDevice[] {
  const devices = new Map<string, { name: string | null; tabs: Map<ClientId, OwnTab> }>();
  const oldestFirst = connections.toSorted((a, b) => a.since_ms - b.since_ms);
  for (const connection of oldestFirst) {
    const id = connection.device ?? connection.connection;
    const device = devices.get(id) ?? { name: null, tabs: new Map() };
    devices.set(id, { ...device, name: connection.device_name ?? device.name });
    const clients = new Set([connection.client, ...connection.documents.map(({ client }) => client)]);
    for (const client of clients) {
      const documents = connection.documents.filter((document) => document.client === client);
      const before = device.tabs.get(client);
      device.tabs.set(client, {
        client,
        isThis: client === own,
        activeAtMs: newest([
          before,
          ...documents.map((document) => ({ activeAtMs: document.active_at_ms })),
          clients.size === 1 || documents.length === 0 ? { activeAtMs: connection.active_at_ms } : undefined,
        ]),
        documents: documents.map(readDocument),
      });
    }
  }
  return [...devices]
    .map(([id, { name, tabs }]) => deviceOf(id, name, [...tabs.values()]))
    .sort((a, b) => Number(b.isThis) - Number(a.isThis) || usedLastFirst(a, b));
}

function deviceOf(id: string, name: string | null, tabs: OwnTab[]): OwnDevice {
  const isThis = tabs.some((tab) => tab.isThis);
  return { id, name, isThis, activeAtMs: newest(tabs), tabs: tabs.sort(usedLastFirst) };
}

function readDocument({ document, title, active_at_ms, view }: WireDocument): OwnDocument {
  return { id: document, title, activeAtMs: active_at_ms, view: view ?? null };
}

function newest(times: readonly ({ activeAtMs: number } | undefined)[]): number {
  return Math.max(...times.map((time) => time?.activeAtMs ?? 0));
}

function usedLastFirst(a: { activeAtMs: number }, b: { activeAtMs: number }): number {
  return b.activeAtMs - a.activeAtMs;
}
