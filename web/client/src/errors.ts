/** The one error class of the SDK and how it is read from the wire. */
import type { Json } from "./api/basic.js";
import { ERROR_RETRY, type ErrorCode, type Retry } from "./generated/errors.js";

const DOCS = "docs/guide/errors.md";

/** The error member of a negative answer. @internal */
export interface ErrorBody {
  code: string;
  retry?: string;
  message?: string;
  details?: { readonly [key: string]: Json };
}

/**
 * What a server, a network or a device refused.
 *
 * @example
 * const result = await handle.edit("rename", (edit) => edit.set("@0/title", "")).server;
 * if (!result.ok && result.error.code === "E_DOC_LIMIT") showDashboardFull(result.error.message);
 * @public
 */
export class CoboardError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  /** Fields of the error, keys in camelCase, for example `{ limitBytes, sizeBytes }` or `{ retryAfterMs }`. */
  readonly details: Readonly<Record<string, Json>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, Json>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CoboardError";
    this.code = code;
    this.retry = ERROR_RETRY[code];
    this.details = details;
  }

  /** Page with cause and remedy. */
  get docs(): string {
    return `${DOCS}#${this.code.toLowerCase()}`;
  }
}

/** Whether a word is one of our codes. @internal */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(ERROR_RETRY, word);
}

/** Reads the error of an answer; a code this client does not know counts as unavailable. @internal */
export function errorFromBody(body: ErrorBody | null | undefined): CoboardError {
  const code = body?.code ?? "";
  const known = isErrorCode(code) ? code : "E_UNAVAILABLE";
  return new CoboardError(
    known,
    body?.message || `the server answered ${code || "without a code"}`,
    camelKeys(body?.details),
  );
}

function camelKeys(details: ErrorBody["details"]): Record<string, Json> {
  const entries = Object.entries(details ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()), value]),
  );
}
