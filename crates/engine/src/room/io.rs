//! What goes into a room and what comes out.

use coboard_ot::{Components, Document};
use coboard_protocol::message::{
    CatchUpAnswer, Committed, Head, Joined, Pace, PoliciesChanged, Role, Submitted,
};
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, ErrorBody, LogEntry, Meta, Operation, OperationId, PathPolicy,
    Revision, SessionId, User,
};
use serde_json::{Map, Value as Json};

use super::presence::ToldPresence;

/// Names a request until it is answered. The driver chooses it, unique within the room.
pub type RequestId = u64;

/// What a room starts from: a stored snapshot and the log on top of it.
#[derive(Clone, Debug)]
pub struct RoomState {
    /// Which document.
    pub document_id: DocumentId,
    /// Identity of the database's history.
    pub lineage: String,
    /// The document at `revision`.
    pub document: Document,
    /// The head revision.
    pub revision: Revision,
    /// The newest entries, without gaps, the last one at `revision`. May be empty.
    pub tail: Vec<LogEntry>,
    /// Revision of the newest stored snapshot.
    pub snapshot: Revision,
    /// What decides where changes meet; the first that matches.
    pub policies: Vec<PathPolicy>,
}

/// An operation of a submit, decoded or refused by the decoder.
pub type Submission = Result<Operation, Refused>;

/// An operation that the decoder refused.
#[derive(Clone, PartialEq, Debug)]
pub struct Refused {
    /// Which one.
    pub id: OperationId,
    /// Why.
    pub error: ErrorBody,
}

/// An operation that storage has in the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownOperation {
    /// Which one.
    pub id: OperationId,
    /// Its revision.
    pub revision: Revision,
    /// Fingerprint of its payload as it was submitted: tells a resend from another operation.
    pub fingerprint: u64,
}

/// Somebody who enters.
#[derive(Clone, PartialEq, Debug)]
pub struct Join {
    /// To be answered with [`Answer::Joined`].
    pub request: RequestId,
    /// The session that begins; never used before.
    pub session: SessionId,
    /// The client it belongs to.
    pub client: ClientId,
    /// The client's number in this document, durable.
    pub client_number: u32,
    /// Sequence of the client's newest operation in storage, 0 if none.
    pub last_sequence: u64,
    /// The person.
    pub user: User,
    /// What they may do.
    pub role: Role,
    /// The revision the client has; absent if it has nothing.
    pub revision: Option<Revision>,
    /// The lineage that the revision is counted in; absent if the client does not say.
    pub lineage: Option<String>,
    /// Operations whose Ack the client is waiting for.
    pub inflight: Vec<OperationId>,
    /// Which of them storage knows.
    pub known: Vec<KnownOperation>,
}

/// What happened to a room.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// Somebody enters.
    Join(Join),
    /// A session left or its connection is gone.
    Leave {
        /// Which one.
        session: SessionId,
    },
    /// A session submits operations of one base, each made on the one before.
    Submit {
        /// To be answered with [`Answer::Submitted`].
        request: RequestId,
        /// Which session.
        session: SessionId,
        /// The operations.
        operations: Vec<Submission>,
    },
    /// The server itself changes the document. The base is the head when its turn comes.
    Write {
        /// To be answered with [`Answer::Written`].
        request: RequestId,
        /// Identity of the operation.
        id: OperationId,
        /// On whose behalf.
        author: User,
        /// What changes.
        components: Components,
        /// What is known about it.
        meta: Meta,
    },
    /// The server brings something former back, on behalf of somebody. What was committed since
    /// `base` stays.
    Restore {
        /// To be answered with [`Answer::Written`].
        request: RequestId,
        /// Identity of the first operation; the others take the next sequences.
        id: OperationId,
        /// On whose behalf.
        author: User,
        /// The revision that it was made on.
        base: Revision,
        /// What changes, one operation each, from [`restore_parts`](super::restore_parts).
        parts: Vec<Components>,
        /// What is known about each of them.
        meta: Meta,
    },
    /// Other policies hold from now on; they are stored. What is on its way into the log is not
    /// judged again.
    Policies {
        /// All of them; the first that matches decides.
        policies: Vec<PathPolicy>,
        /// Who changed them.
        author: User,
    },
    /// Somebody outside brings another version of the document, made on a former revision. What was
    /// committed since merges with it.
    Replace {
        /// To be answered with [`Answer::Written`].
        request: RequestId,
        /// Identity of the first operation; the others take the next sequences.
        id: OperationId,
        /// On whose behalf.
        author: User,
        /// The revision that it was made on.
        base: Revision,
        /// Whether it is refused if anything was committed since.
        exact: bool,
        /// What changes, one operation each, from [`restore_parts`](super::restore_parts).
        parts: Vec<Components>,
        /// What is known about each of them.
        meta: Meta,
    },
    /// A session asks for what it missed.
    CatchUp {
        /// To be answered with [`Answer::CaughtUp`].
        request: RequestId,
        /// Which session.
        session: SessionId,
        /// The revision it has.
        since: Revision,
        /// Whether it wants every entry by itself.
        entries: bool,
    },
    /// A session tells about itself.
    Presence {
        /// Which session.
        session: SessionId,
        /// Merged into its state; `null` removes a key.
        patch: Map<String, Json>,
        /// How much it wants to hear of the others from now on; absent: as before.
        pace: Option<Pace>,
    },
    /// Storage answered to [`Output::Append`].
    Appended {
        /// What became of it.
        result: Result<(), AppendFailure>,
    },
    /// Storage answered to [`Output::ReadLog`].
    LogRead {
        /// The request it was read for.
        request: RequestId,
        /// The entries, without gaps; fewer than asked for, or none, if they are not there.
        entries: Vec<LogEntry>,
    },
    /// Storage answered to [`Output::Find`].
    Found {
        /// The request it was looked up for.
        request: RequestId,
        /// Those that are in the log.
        known: Vec<KnownOperation>,
    },
    /// Storage answered to [`Output::SaveSnapshot`] and has it.
    SnapshotSaved {
        /// Its revision.
        revision: Revision,
    },
    /// Storage gave up on [`Output::SaveSnapshot`]. The log on top of the older one only gets longer.
    SnapshotFailed,
    /// The time of [`Room::next_timeout`](super::Room::next_timeout) is reached.
    Timeout,
}

/// Why storage did not append.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AppendFailure {
    /// The disk is full.
    Full,
    /// Storage does not answer.
    Unavailable,
    /// Another node has appended: the room must be loaded again. The run fails as a whole, and the
    /// clients send its operations again to the new room.
    RevisionTaken,
}

/// The answer to a request.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer {
    /// To [`Input::Join`].
    Joined(Result<Joined, ErrorBody>),
    /// To [`Input::Submit`].
    Submitted(Result<Submitted, ErrorBody>),
    /// To [`Input::CatchUp`].
    CaughtUp(Result<CatchUpAnswer, ErrorBody>),
    /// To [`Input::Write`] and [`Input::Restore`].
    Written(Result<Revision, ErrorBody>),
}

/// What the driver is to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Output {
    /// Answer a request.
    Answer {
        /// Which one.
        request: RequestId,
        /// The answer.
        answer: Answer,
    },
    /// Store entries durably and say so by [`Input::Appended`]. At most one is outstanding.
    Append {
        /// The head before them.
        head: Revision,
        /// The entries, without gaps.
        entries: Vec<LogEntry>,
        /// A fingerprint of each operation as it was submitted.
        fingerprints: Vec<u64>,
        /// What the list of dashboards shows, if it changed.
        catalogue: Option<Catalogue>,
    },
    /// Read entries and bring them by [`Input::LogRead`].
    ReadLog {
        /// The request they are read for.
        request: RequestId,
        /// The revision before the first one.
        since: Revision,
        /// How many at most.
        limit: usize,
    },
    /// Look operations up and bring the revisions by [`Input::Found`].
    Find {
        /// The request they are looked up for.
        request: RequestId,
        /// The operations.
        ids: Vec<OperationId>,
    },
    /// Store a snapshot and say so by [`Input::SnapshotSaved`] or [`Input::SnapshotFailed`].
    SaveSnapshot {
        /// Its revision.
        revision: Revision,
        /// What it holds.
        document: Document,
    },
    /// Tell the group what was committed.
    Committed(Committed),
    /// Tell the group that other policies hold.
    PoliciesChanged(PoliciesChanged),
    /// Tell a part of the group who is here.
    Presence(ToldPresence),
    /// Tell the group the head revision.
    Head(Head),
    /// A session has ended.
    Ended {
        /// Which one.
        session: SessionId,
        /// Why.
        error: ErrorBody,
    },
}
