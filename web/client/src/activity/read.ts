/** Entries of what was done, as they come over the wire. */
import type { ActivityEntry, ActivityPage, ActivityQuery } from "../api/activity.js";
import type { DocumentId, Json, Result, Revision, UserId } from "../api/basic.js";
import type { Http } from "../catalogue/http.js";

/** The event `activity`. @internal */
export interface WireActivity {
  entries: readonly WireEntry[];
  gone?: readonly string[];
  missed?: boolean;
}

interface WireEntry {
  id: string;
  actor: UserId;
  name: string;
  device?: string;
  client?: string;
  origin: ActivityEntry["origin"];
  verb: ActivityEntry["verb"];
  kind: ActivityEntry["kind"];
  item?: string;
  title: string;
  part?: string;
  path?: string;
  before?: Json;
  after?: Json;
  count: number;
  revisions?: readonly [Revision, Revision];
  at_ms: number;
  text: string;
}

/** Asks the server for a page. @internal */
export type ReadPage = (query: ActivityQuery, self: UserId | null) => Promise<Result<ActivityPage>>;

/** Pages of one Document, over HTTP. @internal */
export function pagesOf(http: Http, document: DocumentId): ReadPage {
  return async (query, self) => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const words = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
    const path = `/api/dashboards/${encodeURIComponent(document)}/activity?${words}`;
    const answer = await http.json<{ entries: readonly WireEntry[]; next?: Revision }>("GET", path);
    if (!answer.ok) return answer;
    const { entries, next } = answer.value;
    return {
      ok: true,
      value: { entries: entries.map((entry) => readEntry(entry, self)), next: next ?? null },
    };
  };
}

/** One entry; `self` is who reads it. @internal */
export function readEntry(entry: WireEntry, self: UserId | null): ActivityEntry {
  const { at_ms: atMs, device, client, item, part, path, revisions, ...rest } = entry;
  return {
    ...rest,
    own: entry.actor === self,
    device: device ?? null,
    client: client ?? null,
    item: item ?? null,
    part: part ?? null,
    path: path ?? null,
    before: entry.before,
    after: entry.after,
    revisions: revisions ?? null,
    atMs,
  };
}
