//! What one client saw in one dashboard, in the order it saw it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use coboard_protocol::{ClientId, ErrorBody, OperationId, Revision};
use serde::Serialize;

use crate::edits::Intent;

/// Something a client saw or did.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Record {
    /// It is about to have made this operation.
    Invoke {
        /// Which one.
        id: OperationId,
        /// What it is meant to do.
        #[serde(flatten)]
        intent: Intent,
        /// When the edit was asked for, since the beginning of the run.
        at: Duration,
    },
    /// The operation is durable.
    Ack {
        /// Which one.
        id: OperationId,
        /// Its revision.
        revision: Revision,
        /// When that was heard.
        at: Duration,
    },
    /// The operation was refused.
    Reject {
        /// Which one.
        id: OperationId,
        /// Why.
        error: ErrorBody,
    },
    /// An edit never became an operation.
    NotMade {
        /// What was meant.
        #[serde(flatten)]
        intent: Intent,
        /// Why; absent if it changed nothing.
        error: Option<ErrorBody>,
    },
    /// What somebody else did came into the view.
    Receive {
        /// Its revision; that of the last if it stands for several.
        revision: Revision,
        /// Who made it.
        client: ClientId,
        /// How many operations it stands for: more than one after something was missed. What several
        /// people did meanwhile comes as a record for each of them, all with one revision.
        count: u64,
    },
    /// The whole document was taken anew.
    Reset,
    /// The document ended.
    Ended {
        /// Why.
        error: ErrorBody,
    },
    /// The client was too slow for its own events.
    Missed {
        /// How many.
        count: u64,
    },
}

/// The records of one client in one dashboard; shared between who writes and who judges.
#[derive(Clone, Debug)]
pub(crate) struct Journal {
    started: Instant,
    records: Arc<Mutex<Vec<Record>>>,
}

impl Journal {
    /// An empty journal of a run that began at `started`.
    pub(crate) fn new(started: Instant) -> Self {
        Self {
            started,
            records: Arc::default(),
        }
    }

    /// Adds a record.
    pub(crate) fn add(&self, record: Record) {
        self.lock().push(record);
    }

    /// The time since the beginning of the run.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Everything so far.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.lock().clone()
    }

    /// How many operations wait for their fate.
    pub(crate) fn open_count(&self) -> usize {
        self.lock().iter().fold(0, |open, record| match record {
            Record::Invoke { .. } => open + 1,
            Record::Ack { .. } | Record::Reject { .. } => open.saturating_sub(1),
            Record::NotMade { .. }
            | Record::Receive { .. }
            | Record::Reset
            | Record::Ended { .. }
            | Record::Missed { .. } => open,
        })
    }

    /// The highest revision that came into the view.
    pub(crate) fn revision(&self) -> Revision {
        let of = |record: &Record| match record {
            Record::Ack { revision, .. } | Record::Receive { revision, .. } => *revision,
            Record::Invoke { .. }
            | Record::Reject { .. }
            | Record::NotMade { .. }
            | Record::Reset
            | Record::Ended { .. }
            | Record::Missed { .. } => 0,
        };
        self.lock().iter().map(of).max().unwrap_or(0)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
