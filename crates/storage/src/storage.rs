//! What every backend can do.

use async_trait::async_trait;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, LogEntry, OperationId, PathPolicy, Revision, Snapshot, User,
    UserId,
};

use crate::error::{AppendError, AssignError, CreateError, SaveSnapshotError, StorageError};
use crate::record::{Assigned, DashboardQuery, DashboardRow, Found, NewDocument, Run};

/// Durable documents: their logs, snapshots, clients and catalogue.
///
/// A method that wrote answers once the write is durable. Each is atomic: after a crash at any moment
/// its effect is there as a whole or not at all. A deleted document is absent to every method, except
/// that its identifier stays taken. After `Fatal` no method writes any more.
#[async_trait]
pub trait Storage: Send + Sync + 'static {
    /// Identity of this database's history. Another one means that revisions cannot be compared.
    async fn lineage(&self) -> Result<String, StorageError>;

    /// Makes a document with its first entry, first snapshot and catalogue.
    async fn create_document(&self, new: NewDocument) -> Result<(), CreateError>;

    /// Appends runs in one transaction; one answer per run, in the same order.
    ///
    /// What is wrong with one run does not fail the others. Runs of one document take effect in order.
    /// The time and author of a run's last entry become those of the dashboard's last change.
    /// Whether an operation is known is asked before whether the head is right.
    async fn append(&self, runs: Vec<Run>) -> Vec<Result<(), AppendError>>;

    /// Head revisions of those documents that are there, in the order asked.
    async fn head(
        &self,
        documents: &[DocumentId],
    ) -> Result<Vec<(DocumentId, Revision)>, StorageError>;

    /// Entries above `since` in order, at most `limit`.
    async fn read_since(
        &self,
        document: &DocumentId,
        since: Revision,
        limit: usize,
    ) -> Result<Vec<LogEntry>, StorageError>;

    /// Those of `ids` that are committed, in the order asked. It remembers for ever.
    async fn find_operations(
        &self,
        document: &DocumentId,
        ids: &[OperationId],
    ) -> Result<Vec<Found>, StorageError>;

    /// The newest snapshot, or the newest at or below `at_most`. `None`: there is none, or no such document.
    async fn load_snapshot(
        &self,
        document: &DocumentId,
        at_most: Option<Revision>,
    ) -> Result<Option<Snapshot>, StorageError>;

    /// Stores a snapshot. One of the same revision is replaced. Its lineage is not looked at.
    async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), SaveSnapshotError>;

    /// The number of `client` in `document`; the first call gives it out and binds the client to `user`.
    async fn assign_client(
        &self,
        document: &DocumentId,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Assigned, AssignError>;

    /// Dashboards, the last changed first; equally old ones by identifier.
    async fn dashboards(&self, query: DashboardQuery) -> Result<Vec<DashboardRow>, StorageError>;

    /// One dashboard.
    async fn dashboard(&self, document: &DocumentId) -> Result<Option<DashboardRow>, StorageError>;

    /// Replaces what lists show of a document, without a change of the document. Nothing happens if it is not there.
    async fn save_catalogue(
        &self,
        document: &DocumentId,
        catalogue: &Catalogue,
    ) -> Result<(), StorageError>;

    /// The policies of a document, in their order; none if it is not there or has none.
    async fn policies(&self, document: &DocumentId) -> Result<Vec<PathPolicy>, StorageError>;

    /// Replaces the policies of a document, without a change of the document. Whether it was there.
    async fn save_policies(
        &self,
        document: &DocumentId,
        policies: &[PathPolicy],
    ) -> Result<bool, StorageError>;

    /// Remembers how a person is called, for [`DashboardRow::updated_by`]. Writes only if it changed.
    async fn save_user(&self, user: &User) -> Result<(), StorageError>;

    /// How these people are called; those of whom no name was told are left out.
    async fn users(&self, users: &[UserId]) -> Result<Vec<User>, StorageError>;

    /// Deletes a document; what it held stays on the disk. Whether it was there.
    async fn delete_document(
        &self,
        document: &DocumentId,
        by: &User,
        at_ms: u64,
    ) -> Result<bool, StorageError>;

    /// Ends all work and lets go of the database. Every later call answers `Unavailable`, or `Fatal` after a failure.
    async fn close(&self);
}
