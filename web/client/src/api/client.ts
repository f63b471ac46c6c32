/** The client: one per tab, one connection, any number of Documents. */
import type { CoboardError } from "../errors.js";
import type {
  ClientId,
  CoreSource,
  DocumentId,
  Json,
  Loaded,
  Readable,
  Transport,
  Unsubscribe,
} from "./basic.js";
import type { Dashboards } from "./dashboards.js";
import type { Device } from "./device.js";
import type { OwnDevice } from "./devices.js";
import type { DocumentHandle, DocumentOptions } from "./document.js";
import type { PresencePace } from "./presence.js";

/** Settings of {@link createClient}. Times are in milliseconds. @public */
export interface ClientOptions {
  /** Base address of the server, for example `location.origin`. */
  url: string | URL;
  /**
   * The bearer token, or a function that is asked for one before each connection and request. It has five seconds before
   * a connection is tried anew, and more each time.
   */
  token: string | (() => string | Promise<string>);
  /** Where the wasm core comes from; absent: the file next to the module. */
  core?: CoreSource | Promise<CoreSource>;
  /** Transports to try, in order. Default `["websocket", "polling"]`. */
  transports?: readonly Transport[];
  /** Least time between two presence messages, 16..1000. Default 50. */
  presenceIntervalMs?: number;
  /** How much presence is heard and told. Default "auto". */
  presencePace?: PresencePace;
  /** How long a connection may be gone before `lostConnection` says "lost", 200..30000. Default 5000. */
  lostConnectionTimeoutMs?: number;
  /** A hidden tab without unacknowledged work disconnects after this time. Default 300000, null: never. */
  hiddenTabDisconnectMs?: number | null;
  /** Whether work and Documents are kept on the device; false: in memory alone. Default true. */
  offline?: boolean;
  /** Whether the tabs of one person in a browser share one connection. Default false. */
  sharedConnection?: boolean;
  /** Ask before the page closes while work is in memory alone. Default true. */
  preventUnsavedChanges?: boolean;
}

/**
 * One SDK instance.
 *
 * @example
 * const client = createClient({ url: location.origin, token: "open:ana:Ana" });
 * const handle = client.join("d1");
 * const loaded = await handle.whenLoaded();
 * if (!loaded.ok) throw loaded.error;
 * console.log(handle.content.current); // null before
 * @public
 */
export interface Client {
  /**
   * One per tab. A tab takes over the identity of one that is gone, by reload or by crash; which one is settled with the
   * first connection.
   */
  readonly clientId: ClientId;
  readonly connection: Readable<ConnectionStatus>;
  /** From the handshake; null before the first one. */
  readonly limits: Readable<ServerLimits | null>;
  /** The catalogue: list, create, import, rename, delete, export. */
  readonly dashboards: Dashboards;
  /** What is kept on this device. */
  readonly device: Device;
  /** The person's own devices and tabs that are connected now, this one first; "loading" without a connection. */
  readonly devices: Readable<Loaded<readonly OwnDevice[]>>;
  /** Shared and counted: joining one Document twice gives the same handle, `leave` ends one of the two. */
  join<T = Json, P extends object = object>(
    id: DocumentId,
    options?: DocumentOptions<P>,
  ): DocumentHandle<T, P>;
  /** Starts connecting. `join` and the catalogue's live list do it by themselves. */
  connect(): void;
  /** Stops until `connect` or `reconnect`. Edits are still accepted and wait. */
  disconnect(): void;
  /** "Retry now": drops the present connection, if any, and tries at once. */
  reconnect(): void;
  /** Resolves when the server has committed every local operation of every joined Document. */
  whenNothingPending(): Promise<void>;
  /** All that the server has not, of every Document and every tab of this person on this device, as a JSON file. */
  exportUnsaved(): Promise<Blob>;
  on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void): Unsubscribe;
  /** Leaves everything and frees the core. Handles made by this client throw when edited afterwards. */
  destroy(): Promise<void>;
}

/** What the server announces at the handshake. @public */
export interface ServerLimits {
  protocol: number;
  protocolMin: number;
  lineage: string;
  transports: readonly Transport[];
  messageBytesMax: number;
  operationsPerSubmitMax: number;
  pingIntervalMs: number;
  pingTimeoutMs: number;
  presencePerSecondMax: number;
}

/** Events of the client. @public */
export interface ClientEvents {
  lostConnection: "lost" | "restored" | "failed";
  error: CoboardError;
  updateNeeded: { reason: "client_too_old" | "server_too_old" };
}

/** State of the connection; every state says why. @public */
export type ConnectionStatus =
  | { state: "initial" }
  | { state: "connecting"; transport: Transport; reason: "first" | "requested" | "transport-fallback" }
  | { state: "connected"; transport: Transport; latencyMs: number | null; via: "own-socket" | "other-tab" }
  | { state: "reconnecting"; reason: LostReason; attempt: number; retryAtMs: number }
  | { state: "disconnected"; reason: "requested" | "hidden-tab" | "kicked" | "destroyed" }
  | { state: "needs-auth"; reason: "token-missing" | "token-expired" | "token-refused" }
  | { state: "error"; error: CoboardError };

/** Why a connection was lost. @public */
export type LostReason =
  | "browser-offline"
  | "silent"
  | "closed"
  | "server-draining"
  | "overloaded"
  | "rate-limited"
  | "message-too-large";
