//! One document in memory.

use std::collections::BTreeMap;

use coboard_protocol::ot::{CLIENT_NUMBER_MAX, Document};
use coboard_protocol::{
    Catalogue, ClientId, LogEntry, OperationId, PathPolicy, Revision, Snapshot, User, UserId,
};

use crate::error::{AppendError, AssignError, SaveSnapshotError};
use crate::record::{Assigned, Found, NewDocument, Run};

/// Everything known of one document.
#[derive(Debug)]
pub(super) struct DocumentState {
    pub(super) created_at_ms: u64,
    pub(super) created_by: UserId,
    pub(super) updated_at_ms: u64,
    pub(super) updated_by: UserId,
    pub(super) catalogue: Catalogue,
    pub(super) policies: Vec<PathPolicy>,
    /// Kept after deletion: its identifier and its operations stay known.
    pub(super) deleted: bool,
    /// Contiguous from revision 1 on.
    log: Vec<LogEntry>,
    operations: BTreeMap<OperationId, Found>,
    snapshots: BTreeMap<Revision, Document>,
    clients: BTreeMap<ClientId, (u32, UserId)>,
}

impl DocumentState {
    pub(super) fn new(new: &NewDocument) -> Self {
        let mut document = Self {
            created_at_ms: new.at_ms,
            created_by: new.created_by.id.clone(),
            updated_at_ms: new.at_ms,
            updated_by: new.created_by.id.clone(),
            catalogue: new.catalogue.clone(),
            policies: Vec::new(),
            deleted: false,
            log: Vec::new(),
            operations: BTreeMap::new(),
            snapshots: BTreeMap::from([(new.entry.revision, new.content.clone())]),
            clients: BTreeMap::new(),
        };
        document.push(new.entry.clone(), new.fingerprint);
        document
    }

    pub(super) fn head(&self) -> Revision {
        self.log.len() as Revision
    }

    pub(super) fn append(&mut self, run: Run) -> Result<(), AppendError> {
        for (entry, fingerprint) in run.entries.iter().zip(&run.fingerprints) {
            if let Some(found) = self.operations.get(&entry.id) {
                return Err(found.refuse(*fingerprint));
            }
        }
        let head = self.head();
        if head != run.head {
            return Err(AppendError::RevisionTaken { head });
        }
        if let Some(last) = run.entries.last() {
            self.updated_at_ms = last.server_time_ms;
            self.updated_by = last.author.clone();
        }
        for (entry, fingerprint) in run.entries.into_iter().zip(run.fingerprints) {
            self.push(entry, fingerprint);
        }
        if let Some(catalogue) = run.catalogue {
            self.catalogue = catalogue;
        }
        Ok(())
    }

    fn push(&mut self, entry: LogEntry, fingerprint: u64) {
        let found = Found {
            id: entry.id.clone(),
            revision: entry.revision,
            fingerprint,
        };
        self.operations.insert(entry.id.clone(), found);
        self.log.push(entry);
    }

    pub(super) fn since(&self, since: Revision, limit: usize) -> Vec<LogEntry> {
        let skip = usize::try_from(since).unwrap_or(usize::MAX);
        self.log.iter().skip(skip).take(limit).cloned().collect()
    }

    pub(super) fn find(&self, id: &OperationId) -> Option<Found> {
        self.operations.get(id).cloned()
    }

    pub(super) fn snapshot(&self, at_most: Revision) -> Option<(Revision, Document)> {
        let (revision, content) = self.snapshots.range(..=at_most).next_back()?;
        Some((*revision, content.clone()))
    }

    pub(super) fn save_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), SaveSnapshotError> {
        let head = self.head();
        if snapshot.revision > head {
            return Err(SaveSnapshotError::Ahead { head });
        }
        self.snapshots
            .insert(snapshot.revision, snapshot.content.clone());
        Ok(())
    }

    pub(super) fn assign(
        &mut self,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Assigned, AssignError> {
        let client_number = match self.clients.get(client) {
            Some((_, bound)) if bound != user => return Err(AssignError::OtherUser),
            Some((number, _)) => *number,
            None => {
                let given = u32::try_from(self.clients.len()).unwrap_or(CLIENT_NUMBER_MAX);
                let number = given.checked_add(1).ok_or(AssignError::Exhausted)?;
                self.clients.insert(client.clone(), (number, user.clone()));
                number
            }
        };
        let id = |sequence| OperationId {
            client: client.clone(),
            sequence,
        };
        let last = self.operations.range(id(0)..=id(u64::MAX)).next_back();
        Ok(Assigned {
            client_number,
            last_sequence: last.map_or(0, |(id, _)| id.sequence),
        })
    }

    pub(super) fn delete(&mut self, by: &User, at_ms: u64) {
        self.deleted = true;
        self.updated_at_ms = at_ms;
        self.updated_by = by.id.clone();
    }
}
