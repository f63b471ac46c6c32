//! Something former is brought back, on behalf of somebody: operations of the server that lose
//! against everything that was committed since they were made.

use coboard_ot::{Change, Components, ItemChange, commit, keep_newer};
use coboard_protocol::limits::{COMPONENTS_PER_OPERATION_MAX, OPERATION_BYTES_MAX};
use coboard_protocol::{
    ErrorBody, ErrorCode, LogEntry, Meta, Operation, OperationId, Revision, User,
};

use super::append::{Promise, Run};
use super::commit::{Candidate, commit_next};
use super::io::{Answer, RequestId};
use super::{Room, size};
use crate::time::Time;

/// Something former that waits for its turn.
#[derive(Debug)]
pub(super) struct Restore {
    pub(super) request: RequestId,
    /// Identity of the first operation; the others take the next sequences.
    pub(super) id: OperationId,
    pub(super) author: User,
    /// The revision it was made on.
    pub(super) base: Revision,
    /// One operation each.
    pub(super) parts: Vec<Components>,
    pub(super) meta: Meta,
}

impl Room {
    /// Commits all parts or none.
    pub(super) fn restore(&mut self, now: Time, restore: Restore, run: &mut Run) {
        let (request, mark) = (restore.request, run.mark());
        match self.commit_restore(now, restore, run) {
            Ok(revision) => run.answers.push((request, Promise::Written(revision))),
            Err(error) => {
                run.back_to(mark);
                self.answer(request, Answer::Written(Err(error)));
            }
        }
    }

    fn commit_restore(
        &self,
        now: Time,
        restore: Restore,
        run: &mut Run,
    ) -> Result<Revision, ErrorBody> {
        let newer = self.tail.since(restore.base).ok_or_else(|| {
            let message = "too much was committed while it was made";
            ErrorBody::new(ErrorCode::Unavailable, message)
        })?;
        let newer: Vec<LogEntry> = newer.chain(&run.entries).cloned().collect();
        let parts = restore.parts.into_iter().map(|part| {
            let past = newer.iter().map(|entry| &entry.components);
            past.fold(part, |part, newer| keep_newer(part, newer).0)
        });
        let parts: Vec<Components> = parts.collect();
        for (part, sequence) in parts.into_iter().zip(restore.id.sequence..) {
            if commit(&run.document, part.clone()).components.is_empty() {
                continue;
            }
            let operation = Operation {
                id: OperationId {
                    client: restore.id.client.clone(),
                    sequence,
                },
                base: run.next_revision() - 1,
                components: part,
                meta: restore.meta.clone(),
            };
            let candidate = Candidate {
                author: &restore.author,
                client_number: None,
                submitted: operation.components.len(),
                fingerprint: operation.fingerprint(),
                operation,
                conflicts: Vec::new(),
                past: None,
            };
            commit_next(run, now, candidate)?;
        }
        Ok(run.next_revision() - 1)
    }
}

/// Cuts what a restore changes into operations that each keep the limits of one; a single component
/// beyond them is one by itself.
///
/// Items come before cells, and all moves before what else changes, so that no operation makes a
/// circle which the whole would not have; the parts touch different registers, so that their order
/// does not matter otherwise.
///
/// # Errors
/// `E_TOO_LARGE` if the items alone exceed what one operation may have.
pub fn restore_parts(components: &Components) -> Result<Vec<Components>, ErrorBody> {
    let items = components.items().map(|(id, change)| (id, change.clone()));
    let (moves, news): (Vec<_>, Vec<_>) =
        items.partition(|(_, change)| !matches!(change, ItemChange::New { .. }));
    if moves.len() > COMPONENTS_PER_OPERATION_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "too many items would move at once");
        return Err(error
            .with("count", moves.len())
            .with("limit", COMPONENTS_PER_OPERATION_MAX));
    }
    let mut parts = Parts::default();
    for (id, change) in news {
        parts.add(Components::of_item(id, change));
    }
    parts.end();
    for (id, change) in moves {
        parts.add_to_same(Components::of_item(id, change));
    }
    for (id, path, change) in components.cells() {
        parts.add(Components::of_cell(id, path.clone(), Change::clone(change)));
    }
    parts.end();
    Ok(parts.done)
}

/// Operations that are being filled.
#[derive(Default)]
struct Parts {
    done: Vec<Components>,
    open: Components,
    bytes: usize,
}

impl Parts {
    fn add(&mut self, component: Components) {
        let bytes = self.bytes + size::of_components(&component);
        if bytes > OPERATION_BYTES_MAX || self.open.len() >= COMPONENTS_PER_OPERATION_MAX {
            self.end();
        }
        self.add_to_same(component);
    }

    fn add_to_same(&mut self, component: Components) {
        self.bytes += size::of_components(&component);
        let open = std::mem::take(&mut self.open);
        self.open = coboard_ot::compose(open, &component);
    }

    fn end(&mut self) {
        if !self.open.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        self.bytes = 0;
    }
}
