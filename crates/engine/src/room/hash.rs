//! The hash of the document, for clients to compare theirs with.

use std::collections::BTreeSet;

use coboard_ot::{Document, DocumentHash, ItemId};
use coboard_protocol::LogEntry;

/// The hash at some revision, and what changed since. A beacon brings it up to date, so that a
/// commit costs next to nothing.
#[derive(Debug)]
pub(super) struct Hashed {
    document: Document,
    hash: DocumentHash,
    touched: BTreeSet<ItemId>,
}

impl Hashed {
    pub(super) fn new(document: &Document) -> Self {
        Self {
            document: document.clone(),
            hash: DocumentHash::of(document),
            touched: BTreeSet::new(),
        }
    }

    /// Notes what entries changed.
    pub(super) fn touch(&mut self, entries: &[LogEntry]) {
        let touched = entries.iter().flat_map(|entry| entry.components.touched());
        self.touched.extend(touched);
    }

    /// The hash of `document`, which is the one before with the noted entries on top.
    pub(super) fn hash_of(&mut self, document: &Document) -> DocumentHash {
        let touched = std::mem::take(&mut self.touched);
        self.hash = self.hash.after(&self.document, document, touched);
        self.document = document.clone();
        self.hash
    }
}
