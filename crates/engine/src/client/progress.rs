//! How far something long is that a person waits for: catching up, or sending what was queued.

use coboard_protocol::Revision;
use serde::Serialize;

use super::Client;

/// Fewer operations than this come and go too fast to be shown. A guess.
const SHOWN_MIN: u64 = 20;

/// How far something long is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Progress {
    /// What is going on.
    pub kind: Waiting,
    /// Operations that are done.
    pub done: u64,
    /// All of them. Grows while others commit or the person goes on.
    pub total: u64,
}

/// What a person waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// What others did meanwhile.
    CatchingUp,
    /// Own operations that were queued.
    Sending,
}

/// What is counted for it.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// The revision from which this client catches up, while it does.
    caught_up_from: Option<Revision>,
    /// Own operations that waited at the last look.
    pending: u64,
    /// Most that waited at once since none did.
    pending_max: u64,
    /// How many found their fate since then.
    settled: u64,
}

impl Waits {
    /// What comes after `revision` is asked for, or what comes after an earlier one still is.
    pub(super) fn catch_up_from(&mut self, revision: Revision) {
        self.caught_up_from.get_or_insert(revision);
    }

    pub(super) fn disconnected(&mut self) {
        self.caught_up_from = None;
    }
}

impl Client {
    /// Counts. To be called once for each input and edit.
    pub(super) fn note_progress(&mut self) {
        if self.revision >= self.head || self.fetching.is_some() {
            self.waits.caught_up_from = None;
        }
        let waits = &mut self.waits;
        let pending = self.outbox.len() as u64;
        waits.settled += waits.pending.saturating_sub(pending);
        waits.pending = pending;
        waits.pending_max = waits.pending_max.max(pending);
        if pending == 0 {
            (waits.pending_max, waits.settled) = (0, 0);
        }
    }

    pub(super) fn progress(&self) -> Option<Progress> {
        self.link.session()?;
        let waits = &self.waits;
        let missed = waits.caught_up_from.map(|from| Progress {
            kind: Waiting::CatchingUp,
            done: self.revision.saturating_sub(from),
            total: self.head.saturating_sub(from),
        });
        let queued = (waits.pending_max > SHOWN_MIN).then_some(Progress {
            kind: Waiting::Sending,
            done: waits.settled,
            total: waits.settled + waits.pending,
        });
        missed.filter(|missed| missed.total > SHOWN_MIN).or(queued)
    }
}
