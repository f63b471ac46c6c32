//! Somebody outside brings another version: operations of the server that merge like anybody's.

use coboard_ot::Components;
use coboard_protocol::{ErrorBody, ErrorCode, Meta, Operation, OperationId, Revision, User};

use super::append::{Promise, Run};
use super::commit::{Candidate, commit_next};
use super::io::{Answer, RequestId, Submission};
use super::rebase::{Past, TooOld};
use super::{Room, policy};
use crate::time::Time;

/// Another version that waits for its turn.
#[derive(Debug)]
pub(super) struct Replace {
    pub(super) request: RequestId,
    /// Identity of the first operation; the others take the next sequences.
    pub(super) id: OperationId,
    pub(super) author: User,
    /// The revision it was made on.
    pub(super) base: Revision,
    /// Whether nothing may have been committed since.
    pub(super) exact: bool,
    /// One operation each.
    pub(super) parts: Vec<Components>,
    pub(super) meta: Meta,
}

impl Room {
    /// Commits all parts or none.
    pub(super) fn replace(&mut self, now: Time, replace: Replace, run: &mut Run) {
        let (request, mark) = (replace.request, run.mark());
        match self.commit_replace(now, replace, run) {
            Ok(revision) => run.answers.push((request, Promise::Written(revision))),
            Err(error) => {
                run.back_to(mark);
                self.answer(request, Answer::Written(Err(error)));
            }
        }
    }

    fn commit_replace(
        &self,
        now: Time,
        replace: Replace,
        run: &mut Run,
    ) -> Result<Revision, ErrorBody> {
        let head = run.next_revision() - 1;
        let base = replace.base;
        let refused = |code, message| {
            ErrorBody::new(code, message)
                .with("base", base)
                .with("head", head)
        };
        if base > head {
            return Err(refused(
                ErrorCode::RevFuture,
                "the base is newer than the head",
            ));
        }
        if replace.exact && base != head {
            return Err(refused(
                ErrorCode::RevOld,
                "the dashboard has changed since",
            ));
        }
        let too_old = || refused(ErrorCode::RevOld, "too much was committed since the base");
        let newer = self.tail.since(base).ok_or_else(too_old)?;
        let operations = replace.parts.into_iter().zip(replace.id.sequence..);
        let operations = operations.map(|(components, sequence)| Operation {
            id: OperationId {
                client: replace.id.client.clone(),
                sequence,
            },
            base,
            components,
            meta: replace.meta.clone(),
        });
        let operations: Vec<Submission> = operations.map(Ok).collect();
        let mut past = Past::new(base, &operations);
        let taken = past.take(newer.chain(&run.entries));
        taken.map_err(|TooOld| too_old())?;
        past.contest.begin(run.document.clone());
        for operation in operations.into_iter().flatten() {
            self.commit_part(now, operation, &replace.author, &mut past, run)?;
        }
        Ok(run.next_revision() - 1)
    }

    /// Brings one operation past what is newer, under the policies of the dashboard.
    fn commit_part(
        &self,
        now: Time,
        mut operation: Operation,
        author: &User,
        past: &mut Past,
        run: &mut Run,
    ) -> Result<(), ErrorBody> {
        let (fingerprint, submitted) = (operation.fingerprint(), operation.components.wants());
        let is_ruled = policy::is_ruled(&self.policies, &operation.meta);
        let components = std::mem::take(&mut operation.components);
        let (mut components, mut conflicts) = past.pass(components, operation.meta.kind, is_ruled);
        if is_ruled {
            let policies = &self.policies;
            let (document, found) = (&run.document, &mut conflicts);
            components = policy::apply(policies, document, past, &operation, components, found)?;
        }
        operation.components = components;
        let candidate = Candidate {
            author,
            client_number: None,
            operation,
            fingerprint,
            submitted,
            conflicts,
            past: Some(past),
        };
        commit_next(run, now, candidate).map(drop)
    }
}
