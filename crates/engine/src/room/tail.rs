//! The newest entries of the log, in memory.

use std::collections::{BTreeMap, VecDeque};

use coboard_protocol::limits::ROOM_TAIL_MAX;
use coboard_protocol::{LogEntry, OperationId, Revision};

/// The head revision and the entries up to it, as far as they are kept.
#[derive(Debug)]
pub(super) struct Tail {
    head: Revision,
    /// Without gaps; the last one is at `head`.
    entries: VecDeque<LogEntry>,
    revisions: BTreeMap<OperationId, Revision>,
}

impl Tail {
    pub(super) fn new(head: Revision, entries: Vec<LogEntry>) -> Self {
        let mut tail = Self {
            head: head - entries.len() as Revision,
            entries: VecDeque::new(),
            revisions: BTreeMap::new(),
        };
        for entry in entries {
            tail.push(entry);
        }
        tail
    }

    pub(super) fn head(&self) -> Revision {
        self.head
    }

    /// The revision before the oldest kept entry.
    pub(super) fn start(&self) -> Revision {
        self.head - self.entries.len() as Revision
    }

    pub(super) fn push(&mut self, entry: LogEntry) {
        self.head += 1;
        debug_assert_eq!(entry.revision, self.head, "the log has no gaps");
        self.revisions.insert(entry.id.clone(), entry.revision);
        self.entries.push_back(entry);
    }

    /// The entries after `since`; `None` if they are not all kept.
    pub(super) fn since(&self, since: Revision) -> Option<impl Iterator<Item = &LogEntry>> {
        let skip = since.checked_sub(self.start())?;
        Some(
            self.entries
                .iter()
                .skip(usize::try_from(skip).unwrap_or(usize::MAX)),
        )
    }

    /// The revision of an operation, if its entry is kept.
    pub(super) fn revision_of(&self, id: &OperationId) -> Option<Revision> {
        self.revisions.get(id).copied()
    }

    /// Forgets what a snapshot at `stored` covers, beyond the entries that are kept anyway.
    pub(super) fn trim(&mut self, stored: Revision) {
        while self.entries.len() > ROOM_TAIL_MAX && self.start() < stored {
            if let Some(entry) = self.entries.pop_front() {
                self.revisions.remove(&entry.id);
            }
        }
    }
}
