//! The newest entries of the log, in memory.

use std::collections::{BTreeMap, VecDeque};

use coboard_protocol::limits::ROOM_TAIL_MAX;
use coboard_protocol::{ClientId, LogEntry, OperationId, Revision};

use super::size;

/// Most bytes of entries in memory. A guess.
const TAIL_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The head revision and the entries up to it, as far as they are kept.
#[derive(Debug)]
pub(super) struct Tail {
    head: Revision,
    /// Without gaps; the last one is at `head`.
    entries: VecDeque<LogEntry>,
    bytes: usize,
    seen: BTreeMap<OperationId, Seen>,
}

/// A committed operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub(super) revision: Revision,
    /// Of its payload as it was submitted; only storage knows it if this room did not commit it.
    pub(super) fingerprint: Option<u64>,
}

impl Tail {
    pub(super) fn new(head: Revision, entries: Vec<LogEntry>) -> Self {
        let mut tail = Self {
            head: head - entries.len() as Revision,
            entries: VecDeque::new(),
            bytes: 0,
            seen: BTreeMap::new(),
        };
        for entry in entries {
            tail.push(entry, None);
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

    /// Takes in the newest entry and forgets the oldest ones beyond the limits.
    pub(super) fn push(&mut self, entry: LogEntry, fingerprint: Option<u64>) {
        self.head += 1;
        debug_assert_eq!(entry.revision, self.head, "the log has no gaps");
        let seen = Seen {
            revision: entry.revision,
            fingerprint,
        };
        self.seen.insert(entry.id.clone(), seen);
        self.bytes += size::of_components(&entry.components);
        self.entries.push_back(entry);
        while self.entries.len() > ROOM_TAIL_MAX || self.bytes > TAIL_BYTES_MAX {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= size::of_components(&oldest.components);
            self.seen.remove(&oldest.id);
        }
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

    /// What is known of an operation, if its entry is kept.
    pub(super) fn seen(&self, id: &OperationId) -> Option<Seen> {
        self.seen.get(id).copied()
    }

    /// Sequence of the newest kept operation of a client, 0 if none.
    pub(super) fn last_sequence(&self, client: &ClientId) -> u64 {
        let id = |sequence| OperationId {
            client: client.clone(),
            sequence,
        };
        self.seen
            .range(id(0)..=id(u64::MAX))
            .next_back()
            .map_or(0, |(id, _)| id.sequence)
    }
}
