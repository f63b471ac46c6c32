/** One attempt to reach the server: opened once, closed once, never reused. */

import type { Transport } from "../api/basic.js";
import type { LostReason } from "../api/client.js";
import type { Answer } from "../core/boundary.js";

/** A link that is opening or open. @internal */
export interface Link {
  emit(event: string, payload: object): void;
  request(event: string, payload: object, done: (answer: Answer) => void): void;
  /** Nothing is told afterwards. */
  close(): void;
}

/** What a link tells, each as often as it happens, nothing after `refused`, `failed` or `closed`. @internal */
export interface LinkEvents {
  opened(transport: Transport): void;
  upgraded(transport: Transport): void;
  /** The server said no, with the code of an error. */
  refused(code: string): void;
  /** The server was not reached. */
  failed(): void;
  /** It was open and is so no longer. */
  closed(reason: LostReason): void;
  message(event: string, payload: unknown): void;
}

/** Opens a link. @internal */
export type OpenLink = (
  target: { url: string; token: string; transports: readonly Transport[] },
  events: LinkEvents,
) => Link;
