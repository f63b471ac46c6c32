//! What was committed: told to everybody, asked for after a gap, or replaced by a whole document.

use coboard_ot::Components;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::codec;
use crate::decode::{Fields, words};
use crate::id::{ClientId, DocumentId, Revision, SessionId, UserId};
use crate::object;
use crate::operation::LogEntry;

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

/// `catch_up`: asks for what was missed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CatchUpRequest {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// The revision the client has.
    pub since: Revision,
    /// Whether every entry is wanted by itself, with its label and conflicts. Otherwise what others
    /// did comes composed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub entries: bool,
}

object!(CatchUpRequest {
    document: required,
    session: required,
    since: required,
    entries: optional
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

/// A piece of a catch_up. The pieces follow each other without gaps.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum Segment {
    /// One entry of the log; an own operation always comes as one.
    Entry {
        /// The entry.
        entry: LogEntry,
    },
    /// Several operations of others as one.
    Composed(Composed),
}

/// Several committed operations as one, to be applied at once.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Composed {
    /// The revision before the first of them.
    pub from: Revision,
    /// The revision of the last of them.
    pub to: Revision,
    /// What they change together.
    #[serde(serialize_with = "codec::components::serialize")]
    pub components: Components,
    /// Who made them, the newest first; at most [`AUTHORS_PER_SEGMENT_MAX`](crate::limits::AUTHORS_PER_SEGMENT_MAX).
    pub authors: Vec<Contribution>,
}

/// What one person did within composed operations.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Contribution {
    /// Who.
    pub author: UserId,
    /// With which client last.
    pub client: ClientId,
    /// How many operations.
    pub count: u64,
    /// When the last of them was committed, by the clock of the server, in milliseconds since 1970.
    pub server_time_ms: u64,
    /// What the last of them did, in words for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

object!(Contribution {
    author: required,
    client: required,
    count: required,
    server_time_ms: required,
    label: optional
});

impl Segment {
    /// The revision before it.
    pub fn from(&self) -> Revision {
        match self {
            Self::Entry { entry } => entry.revision.saturating_sub(1),
            Self::Composed(composed) => composed.from,
        }
    }

    /// The revision after it.
    pub fn to(&self) -> Revision {
        match self {
            Self::Entry { entry } => entry.revision,
            Self::Composed(composed) => composed.to,
        }
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        if let Some(entry) = fields.optional("entry")? {
            return Ok(Self::Entry { entry });
        }
        let components = fields.json("components");
        Ok(Self::Composed(Composed {
            from: fields.required("from")?,
            to: fields.required("to")?,
            components: codec::committed::from_json(&components).map_err(D::Error::custom)?,
            authors: fields.optional("authors")?,
        }))
    }
}

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
    /// What it has is of another lineage, or newer than the head: the database was restored.
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
