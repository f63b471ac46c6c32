//! A run of operations: prepared together, appended together, answered together.

use std::collections::BTreeMap;

use coboard_ot::Document;
use coboard_protocol::message::{Committed, SubmitResult, Submitted};
use coboard_protocol::{
    Catalogue, ErrorBody, ErrorCode, LogEntry, OperationId, Revision, SessionId,
};

use super::io::{Answer, AppendFailure, Output, RequestId};
use super::sequence::NextSequence;
use super::tail::Seen;
use super::upkeep::Purging;
use super::{Room, size};

/// Most operations of one run. Keeps a transaction short; what is left forms the next run.
const RUN_OPERATIONS_MAX: usize = 512;
/// Bytes after which a run takes no further submit: a batch of storage holds as much. A guess.
const RUN_BYTES_MAX: usize = 1024 * 1024;
/// Pause that a client is asked for while storage does not answer, in milliseconds.
const UNAVAILABLE_RETRY_MS: u64 = 1_000;
/// Pause that a client is asked for while the disk is full, in milliseconds.
const FULL_RETRY_MS: u64 = 2_000;

/// Operations on their way into the log, not stored yet.
#[derive(Debug)]
pub(super) struct Run {
    /// The document after them.
    pub(super) document: Document,
    /// Its size, roughly.
    pub(super) document_bytes: usize,
    /// The head before them.
    pub(super) head: Revision,
    pub(super) entries: Vec<LogEntry>,
    pub(super) fingerprints: Vec<u64>,
    /// Bytes of the entries, roughly.
    bytes: usize,
    /// What was expected of the sessions in it before it began.
    expected: BTreeMap<SessionId, NextSequence>,
    /// Requests to be answered once the entries are durable.
    pub(super) answers: Vec<(RequestId, Promise)>,
}

/// How a run stood at some time.
#[derive(Debug)]
pub(super) struct Mark {
    document: Document,
    document_bytes: usize,
    entries: usize,
    bytes: usize,
}

/// An answer that becomes true when the run is durable.
#[derive(Debug)]
pub(super) enum Promise {
    /// To a submit.
    Submitted(Vec<SubmitResult>),
    /// To a write by the server.
    Written(Revision),
}

/// A run that storage is appending.
#[derive(Debug)]
pub(super) struct Outstanding(Run);

impl Run {
    pub(super) fn new(document: Document, document_bytes: usize, head: Revision) -> Self {
        Self {
            document,
            document_bytes,
            head,
            entries: Vec::new(),
            fingerprints: Vec::new(),
            bytes: 0,
            expected: BTreeMap::new(),
            answers: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How it stands now, to go back to if the rest of a request is refused.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            document: self.document.clone(),
            document_bytes: self.document_bytes,
            entries: self.entries.len(),
            bytes: self.bytes,
        }
    }

    /// Forgets the entries since the mark.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.document = mark.document;
        self.document_bytes = mark.document_bytes;
        self.entries.truncate(mark.entries);
        self.fingerprints.truncate(mark.entries);
        self.bytes = mark.bytes;
    }

    /// Whether `operations` more may join it.
    pub(super) fn has_room(&self, operations: usize) -> bool {
        self.is_empty()
            || (self.entries.len() + operations <= RUN_OPERATIONS_MAX && self.bytes < RUN_BYTES_MAX)
    }

    /// The revision that the next entry gets.
    pub(super) fn next_revision(&self) -> Revision {
        self.head + self.entries.len() as Revision + 1
    }

    /// The entry at a revision, if it is in this run.
    pub(super) fn entry(&self, revision: Revision) -> Option<&LogEntry> {
        let index = revision.checked_sub(self.head + 1)?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    pub(super) fn push(&mut self, entry: LogEntry, fingerprint: u64) {
        self.bytes += size::of_components(&entry.components);
        self.entries.push(entry);
        self.fingerprints.push(fingerprint);
    }

    /// Keeps what is expected of a session, to go back to if the run fails.
    pub(super) fn remember(&mut self, session: &SessionId, next: NextSequence) {
        self.expected.entry(session.clone()).or_insert(next);
    }

    /// What is known of an operation, if it is in this run.
    pub(super) fn seen(&self, id: &OperationId) -> Option<Seen> {
        let index = self.entries.iter().position(|entry| entry.id == *id)?;
        Some(Seen {
            revision: self.entries[index].revision,
            fingerprint: self.fingerprints.get(index).copied(),
        })
    }
}

impl Room {
    /// Asks storage to append the run. A run without entries is answered at once.
    pub(super) fn start_append(&mut self, run: Run) {
        if run.is_empty() {
            self.answer_run(run.answers);
            return;
        }
        let before = Catalogue::heading(&self.document);
        let catalogue =
            (Catalogue::heading(&run.document) != before).then(|| Catalogue::of(&run.document));
        self.outputs.push_back(Output::Append {
            head: run.head,
            entries: run.entries.clone(),
            fingerprints: run.fingerprints.clone(),
            catalogue,
        });
        self.outstanding = Some(Outstanding(run));
    }

    pub(super) fn appended(&mut self, result: Result<(), AppendFailure>) {
        let Some(Outstanding(run)) = self.outstanding.take() else {
            return;
        };
        match result {
            Ok(()) => self.run_durable(run),
            Err(failure) => self.run_failed(run, failure),
        }
    }

    fn run_durable(&mut self, run: Run) {
        let from = self.revision();
        self.document = run.document;
        if let Some(hashed) = &mut self.hashed {
            hashed.touch(&run.entries);
        }
        self.document_bytes = run.document_bytes;
        for (entry, fingerprint) in run.entries.iter().zip(&run.fingerprints) {
            self.tail.push(entry.clone(), Some(*fingerprint));
        }
        self.answer_run(run.answers);
        self.outputs.push_back(Output::Committed(Committed {
            document: self.document_id.clone(),
            from,
            to: self.revision(),
            entries: run.entries,
        }));
        self.save_snapshot(run.bytes);
    }

    /// Nothing of the run is in the log. Clients send it again under the same ids.
    fn run_failed(&mut self, run: Run, failure: AppendFailure) {
        let (code, message, retry_ms) = match failure {
            AppendFailure::Full => (
                ErrorCode::StorageFull,
                "the disk of the server is full",
                FULL_RETRY_MS,
            ),
            AppendFailure::Unavailable | AppendFailure::RevisionTaken => (
                ErrorCode::Unavailable,
                "storage does not answer",
                UNAVAILABLE_RETRY_MS,
            ),
        };
        let error = ErrorBody::new(code, message).with("retry_after_ms", retry_ms);
        // Begun anew with the next snapshot: nobody waits for it, so nothing paces another attempt.
        self.purging = Purging::Rests;
        for (session, next) in run.expected {
            if let Some(session) = self.sessions.get_mut(&session) {
                session.next = next;
                session.refusal = None;
            }
        }
        for (request, promise) in run.answers {
            let answer = match promise {
                Promise::Submitted(_) => Answer::Submitted(Err(error.clone())),
                Promise::Written(_) => Answer::Written(Err(error.clone())),
            };
            self.answer(request, answer);
        }
    }

    fn answer_run(&mut self, answers: Vec<(RequestId, Promise)>) {
        for (request, promise) in answers {
            let answer = match promise {
                Promise::Submitted(results) => Answer::Submitted(Ok(Submitted { results })),
                Promise::Written(revision) => Answer::Written(Ok(revision)),
            };
            self.answer(request, answer);
        }
    }
}
