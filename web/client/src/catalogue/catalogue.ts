/** The catalogue of dashboards over HTTP. */
import type { DocumentId, Json, Loaded, Readable, Result } from "../api/basic.js";
import type { PathPolicy } from "../api/conflicts.js";
import type { DashboardReference, DashboardSummary, Dashboards } from "../api/dashboards.js";
import { toJsonText } from "../support/json.js";
import type { Http } from "./http.js";
import { readSummary, type WireSummary } from "./summary.js";

/** Requests to the catalogue; the live list is given by whoever has the connection. @internal */
export class Catalogue implements Dashboards {
  readonly #http: Http;

  constructor(
    http: Http,
    readonly all: Readable<Loaded<readonly DashboardSummary[]>>,
  ) {
    this.#http = http;
  }

  list(query: { search?: string } = {}): Promise<Result<readonly DashboardSummary[]>> {
    return listDashboards(this.#http, query.search);
  }

  create(request: { title?: string } = {}): Promise<Result<DashboardReference>> {
    return this.#http.json("POST", "/api/dashboards", toJsonText(request));
  }

  import(dashboard: Json | string): Promise<Result<DashboardReference>> {
    const text = typeof dashboard === "string" ? dashboard : toJsonText(dashboard);
    return this.#http.json("POST", "/api/dashboards/import", text);
  }

  update(
    id: DocumentId,
    change: { title?: string; tags?: readonly string[] },
  ): Promise<Result<DashboardReference>> {
    return this.#http.json("PATCH", address(id), toJsonText(change));
  }

  rename(id: DocumentId, title: string): Promise<Result<DashboardReference>> {
    return this.update(id, { title });
  }

  async delete(id: DocumentId): Promise<Result<void>> {
    return this.#http.json("DELETE", address(id));
  }

  export(id: DocumentId): Promise<Result<Json>> {
    return this.#http.json("GET", `${address(id)}/export`);
  }

  policies(id: DocumentId): Promise<Result<readonly PathPolicy[]>> {
    return this.#policies("GET", id);
  }

  setPolicies(
    id: DocumentId,
    policies: readonly PathPolicy[],
    { before }: { before?: readonly PathPolicy[] } = {},
  ): Promise<Result<readonly PathPolicy[]>> {
    return this.#policies("PUT", id, toJsonText(before ? { policies, before } : { policies }));
  }

  async #policies(method: string, id: DocumentId, body?: string): Promise<Result<readonly PathPolicy[]>> {
    const path = `${address(id)}/policies`;
    const answer = await this.#http.json<{ policies: readonly PathPolicy[] }>(method, path, body);
    return answer.ok ? { ok: true, value: answer.value.policies } : answer;
  }
}

/** The list, newest change first. @internal */
export async function listDashboards(http: Http, search = ""): Promise<Result<readonly DashboardSummary[]>> {
  const query = search === "" ? "" : `?search=${encodeURIComponent(search)}`;
  const answer = await http.json<{ dashboards: readonly WireSummary[] }>("GET", `/api/dashboards${query}`);
  return answer.ok ? { ok: true, value: answer.value.dashboards.map(readSummary).sort(newestFirst) } : answer;
}

function newestFirst(a: DashboardSummary, b: DashboardSummary): number {
  return b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? -1 : 1);
}

function address(id: DocumentId): string {
  return `/api/dashboards/${encodeURIComponent(id)}`;
}
