//! Storage in memory: for tests, simulation and trying things out. Nothing outlives the process.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, LogEntry, OperationId, PathPolicy, Revision, Snapshot, User,
    UserId,
};

use crate::error::{AppendError, AssignError, CreateError, SaveSnapshotError, StorageError};
use crate::record::{Assigned, DashboardQuery, DashboardRow, Found, NewDocument, Run};
use crate::search::{search_text, search_words};
use crate::storage::Storage;

mod document;

use document::DocumentState;

/// A [`Storage`] in memory. Its methods never wait, so it works without a runtime.
#[derive(Debug)]
pub struct MemoryStorage {
    state: Arc<Mutex<State>>,
    closed: AtomicBool,
}

#[derive(Debug)]
struct State {
    lineage: String,
    documents: BTreeMap<DocumentId, DocumentState>,
    names: BTreeMap<UserId, String>,
}

/// The storage was closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the storage is closed")]
pub struct Closed;

impl MemoryStorage {
    /// An empty storage of this lineage.
    pub fn new(lineage: impl Into<String>) -> Self {
        let state = State {
            lineage: lineage.into(),
            documents: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            closed: AtomicBool::new(false),
        }
    }

    /// Another opening of the same content, as after a restart.
    #[must_use]
    pub fn reopen(&self) -> Self {
        Self {
            state: self.state.clone(),
            closed: AtomicBool::new(false),
        }
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StorageError> {
        if self.closed.load(Ordering::Acquire) {
            return Err(StorageError::Unavailable(Arc::new(Closed)));
        }
        Ok(self
            .state
            .lock()
            .expect("no method panics while it holds the lock"))
    }
}

impl State {
    /// A document that is not deleted.
    fn document(&self, id: &DocumentId) -> Option<&DocumentState> {
        self.documents.get(id).filter(|document| !document.deleted)
    }

    /// The same, to be changed.
    fn document_mut(&mut self, id: &DocumentId) -> Option<&mut DocumentState> {
        self.documents
            .get_mut(id)
            .filter(|document| !document.deleted)
    }

    fn remember(&mut self, user: &User) {
        self.names.insert(user.id.clone(), user.name.clone());
    }

    fn user(&self, id: &UserId) -> User {
        let name = self.names.get(id).cloned();
        User {
            id: id.clone(),
            name: name.unwrap_or_else(|| id.to_string()),
        }
    }

    fn row(&self, id: &DocumentId, document: &DocumentState) -> DashboardRow {
        DashboardRow {
            document: id.clone(),
            catalogue: document.catalogue.clone(),
            revision: document.head(),
            created_at_ms: document.created_at_ms,
            created_by: self.user(&document.created_by),
            updated_at_ms: document.updated_at_ms,
            updated_by: self.user(&document.updated_by),
        }
    }
}

#[async_trait]
impl Storage for MemoryStorage {
    async fn lineage(&self) -> Result<String, StorageError> {
        Ok(self.state()?.lineage.clone())
    }

    async fn create_document(&self, new: NewDocument) -> Result<(), CreateError> {
        new.check()?;
        let mut state = self.state()?;
        match state.documents.entry(new.document.clone()) {
            Entry::Occupied(_) => return Err(CreateError::Exists),
            Entry::Vacant(place) => place.insert(DocumentState::new(&new)),
        };
        state.remember(&new.created_by);
        Ok(())
    }

    async fn append(&self, runs: Vec<Run>) -> Vec<Result<(), AppendError>> {
        let mut state = match self.state() {
            Ok(state) => state,
            Err(error) => return runs.iter().map(|_| Err(error.clone().into())).collect(),
        };
        let mut append = |run: Run| {
            run.check()?;
            let document = state.document_mut(&run.document);
            document.ok_or(AppendError::Deleted)?.append(run)
        };
        runs.into_iter().map(&mut append).collect()
    }

    async fn head(
        &self,
        documents: &[DocumentId],
    ) -> Result<Vec<(DocumentId, Revision)>, StorageError> {
        let state = self.state()?;
        let head = |id: &DocumentId| Some((id.clone(), state.document(id)?.head()));
        Ok(documents.iter().filter_map(head).collect())
    }

    async fn read_since(
        &self,
        document: &DocumentId,
        since: Revision,
        limit: usize,
    ) -> Result<Vec<LogEntry>, StorageError> {
        let state = self.state()?;
        let document = state.document(document);
        Ok(document.map_or_else(Vec::new, |document| document.since(since, limit)))
    }

    async fn find_operations(
        &self,
        document: &DocumentId,
        ids: &[OperationId],
    ) -> Result<Vec<Found>, StorageError> {
        let state = self.state()?;
        let document = state.document(document);
        let found = |id: &OperationId| document?.find(id);
        Ok(ids.iter().filter_map(found).collect())
    }

    async fn load_snapshot(
        &self,
        document: &DocumentId,
        at_most: Option<Revision>,
    ) -> Result<Option<Snapshot>, StorageError> {
        let state = self.state()?;
        let found = state
            .document(document)
            .and_then(|document| document.snapshot(at_most.unwrap_or(Revision::MAX)));
        Ok(found.map(|(revision, content)| Snapshot {
            lineage: state.lineage.clone(),
            document: document.clone(),
            revision,
            content,
        }))
    }

    async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), SaveSnapshotError> {
        let mut state = self.state()?;
        let document = state.document_mut(&snapshot.document);
        document
            .ok_or(SaveSnapshotError::Deleted)?
            .save_snapshot(snapshot)
    }

    async fn assign_client(
        &self,
        document: &DocumentId,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Assigned, AssignError> {
        let mut state = self.state()?;
        let document = state.document_mut(document);
        document.ok_or(AssignError::Deleted)?.assign(client, user)
    }

    async fn dashboards(&self, query: DashboardQuery) -> Result<Vec<DashboardRow>, StorageError> {
        let state = self.state()?;
        let words = search_words(query.search.as_deref());
        let matches = |row: &DashboardRow| {
            let text = search_text(&row.catalogue);
            words.iter().all(|word| text.contains(word))
        };
        let mut rows: Vec<_> = state
            .documents
            .iter()
            .filter(|(_, document)| !document.deleted)
            .map(|(id, document)| state.row(id, document))
            .filter(matches)
            .collect();
        // Stable: equally old ones stay in the order of their identifiers.
        rows.sort_by_key(|row| std::cmp::Reverse(row.updated_at_ms));
        rows.truncate(query.limit);
        Ok(rows)
    }

    async fn dashboard(&self, document: &DocumentId) -> Result<Option<DashboardRow>, StorageError> {
        let state = self.state()?;
        let found = state.document(document);
        Ok(found.map(|found| state.row(document, found)))
    }

    async fn save_catalogue(
        &self,
        document: &DocumentId,
        catalogue: &Catalogue,
    ) -> Result<(), StorageError> {
        if let Some(document) = self.state()?.document_mut(document) {
            document.catalogue = catalogue.clone();
        }
        Ok(())
    }

    async fn policies(&self, document: &DocumentId) -> Result<Vec<PathPolicy>, StorageError> {
        let state = self.state()?;
        let document = state.document(document);
        Ok(document.map_or_else(Vec::new, |document| document.policies.clone()))
    }

    async fn save_policies(
        &self,
        document: &DocumentId,
        policies: &[PathPolicy],
    ) -> Result<bool, StorageError> {
        let mut state = self.state()?;
        let Some(document) = state.document_mut(document) else {
            return Ok(false);
        };
        document.policies = policies.to_vec();
        Ok(true)
    }

    async fn save_user(&self, user: &User) -> Result<(), StorageError> {
        self.state()?.remember(user);
        Ok(())
    }

    async fn users(&self, users: &[UserId]) -> Result<Vec<User>, StorageError> {
        let state = self.state()?;
        let known = users.iter().filter(|id| state.names.contains_key(*id));
        Ok(known.map(|id| state.user(id)).collect())
    }

    async fn delete_document(
        &self,
        document: &DocumentId,
        by: &User,
        at_ms: u64,
    ) -> Result<bool, StorageError> {
        let mut state = self.state()?;
        let Some(document) = state.document_mut(document) else {
            return Ok(false);
        };
        document.delete(by, at_ms);
        state.remember(by);
        Ok(true)
    }

    async fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contract::Place;

    struct InMemory(MemoryStorage);

    #[async_trait]
    impl Place for InMemory {
        async fn open(&self) -> Arc<dyn Storage> {
            Arc::new(self.0.reopen())
        }
    }

    crate::contract_suite!(InMemory(MemoryStorage::new("lineage")));
}
