//! What was committed: told to everybody, asked for after a gap, or replaced by a whole document.

use serde::Serialize;

use crate::decode::words;
use crate::id::{DocumentId, Revision, SessionId};
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
