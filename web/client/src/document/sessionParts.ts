/** What a session is made of, and the parts of it that need nothing but these. */
import { DocumentActivity } from "../activity/activity.js";
import type { ReadPage } from "../activity/read.js";
import type { ClientId, DocumentId, Readable } from "../api/basic.js";
import type { DocumentEvents } from "../api/document.js";
import type { MakeCore } from "../core/boundary.js";
import type { CoboardError } from "../errors.js";
import type { Pace } from "../presence/pace.js";
import { Presence } from "../presence/presence.js";
import type { Emitter } from "../support/emitter.js";
import type { Page } from "../support/page.js";
import type { Connection } from "../transport/connection.js";
import type { OpenOnDevice } from "./deviceSide.js";
import type { FetchText } from "./snapshotFetch.js";
import { ViewTeller } from "./viewTeller.js";

/** What a session is made of. @internal */
export interface SessionParts {
  document: DocumentId;
  /** Settled when the device is known. */
  client: () => ClientId;
  /** Who we are, if the device knows it before the server says so. */
  user: () => { id: string; name: string } | null;
  open: OpenOnDevice;
  /** Edits wait without a connection. */
  waiting: () => void;
  /** Resolves when {@link SessionParts.makeCore} may be called. */
  loadCore: () => Promise<void>;
  makeCore: MakeCore;
  connection: Connection;
  page: Page;
  pace: Readable<Pace>;
  presenceIntervalMs: number;
  initialPresence: object;
  fetchSnapshot: FetchText;
  /** Pages of what was done. */
  activityPage: ReadPage;
  error: (error: CoboardError) => void;
}

/** What presence has to know of the session it belongs to. @internal */
export interface PresenceSources {
  client: () => ClientId;
  session: () => string | null;
  events: Emitter<DocumentEvents>;
}

/** Presence of one session; no faster than the server takes it. @internal */
export function makePresence(parts: SessionParts, { client, session, events }: PresenceSources): Presence {
  const { connection, document, page, pace, presenceIntervalMs } = parts;
  const slowest = () => 1_200 / (connection.limits.current?.presencePerSecondMax ?? 1_000);
  return new Presence(
    {
      client,
      intervalMs: () => Math.max(presenceIntervalMs, slowest()),
      page,
      pace,
      send: (message) => connection.emit("presence", { document, session: session(), ...message }),
      joined: (user) => events.emit("join", user),
      left: (user) => events.emit("leave", user),
    },
    parts.initialPresence,
  );
}

/** What one session shows, for the person's other devices. @internal */
export function makeViewTeller({ connection, document }: SessionParts): ViewTeller {
  return new ViewTeller((session, view) => connection.emit("view", { document, session, view }));
}

/** What people do, as long as there is a session to hear it. @internal */
export function makeActivity(
  { connection, document, user, activityPage }: SessionParts,
  session: () => string | null,
): DocumentActivity {
  return new DocumentActivity({
    page: activityPage,
    self: () => connection.user?.id ?? user()?.id ?? null,
    want: (wanted, done) => {
      const id = session();
      if (id === null) return false;
      connection.request("activity", { document, session: id, wanted }, done);
      return true;
    },
  });
}
