//! Storage of the simulation: what is in here has survived, whatever crashes.

use std::collections::BTreeMap;

use coboard_engine::room::KnownOperation;
use coboard_protocol::ot::Document;
use coboard_protocol::{ClientId, LogEntry, OperationId, Revision};

/// Entries, each with the fingerprint of its payload as it was submitted.
pub(crate) type Entries = Vec<(LogEntry, u64)>;

/// The log and the snapshots of one document.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// All of them, for the checkers; storage gives out only those after `kept_from`.
    pub(crate) entries: Vec<LogEntry>,
    known: BTreeMap<OperationId, Known>,
    /// By revision. The one at 0 is the empty document.
    pub(crate) snapshots: BTreeMap<Revision, Document>,
    /// Entries up to this revision are forgotten.
    kept_from: Revision,
    /// Each with the head at which it was given.
    client_numbers: BTreeMap<ClientId, (u32, Revision)>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    revision: Revision,
    fingerprint: u64,
}

impl Log {
    pub(crate) fn head(&self) -> Revision {
        self.entries.len() as Revision
    }

    /// Appends at `head`. False if that is not the head.
    pub(crate) fn append(&mut self, head: Revision, run: Entries) -> bool {
        let fits = head == self.head();
        if fits {
            for (entry, fingerprint) in run {
                let revision = entry.revision;
                let known = Known {
                    revision,
                    fingerprint,
                };
                self.known.insert(entry.id.clone(), known);
                self.entries.push(entry);
            }
        }
        fits
    }

    /// Everything after a revision, forgotten or not.
    pub(crate) fn after(&self, since: Revision) -> &[LogEntry] {
        let skip = usize::try_from(since).unwrap_or(usize::MAX);
        self.entries.get(skip..).unwrap_or_default()
    }

    /// What storage still has after a revision; nothing if the next one is forgotten.
    pub(crate) fn read(&self, since: Revision, limit: usize) -> Vec<LogEntry> {
        if since < self.kept_from {
            return Vec::new();
        }
        self.after(since).iter().take(limit).cloned().collect()
    }

    pub(crate) fn find(&self, ids: &[OperationId]) -> Vec<KnownOperation> {
        let known = ids.iter().filter_map(|id| Some((id, self.known.get(id)?)));
        known
            .map(|(id, known)| KnownOperation {
                id: id.clone(),
                revision: known.revision,
                fingerprint: known.fingerprint,
            })
            .collect()
    }

    pub(crate) fn revision_of(&self, id: &OperationId) -> Option<Revision> {
        self.known.get(id).map(|known| known.revision)
    }

    /// The newest snapshot.
    pub(crate) fn snapshot(&self) -> (Revision, Document) {
        let newest = self.snapshots.last_key_value();
        newest.map_or((0, Document::new()), |(at, document)| {
            (*at, document.clone())
        })
    }

    pub(crate) fn client_number(&mut self, client: &ClientId) -> u32 {
        let next = self.client_numbers.len() as u32 + 1;
        let given = (next, self.head());
        self.client_numbers.entry(client.clone()).or_insert(given).0
    }

    pub(crate) fn last_sequence(&self, client: &ClientId) -> u64 {
        let id = |sequence| OperationId {
            client: client.clone(),
            sequence,
        };
        let last = self.known.range(id(0)..=id(u64::MAX)).next_back();
        last.map_or(0, |(id, _)| id.sequence)
    }

    /// Stores a snapshot at the head and forgets the entries up to `upto`. Operation ids stay.
    pub(crate) fn compact(&mut self, upto: Revision) {
        let (at, mut document) = self.snapshot();
        for entry in self.after(at) {
            document.apply(&entry.components);
        }
        self.snapshots.insert(self.head(), document);
        self.kept_from = self.kept_from.max(upto.min(self.head()));
    }

    /// Goes back to a backup. Gives the operations that are gone.
    pub(crate) fn rewind(&mut self, to: Revision) -> Vec<OperationId> {
        let gone = self
            .entries
            .split_off(usize::try_from(to).unwrap_or(usize::MAX));
        self.known.retain(|_, known| known.revision <= to);
        self.snapshots.retain(|at, _| *at <= to);
        self.client_numbers.retain(|_, (_, at)| *at <= to);
        // The backup is from before some of the log was forgotten.
        self.kept_from = self.kept_from.min(self.snapshot().0);
        gone.into_iter().map(|entry| entry.id).collect()
    }

    /// The document at a revision, by applying the log from its beginning.
    pub(crate) fn replay(&self, upto: Revision) -> Document {
        let mut document = Document::new();
        let count = usize::try_from(upto).unwrap_or(usize::MAX);
        for entry in self.entries.iter().take(count) {
            document.apply(&entry.components);
        }
        document
    }

    /// Each entry as JSON.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |entry| serde_json::to_string(entry).expect("an entry is JSON");
        self.entries.iter().map(line).collect()
    }
}
