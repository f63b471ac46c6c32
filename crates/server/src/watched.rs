//! Storage whose failure is noticed, whoever it was that asked.

use std::sync::Arc;

use async_trait::async_trait;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, LogEntry, OperationId, PathPolicy, Revision, Snapshot, User,
    UserId,
};
use coboard_storage::{
    AppendError, AssignError, Assigned, CreateError, DashboardQuery, DashboardRow, Found,
    NewDocument, Run, SaveSnapshotError, Storage, StorageError,
};

use crate::failure::Failure;

/// A storage whose first `Fatal` is recorded before whoever asked gets it: no caller needs to look
/// for it, and none can overlook it.
pub(crate) struct Watched {
    inner: Arc<dyn Storage>,
    failure: Arc<Failure>,
}

/// An error that may be the end of the process.
trait MayBeFatal: std::error::Error {
    fn is_fatal(&self) -> bool;
}

macro_rules! may_be_fatal {
    ($($name:ident),*) => {$(
        impl MayBeFatal for $name {
            fn is_fatal(&self) -> bool {
                matches!(self, Self::Fatal(_))
            }
        }
    )*};
}

may_be_fatal!(
    StorageError,
    CreateError,
    AppendError,
    AssignError,
    SaveSnapshotError
);

impl Watched {
    pub(crate) fn new(inner: Arc<dyn Storage>, failure: Arc<Failure>) -> Self {
        Self { inner, failure }
    }

    /// Passes an answer on.
    fn seen<T, E: MayBeFatal>(&self, answer: Result<T, E>) -> Result<T, E> {
        answer.inspect_err(|error| {
            if error.is_fatal() {
                self.failure.record(error);
            }
        })
    }
}

#[async_trait]
impl Storage for Watched {
    async fn lineage(&self) -> Result<String, StorageError> {
        self.seen(self.inner.lineage().await)
    }

    async fn create_document(&self, new: NewDocument) -> Result<(), CreateError> {
        self.seen(self.inner.create_document(new).await)
    }

    async fn append(&self, runs: Vec<Run>) -> Vec<Result<(), AppendError>> {
        let answers = self.inner.append(runs).await.into_iter();
        answers.map(|answer| self.seen(answer)).collect()
    }

    async fn head(
        &self,
        documents: &[DocumentId],
    ) -> Result<Vec<(DocumentId, Revision)>, StorageError> {
        self.seen(self.inner.head(documents).await)
    }

    async fn read_since(
        &self,
        document: &DocumentId,
        since: Revision,
        limit: usize,
    ) -> Result<Vec<LogEntry>, StorageError> {
        self.seen(self.inner.read_since(document, since, limit).await)
    }

    async fn find_operations(
        &self,
        document: &DocumentId,
        ids: &[OperationId],
    ) -> Result<Vec<Found>, StorageError> {
        self.seen(self.inner.find_operations(document, ids).await)
    }

    async fn load_snapshot(
        &self,
        document: &DocumentId,
        at_most: Option<Revision>,
    ) -> Result<Option<Snapshot>, StorageError> {
        self.seen(self.inner.load_snapshot(document, at_most).await)
    }

    async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), SaveSnapshotError> {
        self.seen(self.inner.save_snapshot(snapshot).await)
    }

    async fn assign_client(
        &self,
        document: &DocumentId,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Assigned, AssignError> {
        self.seen(self.inner.assign_client(document, client, user).await)
    }

    async fn dashboards(&self, query: DashboardQuery) -> Result<Vec<DashboardRow>, StorageError> {
        self.seen(self.inner.dashboards(query).await)
    }

    async fn dashboard(&self, document: &DocumentId) -> Result<Option<DashboardRow>, StorageError> {
        self.seen(self.inner.dashboard(document).await)
    }

    async fn save_catalogue(
        &self,
        document: &DocumentId,
        catalogue: &Catalogue,
    ) -> Result<(), StorageError> {
        self.seen(self.inner.save_catalogue(document, catalogue).await)
    }

    async fn policies(&self, document: &DocumentId) -> Result<Vec<PathPolicy>, StorageError> {
        self.seen(self.inner.policies(document).await)
    }

    async fn save_policies(
        &self,
        document: &DocumentId,
        policies: &[PathPolicy],
    ) -> Result<bool, StorageError> {
        self.seen(self.inner.save_policies(document, policies).await)
    }

    async fn save_user(&self, user: &User) -> Result<(), StorageError> {
        self.seen(self.inner.save_user(user).await)
    }

    async fn users(&self, users: &[UserId]) -> Result<Vec<User>, StorageError> {
        self.seen(self.inner.users(users).await)
    }

    async fn delete_document(
        &self,
        document: &DocumentId,
        by: &User,
        at_ms: u64,
    ) -> Result<bool, StorageError> {
        self.seen(self.inner.delete_document(document, by, at_ms).await)
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
