//! Messages of the socket. Each event has one object as its argument, each request one answer.

use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::{Fields, words};
use crate::error::ErrorBody;
use crate::id::{ClientId, DocumentId, OperationId, Revision, SessionId, User, UserId};
use crate::object;
use crate::operation::{LogEntry, Operation};

/// The version of the protocol this build speaks.
///
/// History: 1 (2026-11) the first.
pub const PROTOCOL_VERSION: u32 = 1;
/// The oldest version this build speaks.
pub const PROTOCOL_VERSION_MIN: u32 = 1;

/// What a person may do in a dashboard.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
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

words!(Role {
    Viewer,
    Commenter,
    Editor,
    Admin
});

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

/// `join`: enters a room.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Join {
    /// Which document.
    pub document: DocumentId,
    /// The revision the client has; absent if it has nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// Operations whose Ack the client is waiting for.
    pub inflight: Vec<OperationId>,
}

object!(Join {
    document: required,
    revision: optional,
    inflight: optional
});

/// The answer to `join`: exactly one of `catch_up` and `reset` is there.
#[derive(Clone, PartialEq, Debug, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catch_up: Option<CatchUp>,
    /// Where to get the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
}

object!(Joined {
    session: required,
    role: required,
    client_number: required,
    head: required,
    known: required,
    presence: required,
    catch_up: optional,
    reset: optional
});

/// A committed operation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Known {
    /// The operation.
    pub id: OperationId,
    /// Its revision.
    pub revision: Revision,
}

object!(Known {
    id: required,
    revision: required
});

/// Committed operations since a revision.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CatchUp {
    /// The revision before the first entry.
    pub from: Revision,
    /// The revision of the last entry; below the head if there is more to ask for.
    pub to: Revision,
    /// The entries.
    pub segments: Vec<Segment>,
}

object!(CatchUp {
    from: required,
    to: required,
    segments: required
});

/// A piece of a catch_up.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Segment {
    /// One entry of the log.
    pub entry: LogEntry,
}

object!(Segment { entry: required });

/// Where to get the whole document instead of the log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reset {
    /// Why.
    pub reason: ResetReason,
    /// The revision of the snapshot; the tail comes by catch_up.
    pub revision: Revision,
    /// Where the snapshot is.
    pub snapshot: SnapshotPlace,
}

object!(Reset {
    reason: required,
    revision: required,
    snapshot: required
});

/// Why the client needs a whole document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// It has nothing yet.
    New,
    /// What it has is older than the log reaches.
    TooOld,
    /// What it has is newer than the head: the database was restored.
    LineageChanged,
}

words!(ResetReason {
    New,
    TooOld,
    LineageChanged
});

/// Where a snapshot can be fetched.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SnapshotPlace {
    /// Path on the same server.
    pub url: String,
    /// Strong entity tag.
    pub etag: String,
}

object!(SnapshotPlace {
    url: required,
    etag: required
});

/// `submit`: operations of one base, each made on the one before.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Submit {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// The operations, in the order they were made.
    pub operations: Vec<Operation>,
}

object!(Submit {
    document: required,
    session: required,
    operations: required
});

/// The answer to `submit`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Submitted {
    /// One result for each operation, in the same order.
    pub results: Vec<SubmitResult>,
}

object!(Submitted { results: required });

/// What became of one operation: an Ack or a Reject.
#[derive(Clone, PartialEq, Debug, Serialize)]
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CatchUpRequest {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// The revision the client has.
    pub since: Revision,
}

object!(CatchUpRequest {
    document: required,
    session: required,
    since: required
});

/// The answer to `catch_up`: exactly one of the two is there.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct CatchUpAnswer {
    /// What was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catch_up: Option<CatchUp>,
    /// Where to get the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
}

object!(CatchUpAnswer {
    catch_up: optional,
    reset: optional
});

/// `committed`: operations that were committed, to everybody in the room, the authors included.
#[derive(Clone, PartialEq, Debug, Serialize)]
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

object!(Committed {
    document: required,
    from: required,
    to: required,
    entries: required
});

/// `presence` from a client: merged into the state of its session, `null` removes a key.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PresencePatch {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// What changes.
    pub patch: serde_json::Map<String, serde_json::Value>,
}

object!(PresencePatch {
    document: required,
    session: required,
    patch: required
});

/// `presence` to clients.
#[derive(Clone, PartialEq, Debug, Serialize)]
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

object!(Presence {
    document: required,
    entries: required,
    left: required,
    complete: required
});

/// The presence of one session.
#[derive(Clone, PartialEq, Debug, Serialize)]
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

object!(PresenceEntry {
    session: required,
    client: required,
    user: required,
    state: required
});

/// A person as others see them in one room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PresentUser {
    /// Who it is.
    pub id: UserId,
    /// How they are called.
    pub name: String,
    /// Their colour in this room, as `#RRGGBB`.
    pub color: String,
}

object!(PresentUser {
    id: required,
    name: required,
    color: required
});

/// `head`: the beacon that repairs a lost last message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Head {
    /// Which document.
    pub document: DocumentId,
    /// The head revision.
    pub revision: Revision,
}

object!(Head {
    document: required,
    revision: required
});

/// `ping`: measures the way there and back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ping {
    /// The clock of the client in milliseconds.
    pub sent_ms: u64,
    /// What the client has.
    pub sessions: Vec<Head>,
}

object!(Ping {
    sent_ms: required,
    sessions: optional
});

/// The answer to `ping`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Pong {
    /// The clock of the server in milliseconds since 1970.
    pub server_time_ms: u64,
    /// Heads of the joined documents that the ping named.
    pub heads: Vec<Head>,
}

object!(Pong {
    server_time_ms: required,
    heads: required
});

/// `leave`: ends a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Leave {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
}

object!(Leave {
    document: required,
    session: required
});

/// `session_ended`: the server ended a session.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SessionEnded {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// Why.
    pub error: ErrorBody,
}

object!(SessionEnded {
    document: required,
    session: required,
    error: required
});

/// `dashboard_created` and `dashboard_updated`, to the lobby.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
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

object!(DashboardChanged {
    document: required,
    title: required,
    folder: required,
    tags: required,
    author: required,
    revision: required,
    at_ms: required
});

/// `dashboard_deleted`, to the lobby.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DashboardDeleted {
    /// Which document.
    pub document: DocumentId,
    /// Who did it.
    pub author: User,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

object!(DashboardDeleted {
    document: required,
    author: required,
    at_ms: required
});

/// The answer to any request: `{"ok": true, "value": …}` or `{"ok": false, "error": …}`.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer<T> {
    /// It worked; this is what was asked for.
    Value(T),
    /// It did not, and why.
    Error(ErrorBody),
}

impl<T> Answer<T> {
    /// The answer as a result.
    ///
    /// # Errors
    /// The error of the answer, if it is one.
    pub fn into_result(self) -> Result<T, ErrorBody> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Error(error) => Err(error),
        }
    }
}

impl<T> From<Result<T, ErrorBody>> for Answer<T> {
    fn from(result: Result<T, ErrorBody>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(error) => Self::Error(error),
        }
    }
}

impl<T: Serialize> Serialize for Answer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match self {
            Self::Value(value) => {
                map.serialize_entry("ok", &true)?;
                map.serialize_entry("value", value)?;
            }
            Self::Error(error) => {
                map.serialize_entry("ok", &false)?;
                map.serialize_entry("error", error)?;
            }
        }
        map.end()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        if fields.required("ok")? {
            fields.required("value").map(Self::Value)
        } else {
            fields.required("error").map(Self::Error)
        }
    }
}

impl<'de> Deserialize<'de> for SubmitResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let id = fields.required("id")?;
        match fields.optional("error")? {
            Some(error) => Ok(Self::Reject { id, error }),
            None => fields
                .required("revision")
                .map(|revision| Self::Ack { id, revision }),
        }
    }
}
