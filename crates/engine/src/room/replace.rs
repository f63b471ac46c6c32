//! Somebody outside brings another version: operations of the server that merge like anybody's.

use coboard_ot::{Components, compose};
use coboard_protocol::{ErrorBody, ErrorCode, Meta, Operation, OperationId, Revision, User};

use super::append::{Promise, Run};
use super::commit::{Candidate, commit_next};
use super::io::{Answer, RequestId, Submission};
use super::reading::{Parked, ReadPast};
use super::rebase::Past;
use super::{Room, policy, schema};
use crate::time::Time;

/// Another version that waits for its turn.
#[derive(Debug)]
pub(super) struct Replace {
    pub(super) request: RequestId,
    author: User,
    /// The revision it was made on.
    base: Revision,
    /// Whether nothing may have been committed since.
    exact: bool,
    operations: Vec<Submission>,
    pub(super) past: ReadPast,
}

/// What it is called, and when it fits.
pub(super) struct Wish {
    /// Identity of the first operation; the others take the next sequences.
    pub(super) id: OperationId,
    pub(super) author: User,
    pub(super) base: Revision,
    pub(super) exact: bool,
    pub(super) meta: Meta,
}

impl Replace {
    /// Each part becomes an operation.
    pub(super) fn new(request: RequestId, wish: Wish, parts: Vec<Components>) -> Self {
        let numbered = parts.into_iter().zip(wish.id.sequence..);
        let operations = numbered.map(|(components, sequence)| Operation {
            id: OperationId {
                client: wish.id.client.clone(),
                sequence,
            },
            base: wish.base,
            components,
            meta: wish.meta.clone(),
        });
        Self {
            request,
            operations: operations.map(Ok).collect(),
            author: wish.author,
            base: wish.base,
            exact: wish.exact,
            past: None,
        }
    }

    pub(super) fn operation_count(&self) -> usize {
        self.operations.len()
    }
}

impl Room {
    /// Commits all parts or none.
    pub(super) fn replace(&mut self, now: Time, mut replace: Replace, run: &mut Run) {
        let request = replace.request;
        match self.past_of_replace(&mut replace, run) {
            Ok(past) if self.is_short(&past) => {
                let since = past.upto();
                replace.past = Some(Ok(past));
                self.read_on(request, since, Parked::Replace(replace));
            }
            Ok(past) => {
                let mark = run.mark();
                match self.commit_replace(now, replace, past, run) {
                    Ok(revision) => run.answers.push((request, Promise::Written(revision))),
                    Err(error) => {
                        run.back_to(mark);
                        self.answer(request, Answer::Written(Err(error)));
                    }
                }
            }
            Err(error) => self.answer(request, Answer::Written(Err(error))),
        }
    }

    fn past_of_replace(&self, replace: &mut Replace, run: &Run) -> Result<Past, ErrorBody> {
        let (base, head) = (replace.base, run.next_revision() - 1);
        if replace.exact && base < head {
            let error = ErrorBody::new(ErrorCode::RevOld, "the dashboard has changed since");
            return Err(error.with("base", base).with("head", head));
        }
        let read = replace.past.take();
        let fresh = || Past::new(base, &replace.operations);
        self.past_since(base, read, fresh, run)
    }

    fn commit_replace(
        &self,
        now: Time,
        replace: Replace,
        mut past: Past,
        run: &mut Run,
    ) -> Result<Revision, ErrorBody> {
        let document = run.document.clone();
        past.contest.begin(document.clone());
        let mut whole = Components::new();
        for operation in replace.operations.into_iter().flatten() {
            let part = self.commit_part(now, operation, &replace.author, &mut past, run)?;
            whole = compose(whole, &part);
        }
        schema::check(&document, whole)?;
        Ok(run.next_revision() - 1)
    }

    /// Brings one operation past what is newer, under the policies of the dashboard. Gives what it
    /// came to, before widgets make way.
    fn commit_part(
        &self,
        now: Time,
        mut operation: Operation,
        author: &User,
        past: &mut Past,
        run: &mut Run,
    ) -> Result<Components, ErrorBody> {
        let (fingerprint, submitted) = (operation.fingerprint(), operation.components.wants());
        let is_ruled = policy::is_ruled(&self.policies, &operation.meta);
        let components = std::mem::take(&mut operation.components);
        let (mut components, mut conflicts) = past.pass(components, operation.meta.kind, is_ruled);
        if is_ruled {
            let policies = &self.policies;
            let (document, found) = (&run.document, &mut conflicts);
            components = policy::apply(policies, document, past, &operation, components, found)?;
        }
        operation.components = components.clone();
        let candidate = Candidate {
            author,
            client_number: None,
            operation,
            fingerprint,
            submitted,
            conflicts,
            past: Some(past),
        };
        commit_next(run, now, candidate)?;
        Ok(components)
    }
}
