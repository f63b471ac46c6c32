//! What the device is told to keep, so that neither a reload nor a crash loses a change.
//!
//! Each own operation is told once, with the revision it stands on, and once more only if one
//! before it was taken back or the document was replaced. A machine that is restored puts it on
//! at that revision and moves it over what came since, as this one did. That is why an operation
//! that is in the log stays kept as long as a later one that is kept stands on a revision before it.
//!
//! Numbers are reserved ahead of their use: a restored machine begins behind all of them, so that
//! what was sent but not kept is never numbered twice.

use std::collections::VecDeque;

use coboard_protocol::{Operation, Revision, object};
use serde::Serialize;

use super::outbox::Pending;
use super::{Client, Output};
use crate::time::Time;

/// Sequences and counters that are reserved at once; more are when fewer than half of them are
/// left. Half is more than the ids of the largest operation and more than the longest queue.
pub const RESERVE_BLOCK: u32 = 20_000;

/// Operations in the log that stay kept, at most, unless more wait: who never pauses would keep
/// everything. Beyond that all that waits is told anew, which is no more than what went before.
const GONE_MAX: usize = 1_000;

/// Numbers up to which a client has used sequences and counters, or may.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Reserve {
    /// Sequences of operations.
    pub sequence: u64,
    /// Counters in the ids of items and lists and in order keys.
    pub counter: u32,
}

/// Where a client goes on that was here before.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Resume {
    /// Its number in the document; 0 if it never had a session there.
    pub client_number: u32,
    /// The newest reserve that was kept: what is new begins behind it.
    pub sequence: u64,
    /// As `sequence`.
    pub counter: u32,
}

object!(Resume {
    client_number: required,
    sequence: required,
    counter: required
});

/// An own operation for the device to keep.
#[derive(Clone, PartialEq, Debug)]
pub struct Kept {
    /// The operation; its base is the revision it stands on.
    pub operation: Operation,
    /// When it was made.
    pub made_at: Time,
}

/// What changed in what the device is to keep. To be written at once, together with the message
/// that it followed from.
#[derive(Clone, PartialEq, Debug)]
pub struct Keep {
    /// Take a [`Client::snapshot`] instead of what was kept of the document: nothing kept before
    /// leads to what this machine has.
    pub snapshot: bool,
    /// Operations to write, in place of those with the same id.
    pub put: Vec<Kept>,
    /// Sequences of operations to remove.
    pub drop: Vec<u64>,
    /// The new reserve, if it changed.
    pub reserve: Option<Reserve>,
}

#[derive(Debug, Default)]
pub(super) struct Keeping {
    reserved: Reserve,
    /// Whether the document was replaced since the device was told.
    pub(super) replaced: bool,
}

impl Keeping {
    /// Everything up to the reserve of a former life counts as used.
    pub(super) fn after(resume: Resume) -> Self {
        Self {
            reserved: Reserve {
                sequence: resume.sequence,
                counter: resume.counter,
            },
            replaced: false,
        }
    }

    fn reserve(&mut self, used: Reserve) -> Option<Reserve> {
        let half = RESERVE_BLOCK / 2;
        if self.reserved.sequence >= used.sequence + u64::from(half)
            && self.reserved.counter >= used.counter.saturating_add(half)
        {
            return None;
        }
        self.reserved = Reserve {
            sequence: used.sequence + u64::from(RESERVE_BLOCK),
            counter: used.counter.saturating_add(RESERVE_BLOCK),
        };
        Some(self.reserved)
    }
}

impl Client {
    /// Tells what the device is to keep, if that changed.
    pub(super) fn tell_keep(&mut self) {
        if !self.config.keep {
            self.outbox.gone.clear();
            return;
        }
        let base = self.check.stands_on(self.revision);
        // Taken anew after it differed, the document may be older than what the queue stands on.
        let snapshot = self.keeping.replaced && base == self.revision;
        if snapshot {
            self.keeping.replaced = false;
        }
        if snapshot || self.outbox.gone.len() > GONE_MAX.max(self.outbox.queue.len()) {
            self.outbox.queue.iter_mut().for_each(Pending::unkeep);
        }
        let keep = Keep {
            snapshot,
            put: self.outbox.put(base),
            drop: self.outbox.take_gone(snapshot),
            reserve: self.keeping.reserve(Reserve {
                sequence: self.outbox.last_sequence(),
                counter: self.ids.counter,
            }),
        };
        if snapshot || !keep.put.is_empty() || !keep.drop.is_empty() || keep.reserve.is_some() {
            self.outputs.push_back(Output::Keep(keep));
        }
    }
}

impl super::Outbox {
    /// Operations that are not kept as they stand on `base` now.
    fn put(&mut self, base: Revision) -> Vec<Kept> {
        let queue = self.queue.iter_mut();
        let changed = queue.filter(|pending| pending.kept.is_none());
        let put = changed.map(|pending| {
            pending.kept = Some(base);
            pending.to_keep(base)
        });
        put.collect()
    }

    /// Operations that no restored machine needs any more.
    fn take_gone(&mut self, all: bool) -> Vec<u64> {
        // The first of the queue stands on the oldest revision of all, and what it needs further back.
        let first = self.queue.front().filter(|_| !all);
        let mut oldest = first.and_then(|pending| pending.kept);
        let (mut drop, mut needed) = (Vec::new(), VecDeque::new());
        while let Some(gone) = self.gone.pop_back() {
            if oldest.is_some_and(|oldest| oldest < gone.revision) {
                oldest = oldest.min(Some(gone.base));
                needed.push_front(gone);
            } else {
                drop.push(gone.sequence);
            }
        }
        self.gone = needed;
        drop.reverse();
        drop
    }
}
