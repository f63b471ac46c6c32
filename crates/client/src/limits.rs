//! Limits of the client's own, beside those of the protocol.

use std::time::Duration;

/// Time from the first byte of a connection to the answer to `hello`. Twice the server's patience.
pub(crate) const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// Time one message may take to be handed to the system. A guess.
pub(crate) const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Time one HTTP request may take. A guess: a dashboard of the largest size over a slow link.
pub(crate) const HTTP_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest WebSocket message taken from the server in bytes. Far above what it sends on purpose.
pub(crate) const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Largest HTTP body taken from the server in bytes: a document of the largest size with its ids
/// and deleted items. A guess.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Messages that wait between a connection and the documents, in each direction. A guess. At most
/// three requests of each document are on their way, so this is enough for all that may be joined.
pub(crate) const QUEUE_MAX: usize = 1_024;
/// Commands of the application that wait. A guess.
pub(crate) const COMMANDS_MAX: usize = 256;
/// Events that wait for an application that does not read them; older ones are dropped, and it is
/// told how many. A guess.
pub(crate) const EVENTS_MAX: usize = 8_192;
