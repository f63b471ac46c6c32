//! What the sessions of one pace are not told yet.

use std::collections::{BTreeSet, VecDeque};

use coboard_protocol::SessionId;
use coboard_protocol::limits::{PRESENCE_LEFT_MS, PRESENCE_LIGHT_MS};
use coboard_protocol::message::Pace;

use crate::time::Time;

/// What the sessions of one pace are not told yet.
#[derive(Debug, Default)]
pub(super) struct Untold {
    /// How many sessions there are of this pace.
    pub(super) listeners: usize,
    /// Who has news, whoever waits longest first. May name sessions that have none any more.
    turns: VecDeque<SessionId>,
    /// Who has news.
    changed: BTreeSet<SessionId>,
    left: BTreeSet<SessionId>,
    /// Whether there are more or fewer people.
    recounted: bool,
    told_at: Option<Time>,
}

impl Untold {
    /// A listed session has news.
    pub(super) fn note(&mut self, session: &SessionId) {
        if self.listeners > 0 {
            self.left.remove(session);
            if self.changed.insert(session.clone()) {
                self.turns.push_back(session.clone());
            }
        }
    }

    /// A session is not listed any more.
    pub(super) fn gone(&mut self, session: &SessionId) {
        self.changed.remove(session);
        if self.listeners > 0 {
            self.left.insert(session.clone());
        }
    }

    /// There are more or fewer people.
    pub(super) fn recount(&mut self) {
        self.recounted = self.listeners > 0;
    }

    /// One listener more, or less. What nobody waits for is forgotten.
    pub(super) fn listen(&mut self, come: bool) {
        if come {
            self.listeners += 1;
        } else {
            self.listeners = self.listeners.saturating_sub(1);
        }
        if self.listeners == 0 {
            self.forget();
        }
    }

    /// Everybody is told everything at this time.
    pub(super) fn all_told(&mut self, now: Time) {
        self.forget();
        self.told_at = Some(now);
    }

    /// When there is something to tell to a group that is told at most so often.
    pub(super) fn due(&self, interval_ms: u64) -> Option<Time> {
        let news = (!self.changed.is_empty()).then_some(interval_ms);
        let left = (!self.left.is_empty()).then_some(interval_ms.min(PRESENCE_LEFT_MS));
        // How many there are is never urgent: where many come, it would be told all the time.
        let counts = self.recounted.then_some(PRESENCE_LIGHT_MS);
        let wait_ms = news.into_iter().chain(left).chain(counts).min()?;
        let told = self.told_at;
        Some(told.map_or(Time::default(), |told| told + wait_ms))
    }

    /// Whose turn it is to be told of.
    pub(super) fn next(&mut self) -> Option<SessionId> {
        loop {
            let session = self.turns.pop_front()?;
            if self.changed.remove(&session) {
                return Some(session);
            }
        }
    }

    /// Who left, and whether there are more or fewer people. With this a message is told.
    pub(super) fn take(&mut self, now: Time) -> (Vec<SessionId>, bool) {
        self.told_at = Some(now);
        let left = std::mem::take(&mut self.left).into_iter().collect();
        (left, std::mem::take(&mut self.recounted))
    }

    fn forget(&mut self) {
        self.turns.clear();
        self.changed.clear();
        self.left.clear();
        self.recounted = false;
    }
}

/// What both paces that are told something are not told yet.
#[derive(Debug, Default)]
pub(super) struct BothUntold {
    pub(super) light: Untold,
    pub(super) full: Untold,
}

impl BothUntold {
    pub(super) fn of(&mut self, pace: Pace) -> Option<&mut Untold> {
        match pace {
            Pace::None => None,
            Pace::Light => Some(&mut self.light),
            Pace::Full => Some(&mut self.full),
        }
    }

    pub(super) fn note(&mut self, session: &SessionId) {
        self.light.note(session);
        self.full.note(session);
    }

    pub(super) fn gone(&mut self, session: &SessionId) {
        self.light.gone(session);
        self.full.gone(session);
    }

    pub(super) fn recount(&mut self) {
        self.light.recount();
        self.full.recount();
    }

    pub(super) fn listen(&mut self, pace: Pace, come: bool) {
        if let Some(untold) = self.of(pace) {
            untold.listen(come);
        }
    }
}
