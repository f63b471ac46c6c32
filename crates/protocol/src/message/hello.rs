//! Opening a connection: `hello` and its answer.

use serde::Serialize;

use crate::id::{ClientId, User};
use crate::object;

/// `hello`: the first event of a connection.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Hello {
    /// Oldest protocol version the client speaks.
    pub protocol_min: u32,
    /// Newest protocol version the client speaks.
    pub protocol_max: u32,
    /// The client.
    pub client: ClientId,
    /// What the person works on.
    pub device: Option<String>,
    /// How the person's own list of devices calls it, as "Firefox on Linux".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// Build of the client, for logs.
    pub build: Option<String>,
    /// The lineage the client knows; differs after a restore of the server.
    pub lineage: Option<String>,
}

object!(Hello {
    protocol_min: required,
    protocol_max: required,
    client: required,
    device: optional,
    device_name: optional,
    build: optional,
    lineage: optional
});

/// The answer to `hello`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Welcome {
    /// The version both speak from now on.
    pub protocol: u32,
    /// The oldest version the server speaks.
    pub protocol_min: u32,
    /// Identity of the database's history.
    pub lineage: String,
    /// Name of the connection, for logs.
    pub connection: String,
    /// Who the server takes the client for.
    pub user: User,
    /// The clock of the server in milliseconds since 1970.
    pub server_time_ms: u64,
    /// When the token expires; absent if never.
    pub expires_at_ms: Option<u64>,
    /// What the server accepts.
    pub limits: Limits,
}

object!(Welcome {
    protocol: required,
    protocol_min: required,
    lineage: required,
    connection: required,
    user: required,
    server_time_ms: required,
    expires_at_ms: optional,
    limits: required
});

/// What the server accepts, told at `hello`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Limits {
    /// Largest message in bytes.
    pub message_bytes_max: usize,
    /// Most operations in one submit.
    pub operations_per_submit_max: usize,
    /// Most documents joined at once.
    pub documents_per_connection_max: usize,
    /// Most presence messages per second and session.
    pub presence_per_second_max: u32,
    /// Most operations per second and user, sustained.
    pub operations_per_second_max: u32,
    /// Time between heartbeats in milliseconds.
    pub ping_interval_ms: u64,
    /// Time a heartbeat may stay unanswered in milliseconds.
    pub ping_timeout_ms: u64,
    /// Time between two broadcasts of a busy room in milliseconds.
    pub tick_ms: u64,
    /// Ways to connect: `websocket`, `polling`.
    pub transports: Vec<String>,
}

object!(Limits {
    message_bytes_max: required,
    operations_per_submit_max: required,
    documents_per_connection_max: required,
    presence_per_second_max: required,
    operations_per_second_max: required,
    ping_interval_ms: required,
    ping_timeout_ms: required,
    tick_ms: required,
    transports: required
});
