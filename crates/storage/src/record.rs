//! What goes into storage and comes out, besides entries and snapshots.

use std::collections::BTreeSet;

use coboard_protocol::ot::Document;
use coboard_protocol::{Catalogue, DocumentId, LogEntry, OperationId, Revision, User};

use crate::error::{AppendError, CreateError};

/// A document that begins.
#[derive(Clone, PartialEq, Debug)]
pub struct NewDocument {
    /// Its identifier; one that was ever used, also by a deleted document, is refused.
    pub document: DocumentId,
    /// Who makes it.
    pub created_by: User,
    /// When, by the clock of the server, in milliseconds since 1970.
    pub at_ms: u64,
    /// The first entry of its log, at revision 1.
    pub entry: LogEntry,
    /// Fingerprint of that entry's operation as it was submitted.
    pub fingerprint: u64,
    /// The document at revision 1; stored as its first snapshot.
    pub content: Document,
    /// What lists show of it.
    pub catalogue: Catalogue,
}

impl NewDocument {
    /// Checks what needs no database. Every backend calls it first.
    ///
    /// # Errors
    /// [`CreateError::NotFirst`].
    pub fn check(&self) -> Result<(), CreateError> {
        match self.entry.revision {
            1 => Ok(()),
            revision => Err(CreateError::NotFirst { revision }),
        }
    }
}

/// Entries of one document to be appended to its log, all or none.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Which document.
    pub document: DocumentId,
    /// The head revision these entries follow.
    pub head: Revision,
    /// Contiguous, the first at `head + 1`.
    pub entries: Vec<LogEntry>,
    /// Fingerprint of the payload as submitted, one per entry: tells a resend from another operation
    /// under the same id.
    pub fingerprints: Vec<u64>,
    /// What lists show from now on; absent if nothing of it changed.
    pub catalogue: Option<Catalogue>,
}

impl Run {
    /// Checks what needs no database: one fingerprint per entry, revisions without a gap, no operation
    /// twice. Every backend calls it first.
    ///
    /// # Errors
    /// [`AppendError::Uneven`], [`AppendError::Gap`] or [`AppendError::Repeated`].
    pub fn check(&self) -> Result<(), AppendError> {
        if self.entries.len() != self.fingerprints.len() {
            return Err(AppendError::Uneven {
                entries: self.entries.len(),
                fingerprints: self.fingerprints.len(),
            });
        }
        let mut ids = BTreeSet::new();
        for (expected, entry) in (self.head.saturating_add(1)..).zip(&self.entries) {
            let found = entry.revision;
            if found != expected {
                return Err(AppendError::Gap { expected, found });
            }
            if !ids.insert(&entry.id) {
                let id = entry.id.clone();
                return Err(AppendError::Repeated { id });
            }
        }
        Ok(())
    }
}

/// An operation found in the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its identity.
    pub id: OperationId,
    /// Where it stands.
    pub revision: Revision,
    /// Fingerprint of its payload as it was submitted.
    pub fingerprint: u64,
}

impl Found {
    /// The answer to a run that holds an operation with this id.
    pub fn refuse(&self, fingerprint: u64) -> AppendError {
        let id = self.id.clone();
        if self.fingerprint == fingerprint {
            let revision = self.revision;
            AppendError::OperationKnown { id, revision }
        } else {
            AppendError::OperationConflict { id }
        }
    }
}

/// What a client is to a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assigned {
    /// Its number, from 1 on; never given to another client of this document.
    pub client_number: u32,
    /// Highest sequence among its committed operations; 0 if there is none.
    pub last_sequence: u64,
}

/// Which dashboards to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DashboardQuery {
    /// Words that must all occur in title, folder or tags, whatever their case; absent or blank finds all.
    pub search: Option<String>,
    /// Most rows to answer.
    pub limit: usize,
}

/// One dashboard as lists show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DashboardRow {
    /// Which document.
    pub document: DocumentId,
    /// What it says of itself.
    pub catalogue: Catalogue,
    /// Its head revision.
    pub revision: Revision,
    /// When it was made, in milliseconds since 1970.
    pub created_at_ms: u64,
    /// Who made it.
    pub created_by: User,
    /// When it last changed, in milliseconds since 1970.
    pub updated_at_ms: u64,
    /// Who changed it last. The name is the last one told to storage; the id where none was told.
    pub updated_by: User,
}
