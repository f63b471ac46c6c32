/** How much the device keeps, and how long things may take. */

/** Operations of one client that wait for one Document; what comes on top is in memory alone. */
export const QUEUE_OPERATIONS_MAX = 10_000;
/** The same in bytes of JSON text. */
export const QUEUE_BYTES_MAX = 5 * 1024 * 1024;
/** Messages kept behind a snapshot before a new one takes their place. A guess. */
export const MESSAGES_MAX = 1_000;
/** The same in bytes of JSON text, where the snapshot is smaller than that. */
export const MESSAGES_BYTES_MAX = 256 * 1024;
/** Documents kept on the device; those opened least recently go first, but none with a queue. A guess. */
export const DOCUMENTS_MAX = 50;
/** What a person does is written after this time at the latest. */
export const WRITE_AFTER_MS = 50;
/** What can be had from the server again is written after this time at the latest. */
export const WRITE_LAZILY_AFTER_MS = 500;
/** A database that takes longer to open or to read is gone without. */
export const READ_MS_MAX = 3_000;
/** An identity that nobody has used for so long and that has no queue is forgotten: 30 days. */
export const CLIENT_UNUSED_MS_MAX = 30 * 24 * 3_600_000;
/** How often the queues of tabs that died are looked for. */
export const SWEEP_EVERY_MS = 15_000;
/** A page that reloads takes its identity back within this time; before that nobody else sends its queue. */
export const RELOAD_MS_MAX = 3_000;
/** A tab without work of its own says now and then where it stands, so that what it stands on is kept. */
export const PLACE_EVERY_REVISIONS = 100;
/** Numbers taken at once when a Document is opened, as many as the core reserves ahead (`RESERVE_BLOCK`). */
export const NUMBERS_AHEAD = 20_000;
/** A page that reloads waits so long for its own identity; a tab that was duplicated waits in vain. A guess. */
export const UNLOAD_MS_MAX = 500;
