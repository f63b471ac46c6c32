//! Messages of the socket. Each event has one object as its argument, each request one answer.

use serde::{Deserialize, Serialize};

use crate::error::ErrorBody;
use crate::id::{ClientId, DocumentId, OperationId, Revision, SessionId, User, UserId};
use crate::operation::{LogEntry, Operation};

/// The version of the protocol this build speaks.
///
/// History: 1 (2026-11) the first.
pub const PROTOCOL_VERSION: u32 = 1;
/// The oldest version this build speaks.
pub const PROTOCOL_VERSION_MIN: u32 = 1;

/// What a person may do in a dashboard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and comments.
    Commenter,
    /// Changes.
    Editor,
    /// Changes and administers.
    Admin,
}

/// `hello`: the first event of a connection.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Hello {
    /// Oldest protocol version the client speaks.
    pub protocol_min: u32,
    /// Newest protocol version the client speaks.
    pub protocol_max: u32,
    /// The client.
    pub client: ClientId,
    /// What the person works on.
    #[serde(default)]
    pub device: Option<String>,
    /// Build of the client, for logs.
    #[serde(default)]
    pub build: Option<String>,
    /// The lineage the client knows; differs after a restore of the server.
    #[serde(default)]
    pub lineage: Option<String>,
}

/// The answer to `hello`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
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

/// What the server accepts, told at `hello`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
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

/// `join`: enters a room.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Join {
    /// Which document.
    pub document: DocumentId,
    /// The revision the client has; absent if it has nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Operations whose Ack the client is waiting for.
    #[serde(default)]
    pub inflight: Vec<OperationId>,
}

/// The answer to `join`: exactly one of `catch_up` and `reset` is there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Joined {
    /// The session that begins.
    pub session: SessionId,
    /// What the person may do.
    pub role: Role,
    /// The client's number in this document; ids of items are made of it.
    pub client_number: u32,
    /// The head revision.
    pub head: Revision,
    /// Which of the inflight operations are committed.
    pub known: Vec<Known>,
    /// Who is here.
    pub presence: Vec<PresenceEntry>,
    /// What the client missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catch_up: Option<CatchUp>,
    /// Where to get the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
}

/// A committed operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Known {
    /// The operation.
    pub id: OperationId,
    /// Its revision.
    pub revision: Revision,
}

/// Committed operations since a revision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CatchUp {
    /// The revision before the first entry.
    pub from: Revision,
    /// The revision of the last entry; below the head if there is more to ask for.
    pub to: Revision,
    /// The entries.
    pub segments: Vec<Segment>,
}

/// A piece of a catch_up.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// One entry of the log.
    pub entry: LogEntry,
}

/// Where to get the whole document instead of the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reset {
    /// Why.
    pub reason: ResetReason,
    /// The revision of the snapshot; the tail comes by catch_up.
    pub revision: Revision,
    /// Where the snapshot is.
    pub snapshot: SnapshotPlace,
}

/// Why the client needs a whole document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// It has nothing yet.
    New,
    /// What it has is older than the log reaches.
    TooOld,
    /// What it has is newer than the head: the database was restored.
    LineageChanged,
}

/// Where a snapshot can be fetched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SnapshotPlace {
    /// Path on the same server.
    pub url: String,
    /// Strong entity tag.
    pub etag: String,
}

/// `submit`: operations of one base, each made on the one before.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Submit {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// The operations, in the order they were made.
    pub operations: Vec<Operation>,
}

/// The answer to `submit`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Submitted {
    /// One result for each operation, in the same order.
    pub results: Vec<SubmitResult>,
}

/// What became of one operation: an Ack or a Reject.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SubmitResult {
    /// It is committed and durable.
    Ack {
        /// The operation.
        id: OperationId,
        /// Its revision.
        revision: Revision,
    },
    /// It is refused and not in the log.
    Reject {
        /// The operation.
        id: OperationId,
        /// Why.
        error: ErrorBody,
    },
}

/// `catch_up`: asks for what was missed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CatchUpRequest {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// The revision the client has.
    pub since: Revision,
}

/// The answer to `catch_up`: exactly one of the two is there.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct CatchUpAnswer {
    /// What was missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catch_up: Option<CatchUp>,
    /// Where to get the whole document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
}

/// `committed`: operations that were committed, to everybody in the room, the authors included.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Committed {
    /// Which document.
    pub document: DocumentId,
    /// The revision before the first entry.
    pub from: Revision,
    /// The revision of the last entry.
    pub to: Revision,
    /// The entries, without gaps.
    pub entries: Vec<LogEntry>,
}

/// `presence` from a client: merged into the state of its session, `null` removes a key.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PresencePatch {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// What changes.
    pub patch: serde_json::Map<String, serde_json::Value>,
}

/// `presence` to clients.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Presence {
    /// Which document.
    pub document: DocumentId,
    /// Sessions that came or changed.
    pub entries: Vec<PresenceEntry>,
    /// Sessions that left.
    pub left: Vec<SessionId>,
    /// Whether this replaces everything known before.
    pub complete: bool,
}

/// The presence of one session.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PresenceEntry {
    /// The session.
    pub session: SessionId,
    /// The client it belongs to.
    pub client: ClientId,
    /// The person.
    pub user: PresentUser,
    /// What the session told about itself.
    pub state: serde_json::Map<String, serde_json::Value>,
}

/// A person as others see them in one room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PresentUser {
    /// Who it is.
    pub id: UserId,
    /// How they are called.
    pub name: String,
    /// Their colour in this room, as `#RRGGBB`.
    pub color: String,
}

/// `head`: the beacon that repairs a lost last message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Which document.
    pub document: DocumentId,
    /// The head revision.
    pub revision: Revision,
}

/// `ping`: measures the way there and back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ping {
    /// The clock of the client in milliseconds.
    pub sent_ms: u64,
    /// What the client has.
    #[serde(default)]
    pub sessions: Vec<Head>,
}

/// The answer to `ping`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pong {
    /// The clock of the server in milliseconds since 1970.
    pub server_time_ms: u64,
    /// Heads of the joined documents that the ping named.
    pub heads: Vec<Head>,
}

/// `leave`: ends a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Leave {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
}

/// `session_ended`: the server ended a session.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SessionEnded {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// Why.
    pub error: ErrorBody,
}

/// `dashboard_created` and `dashboard_updated`, to the lobby.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DashboardChanged {
    /// Which document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its folder; empty if none.
    pub folder: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Who did it.
    pub author: User,
    /// The head revision.
    pub revision: Revision,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

/// `dashboard_deleted`, to the lobby.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DashboardDeleted {
    /// Which document.
    pub document: DocumentId,
    /// Who did it.
    pub author: User,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

/// The answer to any request.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer<T> {
    /// It worked.
    Value {
        /// Always true.
        ok: True,
        /// What was asked for.
        value: T,
    },
    /// It did not.
    Error {
        /// Always false.
        ok: False,
        /// Why.
        error: ErrorBody,
    },
}

impl<T> Answer<T> {
    /// The answer as a result.
    pub fn into_result(self) -> Result<T, ErrorBody> {
        match self {
            Self::Value { value, .. } => Ok(value),
            Self::Error { error, .. } => Err(error),
        }
    }
}

impl<T> From<Result<T, ErrorBody>> for Answer<T> {
    fn from(result: Result<T, ErrorBody>) -> Self {
        match result {
            Ok(value) => Self::Value { ok: True, value },
            Err(error) => Self::Error { ok: False, error },
        }
    }
}

macro_rules! literal_bool {
    ($(#[$doc:meta])* $name:ident, $value:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name;

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bool($value)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if bool::deserialize(deserializer)? == $value {
                    Ok(Self)
                } else {
                    Err(serde::de::Error::custom(concat!("expected ", $value)))
                }
            }
        }
    };
}

literal_bool!(
    /// The JSON literal `true`.
    True, true
);
literal_bool!(
    /// The JSON literal `false`.
    False, false
);
