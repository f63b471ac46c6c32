/** One attempt to reach the server: opened once, closed once, never reused. */

import type { Transport } from "../api/basic.js";
import type { LostReason } from "../api/client.js";
import type { Answer } from "../core/boundary.js";

/** What a link is opened with. @internal */
export interface LinkTarget {
  url: string;
  token: string;
  transports: readonly Transport[];
}

/** Why a link is closed: "stopped" where nothing is wrong with it, else what is. @internal */
export type LinkEnd = LostReason | "stopped";

/** A link that is opening or open. @internal */
export interface Link {
  emit(event: string, payload: object): void;
  request(event: string, payload: object, done: (answer: Answer) => void): void;
  /** Nothing is told afterwards. */
  close(why?: LinkEnd): void;
}

/** What a link tells, each as often as it happens, nothing after `refused`, `failed`, `closed` or `moved`. @internal */
export interface LinkEvents {
  /** `via`: whose connection it is; absent: one of its own. */
  opened(transport: Transport, via?: "own-socket" | "other-tab"): void;
  upgraded(transport: Transport): void;
  /** The server said no, with the code of an error. */
  refused(code: string): void;
  /** The server was not reached. */
  failed(): void;
  /** It was open and is so no longer. */
  closed(reason: LostReason): void;
  /** Another tab holds the connection now: there is nothing to wait for. */
  moved?(): void;
  message(event: string, payload: unknown): void;
}

/** Opens a link. @internal */
export type OpenLink = (target: LinkTarget, events: LinkEvents) => Link;
