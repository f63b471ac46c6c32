//! The client's machine: edits appear at once, travel one submit at a time, and meet those of
//! others by transform.
//!
//! It keeps two documents: the committed one, which only operations of the server advance, and
//! the view, which is the committed one with the own operations on top. A mistake in a transform
//! could make a view flicker; it cannot leave two clients different.
//!
//! Not here: sockets, reconnecting, presence, storage on the device; what the device is to store is
//! told. The driver brings [`Input`]s and carries out [`Output`]s.

use std::collections::VecDeque;

use coboard_ot::Document;
use coboard_protocol::message::{Committed, ResetReason};
use coboard_protocol::{ErrorBody, Revision, SessionId, Snapshot};

use crate::time::Time;

mod check;
mod discard;
mod edit;
mod history;
mod integrate;
mod io;
mod json;
mod keep;
mod link;
mod mirror;
mod outbox;
mod position;
mod progress;
mod request;
mod restore;
mod weight;

use check::Check;
pub use edit::Edited;
use history::Undo;
pub use io::{Change, Changed, Config, Input, Origin, Output, Queued, Request, Status, Steps};
pub use json::{InputError, from_json, to_json};
use keep::Keeping;
pub use keep::{Keep, Kept, RESERVE_BLOCK, Reserve, Resume};
use link::Link;
use outbox::Outbox;
use progress::Waits;
pub use progress::{Progress, Waiting};
pub use request::{EditRequest, Place, Step};

/// The machine of one client in one document.
///
/// **Drain rule**: one [`handle`](Self::handle) or [`edit`](Self::edit), then
/// [`poll`](Self::poll) until `None`, then wait for input or for
/// [`next_timeout`](Self::next_timeout).
#[derive(Debug)]
pub struct Client {
    config: Config,
    link: Link,
    /// Requests without an answer, with the time by which one is due.
    requests: Vec<Asked>,
    next_request: u64,
    /// The newest head that was heard of.
    head: Revision,
    /// Whether there is a document at all.
    loaded: bool,
    /// Why a snapshot is being fetched, if one is.
    fetching: Option<ResetReason>,
    /// The history that `revision` is counted in; empty as long as there is no document.
    lineage: String,
    /// The document as the server has it at `revision`.
    committed: Document,
    revision: Revision,
    /// The committed document with the outbox on top.
    view: Document,
    outbox: Outbox,
    keeping: Keeping,
    undo: Undo,
    /// Messages that came before those they follow, sorted by the revision before their first entry.
    held_back: Vec<Committed>,
    /// When missing entries are asked for.
    catch_up_due: Option<Time>,
    ids: Ids,
    check: Check,
    waits: Waits,
    status: Status,
    ended: Option<ErrorBody>,
    outputs: VecDeque<Output>,
}

/// A request without an answer.
#[derive(Clone, Copy, Debug)]
struct Asked {
    request: u64,
    kind: Asking,
    due: Time,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Asking {
    Join,
    Submit,
    CatchUp,
}

/// Makes ids of items, lists and order keys that nobody else makes.
#[derive(Clone, Copy, Debug, Default)]
struct Ids {
    /// Given by the server at the first join.
    client_number: u32,
    counter: u32,
}

impl Ids {
    fn next(&mut self) -> u64 {
        self.counter += 1;
        coboard_ot::ItemId::new(self.client_number, self.counter).as_u64()
    }

    fn next_unique(&mut self) -> (u32, u32) {
        self.counter += 1;
        (self.client_number, self.counter)
    }
}

impl Client {
    /// A machine that knows nothing yet. It joins when it is connected.
    pub fn new(config: Config) -> Self {
        let resume = config.resume.unwrap_or_default();
        let mut outbox = Outbox::new(config.client.clone());
        outbox.number_after(resume.sequence);
        Self {
            outbox,
            config,
            link: Link::Offline,
            requests: Vec::new(),
            next_request: 1,
            head: 0,
            loaded: false,
            fetching: None,
            lineage: String::new(),
            committed: Document::new(),
            revision: 0,
            view: Document::new(),
            undo: Undo::default(),
            held_back: Vec::new(),
            catch_up_due: None,
            ids: Ids {
                client_number: resume.client_number,
                counter: resume.counter,
            },
            keeping: Keeping::after(resume),
            check: Check::default(),
            waits: Waits::default(),
            status: Status {
                loading: true,
                ..Status::default()
            },
            ended: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`poll`](Self::poll) afterwards.
    pub fn handle(&mut self, now: Time, input: Input) {
        if self.ended.is_some() {
            return;
        }
        match input {
            Input::Restore { kept } => self.restore(kept),
            Input::Connected => self.connected(now),
            Input::Disconnected => self.disconnected(),
            Input::Answer { request, answer } => self.answered(now, request, answer),
            Input::Committed { message } => self.heard(now, message),
            Input::Head { revision, hash } => {
                self.expect_hash(revision, hash);
                self.note_head(now, revision);
            }
            Input::Snapshot { snapshot } => self.snapshot_came(now, snapshot),
            Input::SnapshotFailed => self.snapshot_failed(now),
            Input::SessionEnded { session, error } => self.session_ended(now, &session, error),
            Input::Discard { id } => self.discard(&id),
            Input::Timeout => self.timed_out(now),
        }
        self.compare(now);
        self.settle(now);
    }

    /// The next thing to do, if any.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When to give [`Input::Timeout`] at the latest. Valid after draining.
    pub fn next_timeout(&self) -> Option<Time> {
        let requests = self.requests.iter().map(|asked| asked.due).min();
        [
            requests,
            self.catch_up_due,
            self.outbox.resend_at(),
            self.link.retry_at(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The document as the person sees it, own operations included.
    pub fn view(&self) -> &Document {
        &self.view
    }

    /// The document as the server has it at [`revision`](Self::revision).
    pub fn committed(&self) -> &Document {
        &self.committed
    }

    /// The revision of the committed document.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The committed document, for the device to keep; `None` if there is none.
    pub fn snapshot(&self) -> Option<Snapshot> {
        self.loaded.then(|| Snapshot {
            lineage: self.lineage.clone(),
            document: self.config.document.clone(),
            revision: self.revision,
            content: self.committed.clone(),
        })
    }

    /// Whether a document is there to be read and edited.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// The live session, if any.
    pub fn session(&self) -> Option<&SessionId> {
        self.link.session()
    }

    /// How far the machine is.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Own operations that the server has not acknowledged, oldest first.
    pub fn queue(&self) -> Vec<Queued> {
        self.outbox.queued()
    }

    /// Sends what can be sent; tells what is to be kept and how far the machine is, if that changed.
    fn settle(&mut self, now: Time) {
        self.send_pending(now);
        self.tell_keep();
        self.note_progress();
        let status = self.current_status();
        if status != self.status {
            self.status = status.clone();
            self.outputs.push_back(Output::Status(status));
        }
    }

    fn current_status(&self) -> Status {
        Status {
            revision: self.revision,
            pending_count: self.outbox.len(),
            inflight: self.outbox.is_inflight(),
            oldest_unacked_at_ms: self.outbox.oldest_at().map(Time::as_ms),
            joined: self.link.session().is_some(),
            loading: !self.loaded || self.fetching.is_some() || self.revision < self.head,
            undo: self.undo.undo_steps(),
            redo: self.undo.redo_steps(),
            progress: self.progress(),
        }
    }
}
