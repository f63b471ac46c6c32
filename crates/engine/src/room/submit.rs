//! The life of a submit in a room: what is missing is fetched, then each operation has its turn.

use coboard_ot::{Components, Policies};
use coboard_protocol::codec::conflicts::to_json;
use coboard_protocol::limits::MESSAGE_BYTES_MAX;
use coboard_protocol::message::{Role, SubmitResult};
use coboard_protocol::{
    ClientId, Conflict, ErrorBody, ErrorCode, Meta, Operation, OperationId, Revision, SessionId,
    User,
};

use super::append::{Promise, Run};
use super::commit::{Candidate, commit_next};
use super::io::{Answer, KnownOperation, Output, Refused, RequestId, Submission};
use super::reading::{Parked, ReadPast};
use super::rebase::Past;
use super::sequence::NextSequence;
use super::tail::{Seen, Tail};
use super::{Room, Session, no_session, policy, schema};
use crate::time::Time;

/// Bytes of conflicts in one answer; all of them are in `committed`. A guess: half a message.
const CONFLICT_BYTES_MAX: usize = MESSAGE_BYTES_MAX / 2;

/// A submit that waits for its turn.
#[derive(Debug)]
pub(super) struct Submit {
    request: RequestId,
    pub(super) session: SessionId,
    operations: Vec<Submission>,
    pub(super) past: ReadPast,
    /// Operations that storage knows, once looked up.
    pub(super) known: Option<Vec<KnownOperation>>,
}

/// A change by the server that waits for its turn.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) request: RequestId,
    pub(super) id: OperationId,
    pub(super) author: User,
    pub(super) components: Components,
    pub(super) meta: Meta,
}

impl Submit {
    pub(super) fn new(request: RequestId, session: SessionId, operations: Vec<Submission>) -> Self {
        Self {
            request,
            session,
            operations,
            past: None,
            known: None,
        }
    }

    pub(super) fn operation_count(&self) -> usize {
        self.operations.len()
    }

    /// The base: that of the first operation.
    fn base(&self) -> Option<Revision> {
        let mut operations = self.operations.iter().flatten();
        operations.next().map(|operation| operation.base)
    }
}

impl Room {
    pub(super) fn submit(&mut self, now: Time, mut submit: Submit, run: &mut Run) {
        let request = submit.request;
        let Some(session) = self.sessions.get(&submit.session) else {
            self.answer(request, Answer::Submitted(Err(no_session())));
            return;
        };
        let ids = must_look_up(&submit, session, run, &self.tail);
        if !ids.is_empty() {
            self.parked.insert(request, Parked::Submit(submit));
            self.outputs.push_back(Output::Find { request, ids });
            return;
        }
        let base = submit.base().unwrap_or_else(|| self.revision());
        let read = submit.past.take();
        let fresh = || Past::new(base, &submit.operations);
        match self.past_since(base, read, fresh, run) {
            Ok(past) if self.is_short(&past) => {
                let since = past.upto();
                submit.past = Some(Ok(past));
                self.read_on(request, since, Parked::Submit(submit));
            }
            Ok(past) => self.commit_in_turn(now, submit, past, run),
            Err(error) => self.answer(request, Answer::Submitted(Err(error))),
        }
    }

    pub(super) fn write(&mut self, now: Time, write: Write, run: &mut Run) {
        let operation = Operation {
            id: write.id,
            base: run.next_revision() - 1,
            components: write.components,
            meta: write.meta,
        };
        let allowed = schema::check(&run.document, operation.components.clone());
        let fingerprint = operation.fingerprint();
        let candidate = Candidate {
            author: &write.author,
            client_number: None,
            submitted: operation.components.wants(),
            operation,
            fingerprint,
            conflicts: Vec::new(),
            past: None,
        };
        match allowed.and_then(|()| commit_next(run, now, candidate)) {
            Ok(revision) => run
                .answers
                .push((write.request, Promise::Written(revision))),
            Err(error) => self.answer(write.request, Answer::Written(Err(error))),
        }
    }

    /// Commits the operations one after the other and promises the answer.
    fn commit_in_turn(&mut self, now: Time, submit: Submit, mut past: Past, run: &mut Run) {
        let Some(session) = self.sessions.get_mut(&submit.session) else {
            return;
        };
        run.remember(&submit.session, session.next);
        past.contest.begin(run.document.clone());
        let mut made = submit.operations.iter().flatten();
        let mut turn = CommitTurn {
            now,
            base: past.base(),
            session,
            policies: &self.policies,
            is_ruled: made.any(|operation| policy::is_ruled(&self.policies, &operation.meta)),
            past,
            known: submit.known.unwrap_or_default(),
            tail: &self.tail,
            run,
            refused: false,
            told_bytes: 0,
        };
        let results: Vec<SubmitResult> = submit
            .operations
            .into_iter()
            .map(|submission| turn.take(submission))
            .collect();
        let is_ack = |result: &SubmitResult| matches!(result, SubmitResult::Ack { .. });
        if results.iter().any(is_ack) {
            self.presence.edits(&submit.session);
        }
        run.answers
            .push((submit.request, Promise::Submitted(results)));
    }
}

/// Operations that may be in the log, but of which memory does not know enough.
fn must_look_up(submit: &Submit, session: &Session, run: &Run, tail: &Tail) -> Vec<OperationId> {
    if submit.known.is_some() {
        return Vec::new();
    }
    let operations = submit.operations.iter().flatten();
    operations
        .map(|operation| &operation.id)
        .filter(|id| id.client == session.client && session.next.is_passed(id.sequence))
        .filter(|id| {
            seen(id, run, tail, &[]).is_none_or(|operation| operation.fingerprint.is_none())
        })
        .cloned()
        .collect()
}

/// What is known of an operation that is in this run or in the log.
fn seen(id: &OperationId, run: &Run, tail: &Tail, known: &[KnownOperation]) -> Option<Seen> {
    let found = || {
        let known = known.iter().find(|known| known.id == *id)?;
        Some(Seen {
            revision: known.revision,
            fingerprint: Some(known.fingerprint),
        })
    };
    run.seen(id).or_else(found).or_else(|| tail.seen(id))
}

/// What the author of an operation was told.
#[derive(Debug)]
pub(super) struct Refusal {
    print: Print,
    error: ErrorBody,
}

/// What tells an operation from others of its client, also under the same sequence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Print {
    sequence: u64,
    /// Of the components.
    fingerprint: u64,
    atomic: bool,
}

impl Print {
    fn of(operation: &Operation) -> Self {
        Self {
            sequence: operation.id.sequence,
            fingerprint: operation.fingerprint(),
            atomic: operation.meta.atomic,
        }
    }
}

/// A submit that has its turn.
struct CommitTurn<'a> {
    now: Time,
    base: Revision,
    session: &'a mut Session,
    policies: &'a Policies,
    /// Whether a policy may rule on one of the operations.
    is_ruled: bool,
    past: Past,
    known: Vec<KnownOperation>,
    tail: &'a Tail,
    run: &'a mut Run,
    /// Whether an operation was refused: those after it were made on it.
    refused: bool,
    /// Bytes of conflicts in the answer.
    told_bytes: usize,
}

impl CommitTurn<'_> {
    fn take(&mut self, submission: Submission) -> SubmitResult {
        let (id, print, result) = match submission {
            Ok(operation) => {
                let print = Print::of(&operation);
                let (id, fingerprint) = (operation.id.clone(), print.fingerprint);
                let result = match self.refused_before(&id, print) {
                    Some(error) => Err(error),
                    None => self.take_operation(operation, fingerprint),
                };
                (id, Some(print), result)
            }
            Err(Refused { id, error }) => (id, None, Err(error)),
        };
        match result {
            Ok(revision) => SubmitResult::Ack {
                conflicts: self.conflicts_at(revision),
                id,
                revision,
            },
            Err(error) => {
                if !self.refused && id.client == self.session.client {
                    self.session.next.refused(id.sequence);
                    self.remember_refusal(print, &error);
                }
                self.refused = true;
                SubmitResult::Reject { id, error }
            }
        }
    }

    /// The refusal of this operation, if that was the last one: its author was told so, and a copy of
    /// the submit that comes later must not be committed.
    fn refused_before(&self, id: &OperationId, print: Print) -> Option<ErrorBody> {
        let refusal = self.session.refusal.as_ref()?;
        let is_copy = id.client == self.session.client && refusal.print == print;
        (is_copy && !self.refused).then(|| refusal.error.clone())
    }

    fn remember_refusal(&mut self, print: Option<Print>, error: &ErrorBody) {
        // What only came too early may come again.
        if let Some(print) = print
            && error.code != ErrorCode::SeqGap
        {
            let error = error.clone();
            self.session.refusal = Some(Refusal { print, error });
        }
    }

    /// What the operation at a revision met, as far as it is in memory and fits the answer.
    fn conflicts_at(&mut self, revision: Revision) -> Vec<Conflict> {
        let mut in_tail = self.tail.since(revision - 1).into_iter().flatten();
        let entry = self.run.entry(revision).or_else(|| in_tail.next());
        let conflicts = entry.map_or_else(Vec::new, |entry| entry.conflicts.clone());
        if !conflicts.is_empty() {
            let texts = conflicts
                .iter()
                .map(|conflict| to_json(conflict).to_string());
            self.told_bytes += texts.map(|text| text.len()).sum::<usize>();
        }
        if self.told_bytes > CONFLICT_BYTES_MAX {
            return Vec::new();
        }
        conflicts
    }

    fn take_operation(
        &mut self,
        operation: Operation,
        fingerprint: u64,
    ) -> Result<Revision, ErrorBody> {
        let (id, next) = (&operation.id, self.session.next);
        let repeated = id.client == self.session.client && next.is_passed(id.sequence);
        if repeated && let Some(seen) = seen(id, self.run, self.tail, &self.known) {
            return self.repeat(seen, operation, fingerprint);
        }
        let check = Check {
            role: self.session.role,
            client: &self.session.client,
            next,
            base: self.base,
            refused: self.refused,
        };
        check.check(&operation)?;
        self.commit(operation, fingerprint)
    }

    /// An operation that is in the log is not committed again; those after it were made on it.
    fn repeat(
        &mut self,
        seen: Seen,
        operation: Operation,
        fingerprint: u64,
    ) -> Result<Revision, ErrorBody> {
        if seen.fingerprint.is_some_and(|other| other != fingerprint) {
            let error = ErrorBody::new(ErrorCode::OpIdConflict, "another operation has this id");
            return Err(error.with("revision", seen.revision));
        }
        if seen.revision <= self.base {
            // It cannot have been made there, so nobody knows what the next ones were made on.
            self.refused = true;
        }
        let kind = operation.meta.kind;
        self.past
            .pass_repeated(seen.revision, operation.components, kind);
        Ok(seen.revision)
    }

    fn commit(
        &mut self,
        mut operation: Operation,
        fingerprint: u64,
    ) -> Result<Revision, ErrorBody> {
        let submitted = operation.components.wants();
        let components = std::mem::take(&mut operation.components);
        let kind = operation.meta.kind;
        let (components, mut conflicts) = self.past.pass(components, kind, self.is_ruled);
        operation.components = if self.is_ruled {
            let (document, past) = (&self.run.document, &mut self.past);
            policy::apply(
                self.policies,
                document,
                past,
                &operation,
                components,
                &mut conflicts,
            )?
        } else {
            components
        };
        let sequence = operation.id.sequence;
        let candidate = Candidate {
            author: &self.session.user,
            client_number: Some(self.session.client_number),
            operation,
            fingerprint,
            submitted,
            conflicts,
            past: Some(&self.past),
        };
        let revision = commit_next(self.run, self.now, candidate)?;
        self.session.next.committed(sequence);
        Ok(revision)
    }
}

/// What an operation is checked against before it is committed.
struct Check<'a> {
    role: Role,
    client: &'a ClientId,
    next: NextSequence,
    base: Revision,
    refused: bool,
}

impl Check<'_> {
    fn check(&self, operation: &Operation) -> Result<(), ErrorBody> {
        let sequence = operation.id.sequence;
        let (code, message) = if self.refused {
            (
                ErrorCode::Depends,
                "it was made on an operation that was refused",
            )
        } else if self.role < Role::Editor {
            (ErrorCode::Forbidden, "the role does not allow changes")
        } else if operation.id.client != *self.client {
            (ErrorCode::Forbidden, "the operation is of another client")
        } else if self.next.is_passed(sequence) {
            (ErrorCode::OpIdConflict, "the sequence was passed already")
        } else if self.next.has_gap(sequence) {
            (ErrorCode::SeqGap, "an operation is missing before this one")
        } else if self.base != operation.base {
            (ErrorCode::Op, "the operations of a submit have one base")
        } else {
            return Ok(());
        };
        Err(ErrorBody::new(code, message))
    }
}
