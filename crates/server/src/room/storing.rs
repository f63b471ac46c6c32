//! What a room asks of storage, as futures that end in something for the driver to do.

use std::time::Duration;

use coboard_engine::room::{AppendFailure, Input, KnownOperation, RequestId};
use coboard_protocol::ot::Document;
use coboard_protocol::{DocumentId, ErrorBody, OperationId, Revision, Snapshot};
use coboard_storage::{AppendError, Assigned, Run, SaveSnapshotError, StorageError};

use super::inbox::JoinRequest;
use crate::app::App;
use crate::error::{not_found, of_assign, of_storage, unavailable};

/// Pauses between attempts to store a snapshot. A snapshot is only a shortcut, so it is not urgent.
const SNAPSHOT_PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(25),
];
/// Pauses between attempts to read what an answer needs.
const READ_PAUSES: [Duration; 3] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_secs(1),
];

/// What became of a request to storage.
pub(super) enum Done {
    /// Tell the room.
    Input(Box<Input>),
    /// The run is appended, or it is not and nothing else has changed.
    Appended(Result<(), AppendFailure>),
    /// The room is no longer what storage has: answer, end all sessions, load again.
    Broken(AppendFailure, ErrorBody),
    /// Storage does not give what an answer needs: end all sessions, load again.
    Unreadable(ErrorBody),
    /// Nothing is left to do.
    Nothing,
}

/// A join with what storage knows of the client.
pub(super) struct Prepared {
    pub(super) join: Box<JoinRequest>,
    pub(super) known: Result<(Assigned, Vec<KnownOperation>), ErrorBody>,
}

/// Appends a run, together with those of other rooms.
pub(super) async fn append(app: App, run: Run) -> Done {
    let document = run.document.clone();
    match app.commits.append(run).await {
        Ok(()) => Done::Appended(Ok(())),
        Err(AppendError::Full) => Done::Appended(Err(AppendFailure::Full)),
        Err(error @ AppendError::Unavailable(_)) => {
            tracing::warn!(%error, %document, "an append failed");
            Done::Appended(Err(AppendFailure::Unavailable))
        }
        Err(error @ AppendError::Fatal(_)) => {
            app.fail(&error);
            // Nobody may be told anything now; the process is about to end.
            std::future::pending().await
        }
        Err(AppendError::Deleted) => Done::Broken(AppendFailure::Unavailable, not_found()),
        Err(error) => {
            tracing::error!(%error, %document, "the room and the log disagree; it is loaded again");
            Done::Broken(AppendFailure::RevisionTaken, unavailable())
        }
    }
}

/// Reads entries for a request.
pub(super) async fn read_log(
    app: App,
    document: DocumentId,
    request: RequestId,
    since: Revision,
    limit: usize,
) -> Done {
    let read = || app.storage.read_since(&document, since, limit);
    match patiently(read).await {
        Ok(entries) => Done::Input(Box::new(Input::LogRead { request, entries })),
        Err(error) => Done::Unreadable(error),
    }
}

/// Looks operations up for a request.
pub(super) async fn find(
    app: App,
    document: DocumentId,
    request: RequestId,
    ids: Vec<OperationId>,
) -> Done {
    let find = || app.storage.find_operations(&document, &ids);
    match patiently(find).await {
        Ok(found) => {
            let known = found.into_iter().map(known).collect();
            Done::Input(Box::new(Input::Found { request, known }))
        }
        Err(error) => Done::Unreadable(error),
    }
}

/// Stores a snapshot. If that does not work the log on top of the older one only gets longer.
pub(super) async fn save_snapshot(
    app: App,
    document_id: DocumentId,
    revision: Revision,
    document: Document,
) -> Done {
    let snapshot = Snapshot {
        lineage: app.lineage.clone(),
        document: document_id,
        revision,
        content: document,
    };
    let mut pauses = SNAPSHOT_PAUSES.iter();
    loop {
        match app.storage.save_snapshot(&snapshot).await {
            Ok(()) => return Done::Input(Box::new(Input::SnapshotSaved { revision })),
            Err(SaveSnapshotError::Deleted) => return Done::Nothing,
            Err(error) => {
                tracing::warn!(%error, document = %snapshot.document, "a snapshot was not stored");
            }
        }
        match pauses.next() {
            Some(pause) if !app.stop.is_cancelled() => tokio::time::sleep(*pause).await,
            Some(_) | None => return Done::Input(Box::new(Input::SnapshotFailed)),
        }
    }
}

/// Asks storage what a joining client is.
pub(super) async fn prepare(app: App, document: DocumentId, join: Box<JoinRequest>) -> Prepared {
    let known = who_is(&app, &document, &join).await;
    Prepared { join, known }
}

async fn who_is(
    app: &App,
    document: &DocumentId,
    join: &JoinRequest,
) -> Result<(Assigned, Vec<KnownOperation>), ErrorBody> {
    let user = join.connection.user();
    app.storage
        .save_user(user)
        .await
        .map_err(|error| of_storage(&error))?;
    let assigned = app
        .storage
        .assign_client(document, &join.client, &user.id)
        .await;
    let assigned = assigned.map_err(|error| of_assign(&error))?;
    let found = if join.inflight.is_empty() {
        Vec::new()
    } else {
        let find = || app.storage.find_operations(document, &join.inflight);
        patiently(find).await?
    };
    Ok((assigned, found.into_iter().map(known).collect()))
}

fn known(found: coboard_storage::Found) -> KnownOperation {
    KnownOperation {
        id: found.id,
        revision: found.revision,
        fingerprint: found.fingerprint,
    }
}

/// Reads, and tries again for a moment while storage does not answer.
async fn patiently<T, F: Future<Output = Result<T, StorageError>>>(
    read: impl Fn() -> F,
) -> Result<T, ErrorBody> {
    let mut pauses = READ_PAUSES.iter();
    loop {
        let error = match read().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        match pauses.next() {
            Some(pause) => tokio::time::sleep(*pause).await,
            None => {
                tracing::warn!(%error, "storage does not answer");
                return Err(of_storage(&error));
            }
        }
    }
}
