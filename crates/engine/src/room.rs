//! The live authority for one document: orders operations, and nothing else decides.
//!
//! A room reads no clock, sends no byte and holds no future. What it needs from storage it asks
//! for by an [`Output`] and gets by an [`Input`]. It does not know who may enter: the driver
//! gives each session its role.

use std::collections::{BTreeMap, VecDeque};

use coboard_ot::{Document, Policies};
use coboard_protocol::limits::HEAD_BEACON_MS;
use coboard_protocol::message::{Head, Pace, Role};
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, ErrorBody, ErrorCode, Revision, SessionId, User,
};
use serde_json::{Map, Value as Json};

use crate::time::Time;

mod append;
mod block;
mod commit;
mod hash;
mod io;
mod join;
mod page;
mod policy;
mod presence;
mod reading;
mod rebase;
mod replace;
mod restore;
mod schema;
mod sequence;
mod settle;
mod size;
mod snapshot;
mod submit;
mod tail;
mod upkeep;

use append::Outstanding;
use block::Blocks;
use hash::Hashed;
pub use io::{
    Answer, AppendFailure, Input, Join, KnownOperation, Output, Refused, RequestId, RoomState,
    Submission,
};
pub use join::snapshot_etag;
use presence::PresenceBoard;
pub use presence::{Hearers, ToldPresence};
use reading::Parked;
pub use restore::restore_parts;
use sequence::NextSequence;
use snapshot::Snapshots;
use tail::Tail;
use upkeep::Purging;

/// Beacons between two messages with everybody's presence. A guess: a ghost is gone in half a minute.
const PRESENCE_BEACONS: usize = 6;

/// Pause that a client is asked for whose session ended before it began, in milliseconds. A guess.
const ENDED_RETRY_MS: u64 = 200;

/// The room of one document.
///
/// **Drain rule**: one [`handle`](Self::handle), then [`poll`](Self::poll) until `None`, then
/// wait for input or for [`next_timeout`](Self::next_timeout). The same inputs give the same
/// outputs in the same order.
#[derive(Debug)]
pub struct Room {
    document_id: DocumentId,
    lineage: String,
    /// The document at the head; durable.
    document: Document,
    /// Its hash as of the last beacon.
    hashed: Option<Hashed>,
    /// Its size, roughly.
    document_bytes: usize,
    /// What decides where changes meet.
    policies: Policies,
    /// The head, durable, with the newest entries.
    tail: Tail,
    /// The entries that storage is appending.
    outstanding: Option<Outstanding>,
    /// What waits for its turn in the order. Bounded by the driver's queue.
    waiting: VecDeque<Turn>,
    /// Requests that wait for storage, out of the order.
    parked: BTreeMap<RequestId, Parked>,
    sessions: BTreeMap<SessionId, Session>,
    presence: PresenceBoard,
    beacon_due: Option<Time>,
    /// Beacons since everybody's presence was told.
    beacons: usize,
    snapshot: Snapshots,
    /// What clients missed, as they were sent it.
    blocks: Blocks,
    purging: Purging,
    outputs: VecDeque<Output>,
}

/// One session.
#[derive(Debug)]
struct Session {
    client: ClientId,
    /// The client's number in this document: the ids of what it makes begin with it.
    client_number: u32,
    user: User,
    role: Role,
    /// Counts what is on its way into the log as committed.
    next: NextSequence,
    /// The last one, until what is before it in a run fails to be stored.
    refusal: Option<submit::Refusal>,
}

/// Something that has to wait for its turn in the order.
#[derive(Debug)]
enum Turn {
    Join(Join),
    Submit(submit::Submit),
    Write(submit::Write),
    Restore(restore::Restore),
    Replace(replace::Replace),
    /// After what the session submitted before.
    Leave(SessionId),
}

/// Whose operations are kept in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Author<'a> {
    Session(&'a SessionId),
    /// The server itself, for whoever asks over HTTP.
    Server,
}

impl Room {
    /// Opens the room on what storage holds.
    pub fn open(state: RoomState) -> Self {
        let after_snapshot = state
            .tail
            .iter()
            .filter(|entry| entry.revision > state.snapshot);
        let log_bytes = after_snapshot
            .map(|entry| size::of_components(&entry.components))
            .sum();
        Self {
            document_id: state.document_id,
            lineage: state.lineage,
            snapshot: Snapshots::new(state.snapshot, log_bytes),
            document_bytes: size::of_document(&state.document),
            document: state.document,
            policies: policy::of_rules(&state.policies),
            hashed: None,
            tail: Tail::new(state.revision, state.tail),
            outstanding: None,
            waiting: VecDeque::new(),
            parked: BTreeMap::new(),
            sessions: BTreeMap::new(),
            presence: PresenceBoard::default(),
            beacon_due: None,
            beacons: 0,
            blocks: Blocks::default(),
            purging: Purging::Rests,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`poll`](Self::poll) afterwards.
    pub fn handle(&mut self, now: Time, input: Input) {
        match input {
            Input::Join(join) => self.waiting.push_back(Turn::Join(join)),
            Input::Submit {
                request,
                session,
                operations,
            } => {
                let submit = submit::Submit::new(request, session, operations);
                self.waiting.push_back(Turn::Submit(submit));
            }
            Input::Write {
                request,
                id,
                author,
                components,
                meta,
            } => {
                let write = submit::Write {
                    request,
                    id,
                    author,
                    components,
                    meta,
                };
                self.waiting.push_back(Turn::Write(write));
            }
            Input::Restore {
                request,
                id,
                author,
                base,
                parts,
                meta,
            } => {
                let restore = restore::Restore {
                    request,
                    id,
                    author,
                    base,
                    parts,
                    meta,
                };
                self.waiting.push_back(Turn::Restore(restore));
            }
            Input::Policies { policies, author } => self.set_policies(now, policies, author),
            Input::Replace {
                request,
                id,
                author,
                base,
                exact,
                parts,
                meta,
            } => {
                let wish = replace::Wish {
                    id,
                    author,
                    base,
                    exact,
                    meta,
                };
                let replace = replace::Replace::new(request, wish, parts);
                self.waiting.push_back(Turn::Replace(replace));
            }
            Input::Leave { session } => self.leave(session),
            Input::CatchUp {
                request,
                session,
                since,
                entries,
            } => self.catch_up(request, session, since, entries),
            Input::Presence {
                session,
                patch,
                pace,
            } => self.tells(&session, patch, pace),
            Input::Appended { result } => self.appended(result),
            Input::LogRead { request, entries } => self.log_read(request, entries),
            Input::Found { request, known } => self.found(request, known),
            Input::SnapshotSaved { revision } => self.snapshot_saved(revision),
            Input::SnapshotFailed => self.snapshot_failed(),
            Input::Timeout => {}
        }
        self.take_turns(now);
        self.tick(now);
    }

    /// The next thing to do, if any.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to give [`Input::Timeout`] at the latest. Valid after draining.
    pub fn next_timeout(&self) -> Option<Time> {
        [self.beacon_due, self.presence.due()]
            .into_iter()
            .flatten()
            .min()
    }

    /// The document at the head; durable.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The head revision; durable.
    pub fn revision(&self) -> Revision {
        self.tail.head()
    }

    /// What the list of dashboards shows of this one.
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::of(&self.document)
    }

    /// How many sessions there are.
    pub fn session_count(&self) -> usize {
        self.sessions.len()
    }

    /// Whether nobody is here and nothing is outstanding, so that the room may be unloaded.
    pub fn is_idle(&self) -> bool {
        self.sessions.is_empty()
            && self.outstanding.is_none()
            && self.waiting.is_empty()
            && self.parked.is_empty()
            && !self.snapshot.is_saving()
    }

    /// Gives everything its turn that has one now. While an append is outstanding all wait: what
    /// arrives meanwhile forms the next run.
    fn take_turns(&mut self, now: Time) {
        if self.outstanding.is_some() {
            return;
        }
        let mut run =
            append::Run::new(self.document.clone(), self.document_bytes, self.tail.head());
        let mut held_back = VecDeque::new();
        while let Some(turn) = self.waiting.pop_front() {
            if turn.author().is_some_and(|author| self.is_parked(author)) {
                held_back.push_back(turn);
            } else if turn.may_join(&run) {
                self.take_turn(now, turn, &mut run);
            } else {
                self.waiting.push_front(turn);
                break;
            }
        }
        held_back.append(&mut self.waiting);
        self.waiting = held_back;
        self.keep_up(now, &mut run);
        self.start_append(run);
    }

    fn take_turn(&mut self, now: Time, turn: Turn, run: &mut append::Run) {
        match turn {
            Turn::Join(join) => self.join(join),
            Turn::Submit(submit) => self.submit(now, submit, run),
            Turn::Write(write) => self.write(now, write, run),
            Turn::Restore(restore) => self.restore(now, restore, run),
            Turn::Replace(replace) => self.replace(now, replace, run),
            Turn::Leave(session) => self.end(&session),
        }
    }

    /// Whether something of the author waits for storage: what came later must not overtake it.
    fn is_parked(&self, author: Author<'_>) -> bool {
        self.parked.values().any(|parked| match parked {
            Parked::Submit(submit) => author == Author::Session(&submit.session),
            Parked::Replace(..) => author == Author::Server,
            Parked::CatchUp(..) => false,
        })
    }

    fn tick(&mut self, now: Time) {
        let told = self.presence.take(now, &self.document_id);
        self.outputs.extend(told.into_iter().map(Output::Presence));
        if self.sessions.is_empty() {
            self.beacon_due = None;
        } else if self.beacon_due.is_none_or(|due| due <= now) {
            if self.beacon_due.is_some() {
                self.beacon(now);
            }
            self.beacon_due = Some(now + HEAD_BEACON_MS);
        }
    }

    /// Tells the head, and now and then everybody's presence: the last message about either may
    /// have been lost.
    fn beacon(&mut self, now: Time) {
        let document = &self.document;
        let hashed = self.hashed.get_or_insert_with(|| Hashed::new(document));
        let hash = hashed.hash_of(document).to_string();
        let head = Head {
            document: self.document_id.clone(),
            revision: self.revision(),
            hash: Some(hash),
        };
        self.outputs.push_back(Output::Head(head));
        self.beacons += 1;
        if self.beacons >= PRESENCE_BEACONS {
            self.beacons = 0;
            let told = self.presence.take_all(now, &self.document_id);
            self.outputs.extend(told.into_iter().map(Output::Presence));
        }
    }

    /// A session tells about itself, and how much it wants to hear of the others.
    fn tells(&mut self, session: &SessionId, patch: Map<String, Json>, pace: Option<Pace>) {
        self.presence.merge(session, patch);
        if let Some(pace) = pace {
            self.presence.pace(session, pace);
        }
    }

    /// The session is gone for the others at once, but what it submitted before has its turn.
    fn leave(&mut self, session: SessionId) {
        self.presence.remove(&session);
        let joining = |turn: &Turn| matches!(turn, Turn::Join(join) if join.session == session);
        let index = self.waiting.iter().position(joining);
        match index.and_then(|index| self.waiting.remove(index)) {
            Some(Turn::Join(join)) => {
                self.answer(join.request, Answer::Joined(Err(ended_at_once())))
            }
            Some(
                Turn::Submit(_)
                | Turn::Write(_)
                | Turn::Restore(_)
                | Turn::Replace(_)
                | Turn::Leave(_),
            )
            | None => {
                self.waiting.push_back(Turn::Leave(session));
            }
        }
    }

    fn end(&mut self, session: &SessionId) {
        self.sessions.remove(session);
        self.presence.remove(session);
    }

    fn answer(&mut self, request: RequestId, answer: Answer) {
        self.outputs.push_back(Output::Answer { request, answer });
    }
}

impl Turn {
    /// Whose earlier operations must have had their turn.
    fn author(&self) -> Option<Author<'_>> {
        match self {
            Self::Submit(submit) => Some(Author::Session(&submit.session)),
            Self::Leave(session) => Some(Author::Session(session)),
            Self::Write(_) | Self::Restore(_) | Self::Replace(_) => Some(Author::Server),
            Self::Join(_) => None,
        }
    }

    fn may_join(&self, run: &append::Run) -> bool {
        match self {
            // The answer to a join tells the durable state, so it waits for a run before it.
            Self::Join(_) => run.is_empty(),
            Self::Submit(submit) => run.has_room(submit.operation_count()),
            Self::Write(_) => run.has_room(1),
            Self::Restore(restore) => run.has_room(restore.parts.len()),
            Self::Replace(replace) => run.has_room(replace.operation_count()),
            Self::Leave(_) => true,
        }
    }
}

/// The answer to a join whose session ended before it began. Another join may go well.
fn ended_at_once() -> ErrorBody {
    ErrorBody::new(ErrorCode::Unavailable, "the session ended before it began")
        .with("reason", "session_ended")
        .with("retry_after_ms", ENDED_RETRY_MS)
}

/// The answer to a session that is not here any more.
fn no_session() -> ErrorBody {
    ErrorBody::new(ErrorCode::Forbidden, "the session has ended").with("reason", "session_ended")
}
