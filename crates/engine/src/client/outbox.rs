//! Own operations that are not in the committed document yet.

use std::collections::VecDeque;

use coboard_ot::{Components, compose};
use coboard_protocol::limits::{MESSAGE_BYTES_MAX, OPERATIONS_PER_SUBMIT_MAX};
use coboard_protocol::message::Known;
use coboard_protocol::{ClientId, Kind, Meta, Operation, OperationId, Revision, codec};

use super::Queued;
use super::keep::Kept;
use super::weight::Weight;
use crate::time::Time;

mod sending;

/// Bytes of operations in one submit: the rest of the message needs room too.
const SUBMIT_BYTES_MAX: usize = MESSAGE_BYTES_MAX * 3 / 4;

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
    weight: Weight,
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
            weight: Weight::unknown(),
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

    /// Whether an edit that goes on with the same gesture may become a part of it.
    fn is_joined_by(&self, meta: &Meta) -> bool {
        self.stage == Stage::Pending
            && !self.sent
            && self.meta.gesture.is_some()
            && self.meta.gesture == meta.gesture
            && self.meta.policy == meta.policy
            && (self.meta.kind, meta.kind) == (Kind::Edit, Kind::Edit)
            && !self.meta.atomic
            && !meta.atomic
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

    /// Takes a new operation of so many bytes in. One that goes on with the gesture of the last,
    /// unsent one joins it, as long as that stays small.
    pub(super) fn push(
        &mut self,
        components: Components,
        bytes: usize,
        meta: Meta,
        now: Time,
    ) -> OperationId {
        if let Some(last) = self.queue.back_mut()
            && last.is_joined_by(&meta)
            && last
                .weight
                .takes(bytes, || compose(last.components.clone(), &components))
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
        self.append(Pending {
            weight: Weight::of(bytes),
            ..Pending::new(id.clone(), components, meta, now)
        });
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
