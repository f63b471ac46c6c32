/** `@coboard/client`: the SDK of Coboard, without a framework. */
export type * from "./api/basic.js";
export type * from "./api/client.js";
export type * from "./api/conflicts.js";
export type * from "./api/dashboards.js";
export type * from "./api/device.js";
export type * from "./api/document.js";
export type * from "./api/history.js";
export type * from "./api/layout.js";
export type * from "./api/presence.js";
export type * from "./api/queue.js";
export type * from "./api/sync.js";
export type * from "./api/text.js";
export { createClient } from "./client.js";
export { compact } from "./core/layout.js";
export { isCoreLoaded, loadCore } from "./core/load.js";
export { lastPerson } from "./device/lastPerson.js";
export { CoboardError } from "./errors.js";
export type { ErrorCode, Retry } from "./generated/errors.js";
