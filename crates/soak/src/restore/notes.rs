//! What one client knows of its own edits, and what it was told.

use std::collections::{BTreeMap, BTreeSet};

use coboard_client::Event;
use coboard_protocol::{ErrorBody, OperationId};

/// Kept by the task that listens, read by whoever judges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// The number that each operation set.
    pub(crate) made: BTreeMap<OperationId, u64>,
    pub(crate) acknowledged: BTreeSet<OperationId>,
    pub(crate) refused: BTreeMap<OperationId, ErrorBody>,
    /// How often the whole document was taken anew.
    pub(crate) resets: u64,
    /// How often that was because it differed from the server's.
    pub(crate) diverged: u64,
    /// What must not be told in a drill.
    pub(crate) strange: Vec<String>,
}

impl Notes {
    pub(crate) fn note(&mut self, event: Event) {
        match event {
            Event::Ack { id, .. } => {
                self.acknowledged.insert(id);
            }
            Event::Reject { id, error } => {
                self.refused.insert(id, error);
            }
            Event::Changed(changed) => self.resets += u64::from(changed.reset),
            Event::Diverged { .. } => self.diverged += 1,
            Event::Ended { error } => self.strange.push(format!("ended: {}", error.message)),
            Event::Missed { count } => self.strange.push(format!("{count} events were missed")),
            Event::Status(_) | Event::Session { .. } | Event::Conflicts { .. } | _ => {}
        }
    }

    /// Operations whose fate is not known.
    pub(crate) fn open(&self) -> BTreeSet<OperationId> {
        let is_open =
            |id: &&OperationId| !self.acknowledged.contains(*id) && !self.refused.contains_key(*id);
        self.made.keys().filter(is_open).cloned().collect()
    }
}
