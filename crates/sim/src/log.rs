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
    pub(crate) entries: Vec<LogEntry>,
    /// Of each entry's payload as it was submitted.
    fingerprints: Vec<u64>,
    /// By revision. The one at 0 is the empty document.
    pub(crate) snapshots: BTreeMap<Revision, Document>,
    client_numbers: BTreeMap<ClientId, u32>,
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
                self.entries.push(entry);
                self.fingerprints.push(fingerprint);
            }
        }
        fits
    }

    pub(crate) fn since(&self, since: Revision) -> &[LogEntry] {
        let skip = usize::try_from(since).unwrap_or(usize::MAX);
        self.entries.get(skip..).unwrap_or_default()
    }

    pub(crate) fn find(&self, ids: &[OperationId]) -> Vec<KnownOperation> {
        self.entries
            .iter()
            .filter(|entry| ids.contains(&entry.id))
            .map(|entry| KnownOperation {
                id: entry.id.clone(),
                revision: entry.revision,
                fingerprint: self.fingerprints[entry.revision as usize - 1],
            })
            .collect()
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
        *self.client_numbers.entry(client.clone()).or_insert(next)
    }

    pub(crate) fn last_sequence(&self, client: &ClientId) -> u64 {
        self.entries
            .iter()
            .filter(|entry| entry.id.client == *client)
            .map(|entry| entry.id.sequence)
            .max()
            .unwrap_or(0)
    }

    /// Each entry as JSON.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |entry| serde_json::to_string(entry).expect("an entry is JSON");
        self.entries.iter().map(line).collect()
    }

    /// The document at the head, by applying the whole log.
    pub(crate) fn replay(&self) -> Document {
        let mut document = Document::new();
        for entry in &self.entries {
            document.apply(&entry.components);
        }
        document
    }
}
