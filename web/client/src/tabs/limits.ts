/** How much the tabs of a browser share, and how long they wait for each other. */

/** Tabs that share one connection; one more has a connection of its own. A guess. */
export const TABS_MAX = 32;
/** Sessions on the shared connection, of the 64 that the server allows; a tab that comes later has its own. */
export const SESSIONS_MAX = 48;
/** Requests of one tab without an answer; a tab with more has gone wrong and is let go. */
export const REQUESTS_MAX = 256;
/**
 * A leader that says nothing for so long, the second half of it after it was asked, is frozen or stuck: another tab
 * takes its place. Longer than a page is busy with opening a large Document.
 */
export const LEADER_SILENT_MS_MAX = 3_000;
/** A timer that comes so late says that this tab itself stood still: what the leader said meanwhile is still to come. */
export const LATE_MS_MAX = 1_500;
