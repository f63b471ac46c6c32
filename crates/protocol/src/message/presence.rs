//! Who is here, and where they are.

use serde::Serialize;

use crate::id::{ClientId, DocumentId, SessionId, UserId};
use crate::object;

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
