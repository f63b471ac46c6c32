//! The queue goes out, and the answers come back.

use coboard_protocol::message::{Submit, SubmitResult};
use coboard_protocol::{Conflict, ErrorBody, ErrorCode, OperationId, Retry, Revision};

use super::{Pending, Stage};
use crate::client::link::retry_after_ms;
use crate::client::{Asking, Client, Output, Request};
use crate::time::Time;

/// Revisions that a client may lack and still send: beyond, it catches up first. On an old base the
/// server reads the log again for each submit and may refuse it as too old; on the head a queue of
/// any length costs no transform. A guess: what a moment without broadcasts brings.
const BEHIND_MAX: Revision = 100;

impl Client {
    /// Sends the queue if nothing is on its way. The base is the committed document, so an
    /// acknowledged operation must have come back before the next ones go out.
    pub(in crate::client) fn send_pending(&mut self, now: Time) {
        let Some(session) = self.link.session().cloned() else {
            return;
        };
        let unready = self.fetching.is_some()
            || self.check.is_behind(self.revision)
            || self.head.saturating_sub(self.revision) > BEHIND_MAX;
        if !self.loaded || unready || self.outbox.resend_at.is_some() {
            return;
        }
        self.drop_held();
        self.refuse_broken();
        let free = self
            .outbox
            .queue
            .front()
            .is_some_and(|pending| pending.stage == Stage::Pending);
        if !free {
            return;
        }
        let submit = Submit {
            document: self.config.document.clone(),
            session,
            operations: self.outbox.take_batch(self.revision),
        };
        self.ask(now, Asking::Submit, Request::Submit(submit));
    }

    pub(in crate::client) fn submitted(&mut self, now: Time, results: Vec<SubmitResult>) {
        let mut unclear = false;
        for result in results {
            match result {
                SubmitResult::Ack {
                    id,
                    revision,
                    conflicts,
                } => self.acked(now, &id, revision, conflicts),
                SubmitResult::Reject { id, error } => {
                    // A gap: one before it was taken back without being sent, and a new session
                    // expects none of them. A taken id: what was sent first may have arrived after
                    // all, and a new session tells.
                    unclear |= matches!(error.code, ErrorCode::SeqGap | ErrorCode::OpIdConflict);
                    self.refused(&id, error);
                }
            }
        }
        if unclear {
            self.rejoin_after(now, 0);
        }
    }

    pub(in crate::client) fn submit_failed(&mut self, now: Time, error: ErrorBody) {
        match (error.retry, error.code) {
            // The session is gone: a new one tells what arrived.
            (Retry::Never, ErrorCode::Forbidden) | (Retry::AfterReset, _) => {
                self.rejoin_after(now, 0)
            }
            (Retry::AfterBackoff, _) => {
                self.release_inflight();
                self.outbox.resend_at = Some(now + retry_after_ms(&error));
            }
            (Retry::Never, _) => {
                for id in self.outbox.inflight_ids() {
                    self.refused(&id, error.clone());
                }
            }
        }
    }

    fn acked(&mut self, now: Time, id: &OperationId, revision: Revision, conflicts: Vec<Conflict>) {
        if let Some(pending) = self
            .outbox
            .queue
            .iter_mut()
            .find(|pending| pending.id == *id)
            && !pending.stage.is_acked()
        {
            pending.stage = Stage::Acked(revision);
            self.outputs.push_back(Output::Ack {
                id: id.clone(),
                revision,
            });
            // An answer may leave some out that its entry has.
            pending.told = !conflicts.is_empty();
            self.tell_conflicts(id, revision, conflicts);
            if revision <= self.revision {
                self.drop_held();
            }
        }
        self.expect_entries(now, revision);
    }

    /// Tells what an own operation met, if anything.
    pub(in crate::client) fn tell_conflicts(
        &mut self,
        id: &OperationId,
        revision: Revision,
        conflicts: Vec<Conflict>,
    ) {
        if !conflicts.is_empty() {
            let id = id.clone();
            self.outputs.push_back(Output::Conflicts {
                id,
                revision,
                conflicts,
            });
        }
    }

    /// What a new session does not know, though it knows a later one, was refused before that came.
    pub(in crate::client) fn refuse_unknown(&mut self) {
        let is_acked = |pending: &Pending| pending.stage.is_acked();
        let last = self.outbox.queue.iter().rposition(is_acked);
        let (mut index, mut end) = (0, last.unwrap_or_default());
        while index < end {
            if is_acked(&self.outbox.queue[index]) {
                index += 1;
            } else {
                self.reject_passed(index);
                end -= 1;
            }
        }
    }

    /// Refuses an operation with a smaller sequence than one that is in the log.
    pub(in crate::client) fn reject_passed(&mut self, index: usize) {
        let error = ErrorBody::new(ErrorCode::OpIdConflict, "the sequence was passed already");
        self.reject(index, error);
    }

    /// Takes a refused operation back. One that merely was made on a refused one goes out again, and
    /// so does, once, one whose id is said to be taken.
    fn refused(&mut self, id: &OperationId, error: ErrorBody) {
        let Some(index) = self
            .outbox
            .queue
            .iter()
            .position(|pending| pending.id == *id)
        else {
            return;
        };
        let pending = &mut self.outbox.queue[index];
        let passes = matches!(error.code, ErrorCode::Depends | ErrorCode::SeqGap);
        let taken = error.code == ErrorCode::OpIdConflict;
        if passes || (taken && !std::mem::replace(&mut pending.doubted, true)) {
            pending.stage = Stage::Pending;
            return;
        }
        self.reject(index, error);
    }

    /// Refuses what was to apply as a whole and has lost a part to a rebase.
    fn refuse_broken(&mut self) {
        while let Some(index) = self.outbox.queue.iter().position(Pending::is_broken) {
            let error = ErrorBody::new(ErrorCode::Op, "the operation no longer applies as a whole");
            self.reject(index, error);
        }
    }

    pub(in crate::client) fn reject(&mut self, index: usize, error: ErrorBody) {
        let kept = self.outbox.queue[index].to_keep(self.revision);
        self.take_back(index);
        self.outputs.push_back(Output::Reject { kept, error });
    }

    fn release_inflight(&mut self) {
        for pending in &mut self.outbox.queue {
            if pending.stage == Stage::Inflight {
                pending.stage = Stage::Pending;
            }
        }
    }
}
