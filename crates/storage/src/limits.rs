//! Limits of the durable layer, in one place.

/// Most operations in one transaction of group commit. A guess of 2026-11: beyond it a commit
/// takes longer without serving more operations a second.
pub const BATCH_OPERATIONS_MAX: usize = 512;
/// Most bytes of encoded entries in one transaction of group commit; a larger run goes alone. A guess of 2026-11.
pub const BATCH_BYTES_MAX: usize = 1024 * 1024;
/// Runs that may wait for group commit. A room has one append outstanding, so this bounds the busy rooms
/// that wait without waiting for the queue as well. A guess of 2026-11.
pub const QUEUE_RUNS_MAX: usize = 1_024;
/// Most words of a search that are looked at.
pub const SEARCH_WORDS_MAX: usize = 16;
