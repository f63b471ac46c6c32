//! The live authority for one document: orders operations, and nothing else decides.
//!
//! A room reads no clock, sends no byte and holds no future. What it needs from storage it asks
//! for by an [`Output`] and gets by an [`Input`]. It does not know who may enter: the driver
//! gives each session its role.

use std::collections::{BTreeMap, VecDeque};

use coboard_ot::Document;
use coboard_protocol::limits::HEAD_BEACON_MS;
use coboard_protocol::message::Head;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, ErrorBody, ErrorCode, LogEntry, Revision, SessionId,
};

use crate::time::Time;

mod append;
mod io;
mod join;
mod presence;
mod reading;
mod submit;
mod tail;

use append::Outstanding;
pub use io::{
    Answer, AppendFailure, Input, Join, Output, Refused, RequestId, RoomState, Submission,
};
pub use join::snapshot_etag;
use presence::PresenceBoard;
use reading::Parked;
use tail::Tail;

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
    /// The head, durable, with the newest entries.
    tail: Tail,
    /// The entries that storage is appending.
    outstanding: Option<Outstanding>,
    /// What waits for its turn in the order. Bounded by the driver's queue.
    waiting: VecDeque<Turn>,
    /// Requests that wait for storage, out of the order.
    parked: BTreeMap<RequestId, Parked>,
    sessions: BTreeMap<SessionId, Session>,
    /// Sequence of the newest committed operation of each client that came by.
    sequences: BTreeMap<ClientId, u64>,
    presence: PresenceBoard,
    beacon_due: Option<Time>,
    snapshot: Snapshots,
    outputs: VecDeque<Output>,
}

/// One session.
#[derive(Debug)]
struct Session {
    client: ClientId,
    user: coboard_protocol::User,
    role: coboard_protocol::message::Role,
    /// The sequence that must come next; any newer one after a join.
    next_sequence: Option<u64>,
}

/// Something that has to wait for its turn in the order.
#[derive(Debug)]
enum Turn {
    Join(Join),
    Submit(submit::Submit),
    Write(submit::Write),
}

/// What is known about stored snapshots.
#[derive(Debug)]
struct Snapshots {
    /// Revision of the newest one.
    stored: Revision,
    /// Revision of the one that is being stored.
    saving: Option<Revision>,
}

impl Room {
    /// Opens the room on what storage holds.
    pub fn open(state: RoomState) -> Self {
        Self {
            document_id: state.document_id,
            lineage: state.lineage,
            document: state.document,
            tail: Tail::new(state.revision, state.tail),
            outstanding: None,
            waiting: VecDeque::new(),
            parked: BTreeMap::new(),
            sessions: BTreeMap::new(),
            sequences: BTreeMap::new(),
            presence: PresenceBoard::default(),
            beacon_due: None,
            snapshot: Snapshots {
                stored: state.snapshot,
                saving: None,
            },
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
            Input::Leave { session } => self.leave(&session),
            Input::CatchUp {
                request,
                session,
                since,
            } => self.catch_up(request, &session, since),
            Input::Presence { session, patch } => self.presence.merge(&session, patch),
            Input::Appended { result } => self.appended(result),
            Input::LogRead { request, entries } => self.log_read(request, entries),
            Input::Found { request, known } => self.found(request, known),
            Input::SnapshotSaved { revision } => self.snapshot_saved(revision),
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
            && self.snapshot.saving.is_none()
    }

    /// Gives everything its turn that has one now. While an append is outstanding all wait: what
    /// arrives meanwhile forms the next run.
    fn take_turns(&mut self, now: Time) {
        if self.outstanding.is_some() {
            return;
        }
        let mut run = append::Run::new(self.document.clone(), self.tail.head());
        while let Some(turn) = self.waiting.pop_front() {
            match turn {
                // An answer to a join tells the durable state, so it waits for a run before it.
                Turn::Join(join) if run.is_empty() => self.join(now, join),
                Turn::Join(join) => {
                    self.waiting.push_front(Turn::Join(join));
                    break;
                }
                Turn::Submit(submit) => self.submit(now, submit, &mut run),
                Turn::Write(write) => self.write(now, write, &mut run),
            }
            if run.is_full() {
                break;
            }
        }
        self.start_append(run);
    }

    fn tick(&mut self, now: Time) {
        if let Some(presence) = self.presence.take(now, &self.document_id) {
            self.outputs.push_back(Output::Presence(presence));
        }
        if self.sessions.is_empty() {
            self.beacon_due = None;
        } else if self.beacon_due.is_none_or(|due| due <= now) {
            if self.beacon_due.is_some() {
                let head = Head {
                    document: self.document_id.clone(),
                    revision: self.revision(),
                };
                self.outputs.push_back(Output::Head(head));
            }
            self.beacon_due = Some(now + HEAD_BEACON_MS);
        }
    }

    fn leave(&mut self, session: &SessionId) {
        if self.sessions.remove(session).is_some() {
            self.presence.remove(session);
        }
    }

    fn answer(&mut self, request: RequestId, answer: Answer) {
        self.outputs.push_back(Output::Answer { request, answer });
    }

    /// Sequence of the newest committed operation of a client.
    fn last_sequence(&self, client: &ClientId) -> u64 {
        self.sequences.get(client).copied().unwrap_or(0)
    }

    fn note_sequence(&mut self, entry: &LogEntry) {
        let last = self.sequences.entry(entry.id.client.clone()).or_default();
        *last = (*last).max(entry.id.sequence);
    }
}

/// The answer to a session that is not here any more.
fn no_session() -> ErrorBody {
    ErrorBody::new(ErrorCode::Forbidden, "the session has ended").with("reason", "session_ended")
}
