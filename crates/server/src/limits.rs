//! Limits of the server's own, beside those of the protocol.

use std::time::Duration;

/// Largest body of an HTTP request in bytes: one dashboard, and room for its escapes.
pub(crate) const BODY_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Time for the head of an HTTP request, from the first byte awaited to the last.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Largest head of an HTTP request in bytes.
pub(crate) const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Most headers of an HTTP request.
pub(crate) const HEADERS_MAX: usize = 64;
/// Time for the body of an HTTP request.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// Time the other side may leave sent bytes unacknowledged before the kernel gives up.
pub(crate) const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);
/// Time between the handshake of a socket and its CONNECT.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Packets that wait for one connection's writer: about two seconds of one busy room.
pub(crate) const CONNECTION_PACKETS_MAX: usize = 128;
/// Time a connection that does not keep up may take to come back before it is closed.
pub(crate) const LAGGING_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a connection that does not keep up is tried again.
pub(crate) const LAGGING_RETRY: Duration = Duration::from_millis(250);
/// Most operations per second and user, sustained. Generous: it also carries the offline queue of a
/// client that comes back. A guess.
pub(crate) const OPERATIONS_PER_SECOND_MAX: u32 = 1_000;
/// Most operations of a user above the sustained rate: one whole offline queue. A guess.
pub(crate) const OPERATIONS_BURST_MAX: u32 = 10_000;
/// Most joins per second and user, sustained. A guess.
pub(crate) const JOINS_PER_SECOND_MAX: u32 = 20;
/// Most joins of a user above the sustained rate. A guess.
pub(crate) const JOINS_BURST_MAX: u32 = 500;
/// Most other requests (hello, ping, catch_up, lobby) per second and connection, sustained. A guess.
pub(crate) const REQUESTS_PER_SECOND_MAX: u32 = 50;
/// Most other requests of a connection above the sustained rate. A guess.
pub(crate) const REQUESTS_BURST_MAX: u32 = 200;
/// How long changes of a person's list of devices are gathered before those who follow it are told. A guess.
pub(crate) const DEVICES_TICK: Duration = Duration::from_millis(500);
/// Steps in which "last active" moves on, in milliseconds: an active person is no news all the time. A guess.
pub(crate) const ACTIVE_STEP_MS: u64 = 10_000;
/// Most inflight operations that one `join` may name.
pub(crate) const JOIN_INFLIGHT_MAX: usize = coboard_protocol::limits::OPERATIONS_PER_SUBMIT_MAX;
/// Most rows in one list of dashboards. A guess.
pub(crate) const DASHBOARDS_MAX: usize = 1_000;
/// Most tags of one dashboard. The item ids of a change by REST count on it.
pub(crate) const TAGS_MAX: usize = 100;
/// Longest tag in bytes.
pub(crate) const TAG_BYTES_MAX: usize = 100;
/// Longest search text in bytes.
pub(crate) const SEARCH_BYTES_MAX: usize = 200;
/// Clients whose device is known by name, for those who tell what was done. A guess.
pub(crate) const DEVICE_NAMES_MAX: usize = 10_000;
/// How long what was done is gathered before those who listen are told. A guess: a feed is read, not watched.
pub(crate) const ACTIVITY_TICK: Duration = Duration::from_millis(250);
/// Batches of committed operations that may wait to be told; beyond it they are left out. A guess.
pub(crate) const ACTIVITY_QUEUE_MAX: usize = 64;
/// Most entries of one message about what was done. A guess.
pub(crate) const ACTIVITY_ENTRIES_MAX: usize = 50;
/// Entries that may still be added to, of one room. A guess.
pub(crate) const ACTIVITY_OPEN_MAX: usize = 500;
/// How long somebody must be gone before that is told: a page that is loaded again is no news.
pub(crate) const LEFT_AFTER: Duration = Duration::from_secs(10);
