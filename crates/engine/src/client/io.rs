//! What goes into a client machine and what comes out.

use coboard_ot::{ItemId, ListId};
use coboard_protocol::message::{CatchUpRequest, Committed, Join, PresenceEntry, Role, Submit};
use coboard_protocol::object;
use coboard_protocol::{
    ClientId, Conflict, DocumentId, ErrorBody, Kind, OperationId, Revision, SessionId, Snapshot,
    User, UserId,
};
use serde::Serialize;
use serde_json::Value as Json;

use super::keep::{Keep, Kept, Resume};
use super::progress::Progress;

/// Who the machine works for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Config {
    /// Which document.
    pub document: DocumentId,
    /// The client; one machine a client and document.
    pub client: ClientId,
    /// The person.
    pub user: User,
    /// Where the client goes on, if it was here before.
    pub resume: Option<Resume>,
    /// Whether to tell what the device is to keep.
    pub keep: bool,
}

object!(Config {
    document: required,
    client: required,
    user: required,
    resume: optional,
    keep: optional
});

impl Config {
    /// Of a client that was never here, on a device that keeps nothing.
    pub fn new(document: DocumentId, client: ClientId, user: User) -> Self {
        Self {
            document,
            client,
            user,
            resume: None,
            keep: false,
        }
    }
}

/// What happened to a client. [`from_json`](super::from_json) says how it looks as JSON.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// The device kept something of this client in this document. Before the first connection only.
    Restore {
        /// `{snapshot, messages, operations}`: a snapshot, what was committed since (`committed` and
        /// pages of `catch_up`) in the order that it brought the machine on, and own operations by
        /// sequence as they were told by [`Output::Keep`].
        kept: Json,
    },
    /// A connection is up and `hello` is answered.
    Connected,
    /// The connection is gone. Requests without an answer may or may not have arrived.
    Disconnected,
    /// A request is answered.
    Answer {
        /// Which one.
        request: u64,
        /// `{"ok": true, "value": …}` or `{"ok": false, "error": …}`.
        answer: Json,
    },
    /// The event `committed`.
    Committed {
        /// Its argument.
        message: Committed,
    },
    /// The event `head`, or a head in the answer to `ping`.
    Head {
        /// The head revision.
        revision: Revision,
        /// The hash of the document there, if it was told.
        hash: Option<String>,
    },
    /// The snapshot of [`Output::FetchSnapshot`].
    Snapshot {
        /// Its body.
        snapshot: Snapshot,
    },
    /// The snapshot could not be fetched.
    SnapshotFailed,
    /// The event `session_ended`.
    SessionEnded {
        /// Which session.
        session: SessionId,
        /// Why.
        error: ErrorBody,
    },
    /// The person gives up an own operation that waits. One that may be with the server stays.
    Discard {
        /// Which one.
        id: OperationId,
    },
    /// The time of [`Client::next_timeout`](super::Client::next_timeout) is reached.
    Timeout,
}

/// What the driver is to do, or the application to know. [`to_json`](super::to_json) gives it as JSON.
#[derive(Clone, PartialEq, Debug)]
pub enum Output {
    /// Send an event and bring its answer by [`Input::Answer`].
    Request {
        /// Names the request until it is answered.
        request: u64,
        /// The event with its argument.
        message: Request,
    },
    /// Fetch a snapshot over HTTP and bring it by [`Input::Snapshot`].
    FetchSnapshot {
        /// Path on the server.
        url: String,
        /// Its entity tag.
        etag: String,
    },
    /// A session has begun.
    Session {
        /// The session.
        session: SessionId,
        /// What the person may do.
        role: Role,
        /// The client's number in this document.
        client_number: u32,
        /// Who is here.
        presence: Vec<PresenceEntry>,
    },
    /// The view has changed.
    Changed(Changed),
    /// An own operation is committed and durable.
    Ack {
        /// Which one.
        id: OperationId,
        /// Its revision.
        revision: Revision,
    },
    /// An own operation met changes that its author had not seen. Told once for each operation; the
    /// machine keeps nothing of it.
    Conflicts {
        /// Which one.
        id: OperationId,
        /// Its revision.
        revision: Revision,
        /// What it met, never empty.
        conflicts: Vec<Conflict>,
    },
    /// What the device is to keep has changed. Told if [`Config::keep`] is set.
    Keep(Keep),
    /// What the device kept cannot be used; this machine knows nothing of it.
    RestoreFailed {
        /// Why; `reason` in its details is `unreadable`, `misfit` or `late`.
        error: ErrorBody,
    },
    /// An own operation is refused; the view no longer has it.
    Reject {
        /// Which one, as it would have been sent now.
        kept: Kept,
        /// Why.
        error: ErrorBody,
    },
    /// The committed document differs from the server's. The first time, the machine takes it anew and
    /// keeps what is not committed.
    Diverged {
        /// At which revision.
        revision: Revision,
    },
    /// How far the machine is.
    Status(Status),
    /// The document is gone or may not be read any more. The machine does nothing further.
    Ended {
        /// Why.
        error: ErrorBody,
    },
}

/// A request to the server.
#[derive(Clone, PartialEq, Debug)]
pub enum Request {
    /// Enters the room.
    Join(Join),
    /// Sends operations.
    Submit(Submit),
    /// Asks for what was missed.
    CatchUp(CatchUpRequest),
}

/// What changed in the view.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Changed {
    /// The new value of every item whose value may have changed, as on the wire.
    pub items: serde_json::Map<String, Json>,
    /// The new order of every list whose order may have changed.
    #[serde(serialize_with = "as_object")]
    pub lists: Vec<(String, Vec<String>)>,
    /// Whether this is the whole document, and everything known before is void.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
    /// The operation that did it; absent for a reset and for the undo of a refused operation.
    pub change: Option<Change>,
}

/// What is known about a change.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Change {
    /// The revision; absent while it is not committed.
    pub revision: Option<Revision>,
    /// Whether this client made it.
    pub origin: Origin,
    /// Who made it.
    pub author: UserId,
    /// The client that made it.
    pub client: ClientId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// In words for people; empty if it was not told.
    pub label: String,
    /// What it was for.
    pub kind: Kind,
    /// How many operations it stands for: more than one after something was missed.
    pub count: u64,
    /// The cells it touched, as addresses; none if several people did what was missed.
    pub paths: Vec<String>,
    /// The items it touched.
    pub items: Vec<String>,
}

/// Where a change comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From this client.
    Local,
    /// From another one.
    Remote,
}

/// How far the machine is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Status {
    /// The newest revision that is in the view.
    pub revision: Revision,
    /// Own operations that the server has not acknowledged.
    pub pending_count: usize,
    /// Whether some of them are on their way.
    pub inflight: bool,
    /// When the oldest of them was made, in milliseconds since 1970.
    pub oldest_unacked_at_ms: Option<u64>,
    /// Whether a session is live.
    pub joined: bool,
    /// Whether the document is not there yet or a newer part of it is being fetched.
    pub loading: bool,
    /// What can be undone.
    pub undo: Steps,
    /// What can be redone.
    pub redo: Steps,
    /// How far something long is that is going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

/// Steps of undo or redo.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Steps {
    /// How many.
    pub count: usize,
    /// What the next one is called.
    pub label: Option<String>,
}

/// An operation that the server has not acknowledged.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Queued {
    /// Which one.
    pub id: OperationId,
    /// What it did, in words for people.
    pub label: String,
    /// The first item it touches.
    pub item: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether it is on its way.
    pub inflight: bool,
    /// Whether the server may have it: it cannot be discarded any more.
    pub sent: bool,
}

/// Items and lists that may have changed in the view.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Some may stand here twice.
    pub(super) items: Vec<ItemId>,
    /// Sorted, none twice.
    pub(super) lists: Vec<ListId>,
    /// Whether the view is to be put together anew.
    pub(super) anew: bool,
}

/// Pairs as an object.
fn as_object<S: serde::Serializer>(
    pairs: &[(String, Vec<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}
