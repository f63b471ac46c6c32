/** The list of dashboards, kept up to date through the lobby while somebody looks at it. */
import type { Loaded, Unsubscribe } from "../api/basic.js";
import type { DashboardSummary } from "../api/dashboards.js";
import { Cell } from "../support/cell.js";
import { Watched } from "../support/watched.js";
import type { Connection } from "../transport/connection.js";
import { listDashboards } from "./catalogue.js";
import type { Http } from "./http.js";

/** News within this time are fetched together. */
const REFETCH_AFTER_MS = 300;

type State = Loaded<readonly DashboardSummary[]>;

interface LobbyEvent {
  document: string;
  title?: string;
  tags?: readonly string[];
  folder?: string | null;
  revision?: number;
  at_ms: number;
}

/** Subscribes to the lobby with its first listener and leaves it with the last. @internal */
export class LiveList extends Watched<State> {
  readonly #http: Http;
  readonly #connection: Connection;
  readonly #fetched: (rows: readonly DashboardSummary[]) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts fetches, so that a slow old answer does not replace a newer one. */
  #fetches = 0;

  /** @param fetched - Told of each list that the server gave. */
  constructor(http: Http, connection: Connection, fetched: (rows: readonly DashboardSummary[]) => void) {
    super(new Cell<State>({ status: "loading", progress: null }));
    this.#fetched = fetched;
    this.#http = http;
    this.#connection = connection;
  }

  protected start(): readonly Unsubscribe[] {
    const { events } = this.#connection;
    const unlisten = [
      events.on("connected", () => this.#enter()),
      events.on("message", ({ event, payload }) => this.#message(event, payload as LobbyEvent)),
      () => clearTimeout(this.#timer),
      () => this.#connection.emit("lobby_leave", {}),
    ];
    if (this.#connection.connected) this.#enter();
    else void this.#fetch();
    this.#connection.connect();
    return unlisten;
  }

  /** Enters the lobby first and fetches then, so that nothing falls between the two. */
  #enter(): void {
    this.#connection.request("lobby_join", {}, () => void this.#fetch());
  }

  #message(event: string, news: LobbyEvent): void {
    if (event === "dashboard_deleted") {
      this.#patch((rows) => rows.filter((row) => row.id !== news.document));
    } else if (event === "dashboard_updated") {
      this.#patch((rows) => rows.map((row) => (row.id === news.document ? updated(row, news) : row)));
      this.#fetchSoon();
    } else if (event === "dashboard_created") {
      this.#fetchSoon();
    }
  }

  #patch(change: (rows: readonly DashboardSummary[]) => readonly DashboardSummary[]): void {
    const state = this.state.current;
    if (state.status === "ready") this.state.set({ status: "ready", value: change(state.value) });
  }

  #fetchSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fetch(), REFETCH_AFTER_MS);
  }

  async #fetch(): Promise<void> {
    const fetch = ++this.#fetches;
    const answer = await listDashboards(this.#http);
    if (fetch !== this.#fetches) return;
    if (answer.ok) {
      this.#fetched(answer.value);
      this.state.set({ status: "ready", value: answer.value });
    } else if (this.state.current.status !== "ready") {
      this.state.set({ status: "failed", error: answer.error });
    }
  }
}

function updated(row: DashboardSummary, news: LobbyEvent): DashboardSummary {
  return {
    ...row,
    title: news.title ?? row.title,
    tags: news.tags ?? row.tags,
    folder: news.folder === undefined ? row.folder : news.folder || null,
    revision: news.revision ?? row.revision,
    updatedAtMs: news.at_ms,
  };
}
