/** Error codes and limits of the wire. Generated from crates/protocol by `cargo xtask codegen`: do not edit. */

/** Whether and how a request may be repeated. @public */
export type Retry = "never" | "after_backoff" | "after_reset";

/** What went wrong, as a word that never changes its meaning. @public */
export type ErrorCode =
  | "E_AUTH"
  | "E_FORBIDDEN"
  | "E_NOT_FOUND"
  | "E_VERSION"
  | "E_TOO_LARGE"
  | "E_DEPTH"
  | "E_DOC_LIMIT"
  | "E_SCHEMA"
  | "E_OP"
  | "E_PATH"
  | "E_INDEX"
  | "E_TYPE"
  | "E_NUM"
  | "E_STR"
  | "E_KEY"
  | "E_BAD_JSON"
  | "E_DEPENDS"
  | "E_SEQ_GAP"
  | "E_OPID_CONFLICT"
  | "E_REV_OLD"
  | "E_REV_FUTURE"
  | "E_RATE"
  | "E_OVERLOADED"
  | "E_UNAVAILABLE"
  | "E_STORAGE_FULL"
  | "E_CORE_LOAD"
  | "E_DEVICE_STORAGE"
  | "E_DISCARDED";

/** The retry rule of each code. @internal */
export const ERROR_RETRY: Readonly<Record<ErrorCode, Retry>> = {
  E_AUTH: "never",
  E_FORBIDDEN: "never",
  E_NOT_FOUND: "never",
  E_VERSION: "never",
  E_TOO_LARGE: "never",
  E_DEPTH: "never",
  E_DOC_LIMIT: "never",
  E_SCHEMA: "never",
  E_OP: "never",
  E_PATH: "never",
  E_INDEX: "never",
  E_TYPE: "never",
  E_NUM: "never",
  E_STR: "never",
  E_KEY: "never",
  E_BAD_JSON: "never",
  E_DEPENDS: "never",
  E_SEQ_GAP: "after_reset",
  E_OPID_CONFLICT: "never",
  E_REV_OLD: "after_reset",
  E_REV_FUTURE: "after_reset",
  E_RATE: "after_backoff",
  E_OVERLOADED: "after_backoff",
  E_UNAVAILABLE: "after_backoff",
  E_STORAGE_FULL: "after_backoff",
  E_CORE_LOAD: "after_backoff",
  E_DEVICE_STORAGE: "never",
  E_DISCARDED: "never",
};

/** Limits that the server enforces; hello announces those that may differ. @internal */
export const LIMITS = {
  messageBytesMax: 262144,
  operationBytesMax: 163840,
  operationsPerSubmitMax: 200,
  stringBytesMax: 65536,
  depthMax: 32,
  documentBytesMax: 5242880,
  nameCharsMax: 60,
  titleCharsMax: 300,
  idBytesMax: 64,
  documentsPerConnectionMax: 64,
  presencePerSecondMax: 20,
  presenceBytesMax: 8192,
  pingIntervalMs: 10000,
  pingTimeoutMs: 5000,
} as const;
