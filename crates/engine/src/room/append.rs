//! A run of operations: prepared together, appended together, answered together.

use std::collections::BTreeMap;

use coboard_ot::Document;
use coboard_protocol::limits::SNAPSHOT_COMMITS;
use coboard_protocol::message::{Committed, SubmitResult, Submitted};
use coboard_protocol::{Catalogue, ClientId, ErrorBody, ErrorCode, LogEntry, Revision};

use super::Room;
use super::io::{Answer, AppendFailure, Output, RequestId};

/// Most operations of one run. Keeps a transaction short; what is left forms the next run.
const RUN_OPERATIONS_MAX: usize = 512;

/// Operations on their way into the log, not stored yet.
#[derive(Debug)]
pub(super) struct Run {
    /// The document after them.
    pub(super) document: Document,
    /// The head before them.
    pub(super) head: Revision,
    pub(super) entries: Vec<LogEntry>,
    pub(super) fingerprints: Vec<u64>,
    /// Newest sequence of each client among the entries.
    pub(super) sequences: BTreeMap<ClientId, u64>,
    /// Requests to be answered once the entries are durable.
    pub(super) answers: Vec<(RequestId, Promise)>,
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
    pub(super) fn new(document: Document, head: Revision) -> Self {
        Self {
            document,
            head,
            entries: Vec::new(),
            fingerprints: Vec::new(),
            sequences: BTreeMap::new(),
            answers: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.entries.len() >= RUN_OPERATIONS_MAX
    }

    /// The revision that the next entry gets.
    pub(super) fn next_revision(&self) -> Revision {
        self.head + self.entries.len() as Revision + 1
    }

    pub(super) fn push(&mut self, entry: LogEntry, fingerprint: u64) {
        self.sequences
            .insert(entry.id.client.clone(), entry.id.sequence);
        self.entries.push(entry);
        self.fingerprints.push(fingerprint);
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
        for entry in &run.entries {
            self.note_sequence(entry);
            self.tail.push(entry.clone());
        }
        self.answer_run(run.answers);
        self.outputs.push_back(Output::Committed(Committed {
            document: self.document_id.clone(),
            from,
            to: self.revision(),
            entries: run.entries,
        }));
        self.tail.trim(self.snapshot.stored);
        self.save_snapshot();
    }

    /// Nothing of the run is in the log. Clients send it again under the same ids.
    fn run_failed(&mut self, run: Run, failure: AppendFailure) {
        let error = match failure {
            AppendFailure::Full => {
                ErrorBody::new(ErrorCode::StorageFull, "the disk of the server is full")
            }
            AppendFailure::Unavailable | AppendFailure::RevisionTaken => {
                ErrorBody::new(ErrorCode::Unavailable, "storage does not answer")
            }
        };
        for session in self.sessions.values_mut() {
            session.next_sequence = None;
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

    fn save_snapshot(&mut self) {
        let revision = self.revision();
        if self.snapshot.saving.is_none() && revision >= self.snapshot.stored + SNAPSHOT_COMMITS {
            self.snapshot.saving = Some(revision);
            let document = self.document.clone();
            self.outputs
                .push_back(Output::SaveSnapshot { revision, document });
        }
    }

    pub(super) fn snapshot_saved(&mut self, revision: Revision) {
        self.snapshot.saving = None;
        self.snapshot.stored = self.snapshot.stored.max(revision);
        self.tail.trim(self.snapshot.stored);
    }
}
