//! Limits of this backend, in one place.

use std::time::Duration;

/// Connections that read at the same time. A guess of 2026-11: reads are short, and the disk is one.
pub const READERS_MAX: usize = 4;
/// Writes that may wait for the writer; who comes later waits to be let in. A guess of 2026-11.
pub const WRITES_WAITING_MAX: usize = 1_024;
/// How long to wait for a lock that another program holds on the database. A guess of 2026-11: nobody but a person with a shell holds one.
pub const BUSY_TIMEOUT: Duration = Duration::from_millis(5_000);
/// Quiet time after which the write-ahead log is emptied into the database. A guess of 2026-11.
pub const IDLE: Duration = Duration::from_secs(2);
/// How long emptying the write-ahead log may wait for readers: writes wait meanwhile. A guess of 2026-11.
pub const CHECKPOINT_WAIT: Duration = Duration::from_millis(50);
/// Page cache of one connection, in SQLite's notation: negative means KiB.
pub const CACHE_SIZE: i64 = -16_000;
/// Statements one connection keeps prepared; more than there are.
pub const STATEMENTS_KEPT: usize = 64;
