//! Entering and leaving a room.

use serde::Serialize;

use super::catch_up::{CatchUp, Reset};
use super::presence::PresenceEntry;
use crate::decode::words;
use crate::error::ErrorBody;
use crate::id::{ClientId, DocumentId, OperationId, Revision, SessionId};
use crate::object;

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

/// `join`: enters a room.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Join {
    /// Which document.
    pub document: DocumentId,
    /// The client that enters, if it is not the one of `hello`: a connection may serve several
    /// clients of one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The revision the client has; absent if it has nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<Revision>,
    /// The lineage that `revision` is counted in; absent if it was not noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lineage: Option<String>,
    /// Operations whose Ack the client is waiting for.
    pub inflight: Vec<OperationId>,
    /// The revision at which the client found its document to differ; for the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diverged: Option<Revision>,
}

object!(Join {
    document: required,
    client: optional,
    revision: optional,
    lineage: optional,
    inflight: optional,
    diverged: optional
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
