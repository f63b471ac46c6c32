//! The life of an operation in a room: checked, transformed, committed in its turn.

use coboard_ot::{Components, Side, commit, invert, transform};
use coboard_protocol::limits::DOCUMENT_ITEMS_MAX;
use coboard_protocol::message::{Known, Role, SubmitResult};
use coboard_protocol::{
    ErrorBody, ErrorCode, LogEntry, Meta, Operation, OperationId, Revision, SessionId, User,
};

use super::append::{Promise, Run};
use super::io::{Answer, Output, Refused, RequestId, Submission};
use super::reading::Parked;
use super::{Room, no_session};
use crate::time::Time;

/// Oldest base, counted back from the head, that is still transformed. Beyond it a client resets.
const BASE_AGE_MAX: Revision = 20_000;

/// A submit that waits for its turn.
#[derive(Debug)]
pub(super) struct Submit {
    request: RequestId,
    session: SessionId,
    operations: Vec<Submission>,
    /// Entries older than memory holds, once read.
    pub(super) older: Option<Vec<LogEntry>>,
    /// Operations that storage knows, once looked up.
    pub(super) known: Option<Vec<Known>>,
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
            older: None,
            known: None,
        }
    }
}

/// What became of one operation before it is durable.
enum Outcome {
    Committed(Revision),
    Refused(ErrorBody),
}

impl Room {
    pub(super) fn submit(&mut self, now: Time, submit: Submit, run: &mut Run) {
        if !self.sessions.contains_key(&submit.session) {
            self.answer(submit.request, Answer::Submitted(Err(no_session())));
            return;
        }
        if let Some(ids) = self.must_look_up(&submit, run) {
            let request = submit.request;
            self.parked.insert(request, Parked::Submit(submit));
            self.outputs.push_back(Output::Find { request, ids });
            return;
        }
        match self.entries_since_base(&submit, run) {
            Over::Entries(over) => self.submit_over(now, submit, over, run),
            Over::Refused(error) => self.answer(submit.request, Answer::Submitted(Err(error))),
            Over::Read { since, limit } => {
                let request = submit.request;
                self.parked.insert(request, Parked::Submit(submit));
                self.outputs.push_back(Output::ReadLog {
                    request,
                    since,
                    limit,
                });
            }
        }
    }

    pub(super) fn write(&mut self, now: Time, write: Write, run: &mut Run) {
        let operation = Operation {
            id: write.id,
            base: run.next_revision() - 1,
            components: write.components,
            meta: write.meta,
        };
        match commit_next(run, now, &write.author, operation, &[]) {
            Outcome::Committed(revision) => run
                .answers
                .push((write.request, Promise::Written(revision))),
            Outcome::Refused(error) => self.answer(write.request, Answer::Written(Err(error))),
        }
    }

    /// Commits the operations one after the other and promises the answer.
    fn submit_over(&mut self, now: Time, submit: Submit, over: Vec<Past>, run: &mut Run) {
        let Some(session) = self.sessions.get(&submit.session) else {
            return;
        };
        let (role, author, client) = (session.role, session.user.clone(), session.client.clone());
        let mut next_sequence = session.next_sequence;
        let known = submit.known.unwrap_or_default();
        let base = base_of(&submit.operations);
        let mut over = over;
        let mut refused = false;
        let mut results = Vec::with_capacity(submit.operations.len());
        for submission in submit.operations {
            let (id, operation) = match submission {
                Ok(operation) => (operation.id.clone(), Ok(operation)),
                Err(Refused { id, error }) => (id, Err(error)),
            };
            if let Some(revision) = self.committed_revision(&id, run, &known) {
                // A repeated operation is not committed again; those after it were made on it.
                if let Ok(operation) = operation {
                    over = after_repeated(over, revision, &operation.components);
                }
                results.push(SubmitResult::Ack { id, revision });
                continue;
            }
            let checked = operation.and_then(|operation| {
                let last = run
                    .sequences
                    .get(&client)
                    .copied()
                    .unwrap_or_else(|| self.last_sequence(&client));
                let check = Check {
                    role,
                    client: &client,
                    next_sequence,
                    last,
                    base,
                    refused,
                };
                check.check(&operation).map(|()| operation)
            });
            let outcome = match checked {
                Ok(operation) => {
                    let made = operation.components.clone();
                    let outcome = commit_next(run, now, &author, operation, &over);
                    over = match outcome {
                        Outcome::Committed(_) => after(over, &made),
                        Outcome::Refused(_) => over,
                    };
                    outcome
                }
                Err(error) => Outcome::Refused(error),
            };
            next_sequence = Some(id.sequence.saturating_add(1));
            results.push(match outcome {
                Outcome::Committed(revision) => SubmitResult::Ack { id, revision },
                Outcome::Refused(error) => {
                    refused = true;
                    SubmitResult::Reject { id, error }
                }
            });
        }
        if let Some(session) = self.sessions.get_mut(&submit.session) {
            // After a refusal the client sends the rest again, from the refused one's successor on.
            session.next_sequence = if refused { None } else { next_sequence };
        }
        run.answers
            .push((submit.request, Promise::Submitted(results)));
    }

    /// The revision of an operation that is in the log or in this run already.
    fn committed_revision(&self, id: &OperationId, run: &Run, known: &[Known]) -> Option<Revision> {
        self.tail
            .revision_of(id)
            .or_else(|| {
                run.entries
                    .iter()
                    .find(|entry| entry.id == *id)
                    .map(|entry| entry.revision)
            })
            .or_else(|| {
                known
                    .iter()
                    .find(|known| known.id == *id)
                    .map(|known| known.revision)
            })
    }

    /// Operations that may be in the log, but not in memory.
    fn must_look_up(&self, submit: &Submit, run: &Run) -> Option<Vec<OperationId>> {
        if submit.known.is_some() {
            return None;
        }
        let client = &self.sessions.get(&submit.session)?.client;
        let last = self.last_sequence(client);
        let ids: Vec<OperationId> = submit
            .operations
            .iter()
            .filter_map(|submission| submission.as_ref().ok())
            .map(|operation| &operation.id)
            .filter(|id| id.client == *client && id.sequence <= last)
            .filter(|id| self.committed_revision(id, run, &[]).is_none())
            .cloned()
            .collect();
        (!ids.is_empty()).then_some(ids)
    }

    /// What the operations must be transformed over.
    fn entries_since_base(&self, submit: &Submit, run: &Run) -> Over {
        let head = self.revision();
        let base = base_of(&submit.operations).unwrap_or(head);
        if base > head {
            let error = ErrorBody::new(ErrorCode::RevFuture, "the base is newer than the head");
            return Over::Refused(error.with("base", base).with("head", head));
        }
        let in_run = run.entries.iter().map(past);
        if let Some(tail) = self.tail.since(base) {
            return Over::Entries(tail.map(past).chain(in_run).collect());
        }
        let too_old = || {
            Over::Refused(
                ErrorBody::new(ErrorCode::RevOld, "the base is older than the log reaches")
                    .with("base", base),
            )
        };
        let start = self.tail.start();
        let missing = start - base;
        match &submit.older {
            None if head - base > BASE_AGE_MAX => too_old(),
            None => Over::Read {
                since: base,
                limit: usize::try_from(missing).unwrap_or(usize::MAX),
            },
            Some(older) => {
                let whole = older
                    .first()
                    .is_some_and(|first| first.revision == base + 1)
                    && older.last().is_some_and(|last| last.revision >= start);
                let Some(tail) = self.tail.since(start).filter(|_| whole) else {
                    return too_old();
                };
                let older = older.iter().take_while(|entry| entry.revision <= start);
                Over::Entries(older.chain(tail).map(past).chain(in_run).collect())
            }
        }
    }
}

/// What operations are transformed over.
enum Over {
    Entries(Vec<Past>),
    Read { since: Revision, limit: usize },
    Refused(ErrorBody),
}

/// A committed operation that a submit did not see, as far as its own operations have come.
#[derive(Clone)]
struct Past {
    revision: Revision,
    components: Components,
}

fn past(entry: &LogEntry) -> Past {
    Past {
        revision: entry.revision,
        components: entry.components.clone(),
    }
}

/// The base of a submit: that of its first operation.
fn base_of(operations: &[Submission]) -> Option<Revision> {
    operations
        .iter()
        .find_map(|submission| submission.as_ref().ok())
        .map(|operation| operation.base)
}

/// `over` after `op`, both made on the same document, `over` earlier in server order.
fn after(over: Vec<Past>, op: &Components) -> Vec<Past> {
    let mut op = op.clone();
    over.into_iter()
        .map(|past| {
            let rewritten = transform(past.components.clone(), &op, Side::Earlier).components;
            op = transform(std::mem::take(&mut op), &past.components, Side::Later).components;
            Past {
                components: rewritten,
                ..past
            }
        })
        .collect()
}

/// `over` after an operation that stands at `revision` itself: what was committed before it moves
/// behind it, it is no longer among them, and what came later was made on it already.
fn after_repeated(mut over: Vec<Past>, revision: Revision, op: &Components) -> Vec<Past> {
    let Some(index) = over.iter().position(|past| past.revision == revision) else {
        return over;
    };
    let later = over.split_off(index + 1);
    over.pop();
    let mut over = after(over, op);
    over.extend(later);
    over
}

/// What an operation is checked against before it is committed.
struct Check<'a> {
    role: Role,
    client: &'a coboard_protocol::ClientId,
    next_sequence: Option<u64>,
    last: u64,
    base: Option<Revision>,
    refused: bool,
}

impl Check<'_> {
    fn check(&self, operation: &Operation) -> Result<(), ErrorBody> {
        if self.refused {
            return Err(ErrorBody::new(
                ErrorCode::Depends,
                "it was made on an operation that was refused",
            ));
        }
        if self.role < Role::Editor {
            return Err(ErrorBody::new(
                ErrorCode::Forbidden,
                "the role does not allow changes",
            ));
        }
        if operation.id.client != *self.client {
            return Err(ErrorBody::new(
                ErrorCode::Forbidden,
                "the operation is of another client",
            ));
        }
        if operation.id.sequence <= self.last {
            return Err(ErrorBody::new(
                ErrorCode::OpIdConflict,
                "the sequence was passed already",
            ));
        }
        if self
            .next_sequence
            .is_some_and(|next| next != operation.id.sequence)
        {
            return Err(ErrorBody::new(
                ErrorCode::SeqGap,
                "an operation is missing before this one",
            ));
        }
        if self.base.is_some_and(|base| base != operation.base) {
            return Err(ErrorBody::new(
                ErrorCode::Op,
                "the operations of a submit have one base",
            ));
        }
        Ok(())
    }
}

/// Transforms an operation over `over` and puts it at the end of the run.
fn commit_next(
    run: &mut Run,
    now: Time,
    author: &User,
    operation: Operation,
    over: &[Past],
) -> Outcome {
    let fingerprint = operation.fingerprint();
    let mut components = operation.components;
    let submitted = components.len();
    let mut conflicts = Vec::new();
    for past in over {
        let transformed = transform(components, &past.components, Side::Later);
        components = transformed.components;
        conflicts.extend(transformed.conflicts);
    }
    let committed = commit(&run.document, components);
    conflicts.extend(committed.conflicts);
    if operation.meta.atomic && committed.components.len() < submitted {
        let error = ErrorBody::new(ErrorCode::Op, "the operation no longer applies as a whole");
        return Outcome::Refused(error);
    }
    let before = run.document.clone();
    run.document.apply(&committed.components);
    if run.document.item_count() > DOCUMENT_ITEMS_MAX.max(before.item_count()) {
        run.document = before;
        let error = ErrorBody::new(ErrorCode::DocLimit, "the document has too many items");
        return Outcome::Refused(error.with("limit", DOCUMENT_ITEMS_MAX));
    }
    debug_assert_eq!(
        invert(&invert(&committed.components)).len(),
        committed.components.len(),
        "what is committed can be undone"
    );
    let revision = run.next_revision();
    let entry = LogEntry {
        id: operation.id,
        revision,
        components: committed.components,
        meta: operation.meta.cut(),
        author: author.id.clone(),
        server_time_ms: now.as_ms(),
        conflicts,
    };
    run.push(entry, fingerprint);
    Outcome::Committed(revision)
}
