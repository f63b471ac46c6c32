//! The [`Storage`] that puts writer and readers together.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use coboard_protocol::ot::Document;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, LogEntry, OperationId, PathPolicy, Revision, Snapshot, User,
    UserId,
};
use coboard_storage::{
    AppendError, AssignError, Assigned, CreateError, DashboardQuery, DashboardRow, Found,
    NewDocument, Run, SaveSnapshotError, Storage, StorageError,
};

use crate::connection::open_writer;
use crate::error::{Failure, OpenError, ThreadLost};
use crate::lock::Lock;
use crate::readers::Readers;
use crate::rows::encode_content;
use crate::writer::Writer;
use crate::writing::Content;
use crate::{reading, schema, writing};

/// Documents in one SQLite database.
///
/// Dropped without [`close`](Storage::close) it waits for the writes under way; nothing is lost either way.
#[derive(Debug)]
pub struct SqliteStorage {
    lineage: String,
    readers: Readers,
    writer: Writer,
    failure: Failure,
}

impl SqliteStorage {
    /// Opens the database at `path`, makes it and its directory if they are not there, and brings it to the
    /// schema of this program. Blocks for as long as that takes.
    ///
    /// Beside the database stands a lock file, so that no second process opens it.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        create_directory(path)?;
        let lock = Lock::take(path)?;
        let connection = open_writer(path)?;
        let lineage = schema::prepare(&connection, path)?;
        let failure = Failure::default();
        Ok(Self {
            lineage,
            readers: Readers::open(path, failure.clone())?,
            writer: Writer::start(connection, lock, failure.clone())?,
            failure,
        })
    }

    /// Compresses a document where that may take its time.
    async fn compressed(
        &self,
        document: DocumentId,
        revision: Revision,
        content: Document,
    ) -> Result<Content, StorageError> {
        let compressing = tokio::task::spawn_blocking(move || encode_content(&content));
        match compressing.await {
            Ok(bytes) => Ok(Content {
                document,
                revision,
                bytes,
            }),
            Err(_) => Err(self.failure.fatal(Arc::new(ThreadLost))),
        }
    }
}

/// Makes the directory of `path`, durably.
fn create_directory(path: &Path) -> Result<(), OpenError> {
    let Some(directory) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    else {
        return Ok(());
    };
    if directory.is_dir() {
        return Ok(());
    }
    let create = |source| OpenError::Create {
        path: directory.to_owned(),
        source,
    };
    fs::create_dir_all(directory).map_err(create)?;
    let above = directory
        .parent()
        .filter(|above| !above.as_os_str().is_empty());
    let above = above.unwrap_or(Path::new("."));
    File::open(above)
        .and_then(|above| above.sync_all())
        .map_err(create)
}

#[async_trait]
impl Storage for SqliteStorage {
    async fn lineage(&self) -> Result<String, StorageError> {
        Ok(self.lineage.clone())
    }

    async fn create_document(&self, new: NewDocument) -> Result<(), CreateError> {
        new.check()?;
        let (document, content) = (new.document.clone(), new.content.clone());
        let content = self
            .compressed(document, new.entry.revision, content)
            .await?;
        self.writer
            .write(move |connection| writing::create_document(connection, &new, &content))
            .await?
    }

    async fn append(&self, runs: Vec<Run>) -> Vec<Result<(), AppendError>> {
        let count = runs.len();
        let written = self
            .writer
            .write(move |connection| writing::append(connection, &runs))
            .await;
        // Without a commit no run was appended.
        written.unwrap_or_else(|error| (0..count).map(|_| Err(error.clone().into())).collect())
    }

    async fn head(
        &self,
        documents: &[DocumentId],
    ) -> Result<Vec<(DocumentId, Revision)>, StorageError> {
        let documents = documents.to_vec();
        self.readers
            .read(move |connection| {
                let mut heads = Vec::with_capacity(documents.len());
                for document in documents {
                    if let Some(revision) = reading::head(connection, &document)? {
                        heads.push((document, revision));
                    }
                }
                Ok(heads)
            })
            .await
    }

    async fn read_since(
        &self,
        document: &DocumentId,
        since: Revision,
        limit: usize,
    ) -> Result<Vec<LogEntry>, StorageError> {
        let document = document.clone();
        self.readers
            .read(move |connection| reading::read_since(connection, &document, since, limit))
            .await
    }

    async fn find_operations(
        &self,
        document: &DocumentId,
        ids: &[OperationId],
    ) -> Result<Vec<Found>, StorageError> {
        let (document, ids) = (document.clone(), ids.to_vec());
        self.readers
            .read(move |connection| Ok(reading::find_operations(connection, &document, &ids)?))
            .await
    }

    async fn load_snapshot(
        &self,
        document: &DocumentId,
        at_most: Option<Revision>,
    ) -> Result<Option<Snapshot>, StorageError> {
        let (id, at_most) = (document.clone(), at_most.unwrap_or(Revision::MAX));
        let found = self
            .readers
            .read(move |connection| reading::load_snapshot(connection, &id, at_most))
            .await?;
        Ok(found.map(|(revision, content)| Snapshot {
            lineage: self.lineage.clone(),
            document: document.clone(),
            revision,
            content,
        }))
    }

    async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), SaveSnapshotError> {
        let (document, content) = (snapshot.document.clone(), snapshot.content.clone());
        let content = self
            .compressed(document, snapshot.revision, content)
            .await?;
        self.writer
            .write(move |connection| writing::save_snapshot(connection, &content))
            .await?
    }

    async fn assign_client(
        &self,
        document: &DocumentId,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Assigned, AssignError> {
        let key = (document.clone(), client.clone(), user.clone());
        let (document, id, user) = key.clone();
        let known = self
            .readers
            .read(move |connection| Ok(reading::client(connection, &document, &id, &user)?))
            .await?;
        if let Some(answer) = known {
            return answer;
        }
        let (document, id, user) = key;
        self.writer
            .write(move |connection| writing::assign_client(connection, &document, &id, &user))
            .await?
    }

    async fn dashboards(&self, query: DashboardQuery) -> Result<Vec<DashboardRow>, StorageError> {
        self.readers
            .read(move |connection| Ok(reading::dashboards(connection, &query)?))
            .await
    }

    async fn dashboard(&self, document: &DocumentId) -> Result<Option<DashboardRow>, StorageError> {
        let document = document.clone();
        self.readers
            .read(move |connection| Ok(reading::dashboard(connection, &document)?))
            .await
    }

    async fn save_catalogue(
        &self,
        document: &DocumentId,
        catalogue: &Catalogue,
    ) -> Result<(), StorageError> {
        let (document, catalogue) = (document.clone(), catalogue.clone());
        self.writer
            .write(move |connection| writing::save_catalogue(connection, &document, &catalogue))
            .await
    }

    async fn policies(&self, document: &DocumentId) -> Result<Vec<PathPolicy>, StorageError> {
        let document = document.clone();
        self.readers
            .read(move |connection| Ok(reading::policies(connection, &document)?))
            .await
    }

    async fn save_policies(
        &self,
        document: &DocumentId,
        policies: &[PathPolicy],
    ) -> Result<bool, StorageError> {
        let (document, policies) = (document.clone(), policies.to_vec());
        self.writer
            .write(move |connection| writing::save_policies(connection, &document, &policies))
            .await
    }

    async fn save_user(&self, user: &User) -> Result<(), StorageError> {
        let id = user.id.clone();
        let known = self
            .readers
            .read(move |connection| Ok(reading::user_name(connection, &id)?))
            .await?;
        if known.as_ref() == Some(&user.name) {
            return Ok(());
        }
        let user = user.clone();
        self.writer
            .write(move |connection| writing::save_user(connection, &user))
            .await
    }

    async fn users(&self, users: &[UserId]) -> Result<Vec<User>, StorageError> {
        let users = users.to_vec();
        self.readers
            .read(move |connection| {
                let mut known = Vec::new();
                for id in users {
                    if let Some(name) = reading::user_name(connection, &id)? {
                        known.push(User { id, name });
                    }
                }
                Ok(known)
            })
            .await
    }

    async fn delete_document(
        &self,
        document: &DocumentId,
        by: &User,
        at_ms: u64,
    ) -> Result<bool, StorageError> {
        let (document, by) = (document.clone(), by.clone());
        self.writer
            .write(move |connection| writing::delete_document(connection, &document, &by, at_ms))
            .await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
