//! Who is here, and where they are.

use serde::Serialize;

use crate::decode::words;
use crate::id::{ClientId, DocumentId, SessionId, UserId};
use crate::object;

/// Keys of a state that change with every movement. Whoever asked for [`Pace::Light`] is not told.
pub const PRESENCE_MOTION_KEYS: [&str; 2] = ["cursor", "drag"];
/// The key of a state that, where it is `true`, says that the session only looks on, whatever its role lets it do.
pub const PRESENCE_VIEWING_KEY: &str = "viewing";

/// How much a session wants to hear of the others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Nothing.
    None,
    /// All but [`PRESENCE_MOTION_KEYS`], at most every
    /// [`PRESENCE_LIGHT_MS`](crate::limits::PRESENCE_LIGHT_MS).
    Light,
    /// Everything, at most once a tick.
    #[default]
    Full,
}

words!(Pace { None, Light, Full });

/// `presence` from a client: merged into the state of its session, `null` removes a key.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PresencePatch {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// What changes.
    pub patch: serde_json::Map<String, serde_json::Value>,
    /// How much the session wants to hear of others from now on; absent: as before. A new session
    /// hears everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
}

object!(PresencePatch {
    document: required,
    session: required,
    patch: required,
    pace: optional
});

/// `presence` to clients.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Presence {
    /// Which document.
    pub document: DocumentId,
    /// Sessions that came or changed.
    pub entries: Vec<PresenceEntry>,
    /// Sessions that left, or are not told of any more because the room is large.
    pub left: Vec<SessionId>,
    /// Whether this replaces everything known before.
    pub complete: bool,
    /// How many people there are; absent: as many as before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
}

object!(Presence {
    document: required,
    entries: required,
    left: required,
    complete: required,
    audience: optional
});

/// How many people are in a room, each once, however many sessions they have there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Audience {
    /// People who change something, or may do so and do not say that they only look on.
    pub editors: usize,
    /// All others.
    pub viewers: usize,
    /// How many of both are told of one by one. The rest is only counted.
    pub listed: usize,
}

object!(Audience {
    editors: required,
    viewers: required,
    listed: required
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
