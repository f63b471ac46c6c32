/** Words that every part of the public surface shares: ids, JSON, readables, results. */
import type { CoboardError } from "../errors.js";

/** Identity of a Document. @public */
export type DocumentId = string;
/** Identity of one SDK instance, one per tab. @public */
export type ClientId = string;
/** Identity of a person. @public */
export type UserId = string;
/** Identity of an array item inside a Document; a decimal string, "0" is the root. @public */
export type ItemId = string;
/** Number of committed operations; 0 is the empty Document. @public */
export type Revision = number;
/** What a Document holds. @public */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Address of a value, `"@item/key/key"` with JSON-Pointer escapes: stable under moves and inserts. @public */
export type Path = string;
/** What a person may do in a Document. @public */
export type Role = "viewer" | "commenter" | "editor" | "admin";
/** What carries the bytes. @public */
export type Transport = "websocket" | "polling";
/** Ends a subscription. Calling it again does nothing. @public */
export type Unsubscribe = () => void;

/**
 * A value that changes: `current` is always the newest one, listeners run after each change.
 *
 * @example
 * const stop = client.connection.subscribe((status) => render(status.state));
 * @public
 */
export interface Readable<T> {
  readonly current: T;
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/** What a network, a server or another user can make fail comes back as a value. @public */
export type Result<T> = { ok: true; value: T } | { ok: false; error: CoboardError };

/** Something that is on its way, failed with a reason, or there. @public */
export type Loaded<V> =
  | { status: "loading"; progress: number | null }
  | { status: "failed"; error: CoboardError }
  | { status: "ready"; value: V };

/** Identity of an Operation; `sequence` 0 means that an edit changed nothing and no Operation was made. @public */
export interface OperationId {
  client: ClientId;
  sequence: number;
}

/** A person, with the colour the server gave them in this Document. @public */
export interface User {
  id: UserId;
  name: string;
  color: string;
  avatarUrl?: string;
}

/** Where the wasm core comes from, when the file next to the module will not do. @public */
export type CoreSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;
