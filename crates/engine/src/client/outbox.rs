//! Own operations that are not in the committed document yet.

use std::collections::VecDeque;

use coboard_ot::{Components, compose};
use coboard_protocol::limits::{MESSAGE_BYTES_MAX, OPERATIONS_PER_SUBMIT_MAX};
use coboard_protocol::message::{Known, Submit, SubmitResult};
use coboard_protocol::{
    ClientId, Conflict, ErrorBody, ErrorCode, Kind, Meta, Operation, OperationId, Retry, Revision,
    codec,
};

use super::keep::Kept;
use super::link::retry_after_ms;
use super::{Asking, Client, Output, Queued, Request};
use crate::time::Time;

/// Bytes of operations in one submit: the rest of the message needs room too.
const SUBMIT_BYTES_MAX: usize = MESSAGE_BYTES_MAX * 3 / 4;
/// Revisions that a client may lack and still send: beyond, it catches up first. On an old base the
/// server reads the log again for each submit and may refuse it as too old; on the head a queue of
/// any length costs no transform. A guess: what a moment without broadcasts brings.
const BEHIND_MAX: Revision = 100;

/// The queue of own operations, oldest first. Each was made on those before it.
#[derive(Debug)]
pub(super) struct Outbox {
    client: ClientId,
    next_sequence: u64,
    pub(super) queue: VecDeque<Pending>,
    /// Sequence of the newest operation that takes a step back or forth again, 0 if none.
    newest_step: u64,
    /// Those that left it and may still be kept.
    pub(super) gone: VecDeque<Gone>,
    /// After a failure that passes: not before this time.
    resend_at: Option<Time>,
}

/// An own operation that left the queue.
#[derive(Debug)]
pub(super) struct Gone {
    pub(super) sequence: u64,
    /// Where it is in the log; 0 if it is not, or if what follows does not stand on it any more.
    pub(super) revision: Revision,
    /// The revision it stands on as the device keeps it.
    pub(super) base: Revision,
}

/// One own operation.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) id: OperationId,
    pub(super) components: Components,
    /// How much it wanted when it was made; a rebase may drop some.
    wanted: usize,
    pub(super) meta: Meta,
    pub(super) made_at: Time,
    pub(super) stage: Stage,
    /// Whether it was ever sent to this session: the server may have it, whatever it answered.
    sent: bool,
    /// Whether the server once said that its id is taken.
    doubted: bool,
    /// Whether it was told what it met.
    pub(super) told: bool,
    /// The revision it stands on as the device keeps it; absent if it is to be kept anew.
    pub(super) kept: Option<Revision>,
}

/// How far an own operation has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    /// Not on its way: not sent, or refused for a reason that passes.
    Pending,
    /// Sent; may or may not have arrived.
    Inflight,
    /// Durable at this revision; its entry has not come yet.
    Acked(Revision),
}

impl Stage {
    /// Whether the operation is durable.
    pub(super) fn is_acked(self) -> bool {
        matches!(self, Self::Acked(_))
    }
}

impl Pending {
    fn new(id: OperationId, components: Components, meta: Meta, made_at: Time) -> Self {
        Self {
            id,
            wanted: components.wants(),
            components,
            meta,
            made_at,
            stage: Stage::Pending,
            sent: false,
            doubted: false,
            told: false,
            kept: None,
        }
    }

    /// It leaves the queue: it is in the log at `revision`, or at 0.
    pub(super) fn gone(&self, revision: Revision) -> Gone {
        Gone {
            sequence: self.id.sequence,
            revision,
            base: self.kept.unwrap_or(revision),
        }
    }

    pub(super) fn unkeep(&mut self) {
        self.kept = None;
    }

    pub(super) fn to_keep(&self, base: Revision) -> Kept {
        Kept {
            operation: Operation {
                id: self.id.clone(),
                base,
                components: self.components.clone(),
                meta: self.meta.clone(),
            },
            made_at: self.made_at,
        }
    }

    /// Whether the server may have it.
    pub(super) fn may_be_known(&self) -> bool {
        self.sent || self.stage != Stage::Pending
    }

    fn is_step(&self) -> bool {
        self.meta.kind != Kind::Edit
    }

    fn is_broken(&self) -> bool {
        self.meta.atomic && self.stage == Stage::Pending && self.components.wants() < self.wanted
    }
}

impl Outbox {
    pub(super) fn new(client: ClientId) -> Self {
        Self {
            client,
            next_sequence: 1,
            queue: VecDeque::new(),
            newest_step: 0,
            gone: VecDeque::new(),
            resend_at: None,
        }
    }

    /// New operations get sequences after `sequence`.
    pub(super) fn number_after(&mut self, sequence: u64) {
        self.next_sequence = self.next_sequence.max(sequence + 1);
    }

    /// The newest sequence that is used.
    pub(super) fn last_sequence(&self) -> u64 {
        self.next_sequence - 1
    }

    /// Puts on an operation that the device kept. Nobody knows whether it was sent.
    pub(super) fn resume_with(&mut self, kept: Kept) -> Result<(), ()> {
        let Kept { operation, made_at } = kept;
        let last = self.queue.back().map_or(0, |last| last.id.sequence);
        if operation.id.client != self.client || operation.id.sequence <= last {
            return Err(());
        }
        self.number_after(operation.id.sequence);
        self.append(Pending {
            kept: Some(operation.base),
            sent: true,
            ..Pending::new(operation.id, operation.components, operation.meta, made_at)
        });
        Ok(())
    }

    fn append(&mut self, pending: Pending) {
        if pending.is_step() {
            self.newest_step = pending.id.sequence;
        }
        self.queue.push_back(pending);
    }

    /// Whether something in it takes a step back or forth again. Costs nothing where the newest that
    /// did is gone, for this is asked once for each entry of a long queue.
    pub(super) fn has_steps(&self) -> bool {
        let first = self
            .queue
            .front()
            .map_or(u64::MAX, |front| front.id.sequence);
        self.newest_step >= first && self.queue.iter().any(Pending::is_step)
    }

    /// How many operations are not acknowledged.
    pub(super) fn len(&self) -> usize {
        self.queue
            .iter()
            .filter(|pending| !pending.stage.is_acked())
            .count()
    }

    pub(super) fn is_inflight(&self) -> bool {
        self.queue
            .iter()
            .any(|pending| pending.stage == Stage::Inflight)
    }

    pub(super) fn oldest_at(&self) -> Option<Time> {
        self.queue
            .iter()
            .find(|pending| !pending.stage.is_acked())
            .map(|pending| pending.made_at)
    }

    /// Operations whose fate a new session must tell. They are the first of the queue; acknowledged
    /// ones are among them, for the server may have gone back to a backup that lacks them. After a
    /// restore there may be more than one submit of them: what the entries in between do not tell
    /// the next answers do.
    pub(super) fn unsettled_ids(&self) -> Vec<OperationId> {
        let mut ids = self.ids_of(|pending| pending.sent || pending.stage.is_acked());
        ids.truncate(OPERATIONS_PER_SUBMIT_MAX);
        ids
    }

    fn inflight_ids(&self) -> Vec<OperationId> {
        self.ids_of(|pending| pending.stage == Stage::Inflight)
    }

    fn ids_of(&self, which: impl Fn(&Pending) -> bool) -> Vec<OperationId> {
        self.queue
            .iter()
            .filter(|pending| which(pending))
            .map(|pending| pending.id.clone())
            .collect()
    }

    pub(super) fn resend_at(&self) -> Option<Time> {
        self.resend_at
    }

    pub(super) fn resend_if_due(&mut self, now: Time) {
        if self.resend_at.is_some_and(|at| at <= now) {
            self.resend_at = None;
        }
    }

    /// A new session knows which operations arrived. The others go out again under the same ids, in
    /// another history those too that were durable in the former one. Gives the known ones of which
    /// that was news.
    pub(super) fn resume(&mut self, known: &[Known], lineage_changed: bool) -> Vec<Known> {
        self.resend_at = None;
        let mut news = Vec::new();
        for pending in &mut self.queue {
            let arrived = known.iter().find(|known| known.id == pending.id);
            if !pending.stage.is_acked() {
                news.extend(arrived.cloned());
            }
            pending.sent = false;
            pending.stage = match (arrived, pending.stage) {
                (Some(known), _) => Stage::Acked(known.revision),
                (None, acked @ Stage::Acked(_)) if !lineage_changed => acked,
                (None, Stage::Pending | Stage::Inflight | Stage::Acked(_)) => Stage::Pending,
            };
        }
        news
    }

    /// A snapshot at `revision` replaces what the queue was made on: what it holds already goes
    /// out of the queue.
    pub(super) fn reset_to(&mut self, revision: Revision) {
        let gone = &mut self.gone;
        self.queue.retain(|pending| {
            let there = matches!(pending.stage, Stage::Acked(at) if at <= revision);
            if there {
                gone.push_back(pending.gone(0));
            }
            !there
        });
    }

    /// Takes a new operation in. One that goes on with the gesture of the last, unsent one joins it.
    pub(super) fn push(&mut self, components: Components, meta: Meta, now: Time) -> OperationId {
        if let Some(last) = self.queue.back_mut()
            && last.stage == Stage::Pending
            && !last.sent
            && last.meta.gesture.is_some()
            && last.meta.gesture == meta.gesture
            && last.meta.policy == meta.policy
            && (last.meta.kind, meta.kind) == (Kind::Edit, Kind::Edit)
            && !last.meta.atomic
            && !meta.atomic
        {
            last.components = compose(std::mem::take(&mut last.components), &components);
            last.meta.label = meta.label;
            last.kept = None;
            return last.id.clone();
        }
        let id = OperationId {
            client: self.client.clone(),
            sequence: self.next_sequence,
        };
        self.next_sequence += 1;
        self.append(Pending::new(id.clone(), components, meta, now));
        id
    }

    pub(super) fn queued(&self) -> Vec<Queued> {
        self.queue
            .iter()
            .filter(|pending| !pending.stage.is_acked())
            .map(|pending| Queued {
                id: pending.id.clone(),
                label: pending.meta.label.clone().unwrap_or_default(),
                item: pending
                    .components
                    .touched()
                    .next()
                    .map(|item| item.to_string()),
                at_ms: pending.made_at.as_ms(),
                inflight: pending.stage == Stage::Inflight,
                sent: pending.may_be_known(),
            })
            .collect()
    }

    /// The operations to send now, marked as on their way.
    fn take_batch(&mut self, base: Revision) -> Vec<Operation> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        for pending in self.queue.iter_mut().take(OPERATIONS_PER_SUBMIT_MAX) {
            let operation = pending.to_keep(base).operation;
            bytes += codec::components::to_json(&operation.components)
                .to_string()
                .len();
            if bytes > SUBMIT_BYTES_MAX && !batch.is_empty() {
                break;
            }
            pending.stage = Stage::Inflight;
            pending.sent = true;
            batch.push(operation);
        }
        batch
    }
}

impl Client {
    /// Sends the queue if nothing is on its way. The base is the committed document, so an
    /// acknowledged operation must have come back before the next ones go out.
    pub(super) fn send_pending(&mut self, now: Time) {
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

    pub(super) fn submitted(&mut self, now: Time, results: Vec<SubmitResult>) {
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

    pub(super) fn submit_failed(&mut self, now: Time, error: ErrorBody) {
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
    pub(super) fn tell_conflicts(
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
    pub(super) fn refuse_unknown(&mut self) {
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
    pub(super) fn reject_passed(&mut self, index: usize) {
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

    pub(super) fn reject(&mut self, index: usize, error: ErrorBody) {
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
