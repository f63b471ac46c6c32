//! What people did to a dashboard, as feeds show it. It decides nothing: the log is the truth.

use serde::Serialize;

use crate::decode::words;
use crate::id::{ClientId, DocumentId, Revision, SessionId, UserId};
use crate::object;
use crate::operation::Kind;

/// `activity`: whether a session wants to hear what people do.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ActivityWanted {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// Whether it does.
    pub wanted: bool,
}

object!(ActivityWanted {
    document: required,
    session: required,
    wanted: required
});

/// `activity`: what people did since the last such message.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Activity {
    /// Which document.
    pub document: DocumentId,
    /// The oldest first. One whose id was told before takes the place of that one.
    pub entries: Vec<ActivityEntry>,
    /// Ids of entries that came to nothing: what was done was taken back by the same hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
    /// Whether something was left out here; the REST interface tells it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub missed: bool,
}

object!(Activity {
    document: required,
    entries: required,
    gone: optional,
    missed: optional
});

/// What somebody did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Made something.
    Added,
    /// Changed what something says.
    Edited,
    /// Put something somewhere else.
    Moved,
    /// Made something larger or smaller.
    Resized,
    /// Gave something another name.
    Renamed,
    /// Took something away.
    Deleted,
    /// Brought something back.
    Restored,
    /// Changed what somebody else was changing.
    Merged,
    /// Brought in content from outside.
    Imported,
    /// Changed the policies.
    Policies,
    /// Came.
    Joined,
    /// Went.
    Left,
}

words!(Verb {
    Added,
    Edited,
    Moved,
    Resized,
    Renamed,
    Deleted,
    Restored,
    Merged,
    Imported,
    Policies,
    Joined,
    Left
});

/// Where a change came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A client with a session.
    Client,
    /// The REST interface.
    Rest,
    /// Content from outside.
    Import,
    /// The server itself.
    Server,
}

words!(Origin {
    Client,
    Rest,
    Import,
    Server
});

/// What one person did to one thing: one change, or several within two minutes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ActivityEntry {
    /// Its name within the document.
    pub id: String,
    /// Who it was.
    pub actor: UserId,
    /// How they are called.
    pub name: String,
    /// How the device is called that they did it on, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The client that did it, if one with a session did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// Where it came from.
    pub origin: Origin,
    /// What they did.
    pub verb: Verb,
    /// What the operation was for; of an undo the verb tells what was undone.
    pub kind: Kind,
    /// The item they did it to; absent: the dashboard itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// How that was called then; empty if it had no name.
    pub title: String,
    /// What of it, as a word: `unit`, `query`; absent: the whole, or several parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Address of the cell that was changed, such as `@17/title`; absent if it was not one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What stood there before, if it is small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<serde_json::Value>,
    /// What stands there after, if it is small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<serde_json::Value>,
    /// How many changes it was.
    pub count: u32,
    /// The first and the last revision it was done with; absent if it is not in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revisions: Option<(Revision, Revision)>,
    /// When the last of it was done, in milliseconds since 1970.
    pub at_ms: u64,
    /// What was done, to be read after the name: `moved “CPU” to the right`.
    pub text: String,
}

object!(ActivityEntry {
    id: required,
    actor: required,
    name: required,
    device: optional,
    client: optional,
    origin: required,
    verb: required,
    kind: optional,
    item: optional,
    title: required,
    part: optional,
    path: optional,
    before: optional,
    after: optional,
    count: required,
    revisions: optional,
    at_ms: required,
    text: required
});
