//! Opening a room: the newest snapshot and the log on top of it. It works, or there is no room.

use coboard_engine::room::{Room, RoomState};
use coboard_protocol::limits::ROOM_TAIL_MAX;
use coboard_protocol::{DocumentId, LogEntry, Revision};
use coboard_storage::StorageError;

use crate::app::App;

/// Entries per read while loading.
const PAGE: usize = 1_000;

/// Why a room could not be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    /// There is no such document, or it is deleted.
    #[error("there is no such document")]
    NotFound,
    /// The log has a hole.
    #[error("the log has no entry at revision {0}")]
    Hole(Revision),
    /// Storage did not answer.
    #[error("storage did not answer")]
    Storage(#[from] StorageError),
}

/// Reads a document and opens its room.
pub(super) async fn load(app: &App, document_id: &DocumentId) -> Result<Room, LoadError> {
    let snapshot = app.storage.load_snapshot(document_id, None).await?;
    let snapshot = snapshot.ok_or(LoadError::NotFound)?;
    let policies = app.storage.policies(document_id).await?;
    let mut document = snapshot.content;
    let mut revision = snapshot.revision;
    let mut tail: Vec<LogEntry> = Vec::new();
    loop {
        let entries = app.storage.read_since(document_id, revision, PAGE).await?;
        let last_page = entries.len() < PAGE;
        for entry in entries {
            if entry.revision != revision + 1 {
                return Err(LoadError::Hole(revision + 1));
            }
            document.apply(&entry.components);
            revision = entry.revision;
            tail.push(entry);
        }
        if tail.len() > ROOM_TAIL_MAX {
            tail.drain(..tail.len() - ROOM_TAIL_MAX);
        }
        if last_page {
            break;
        }
    }
    Ok(Room::open(RoomState {
        document_id: document_id.clone(),
        lineage: app.lineage.clone(),
        document,
        revision,
        tail,
        snapshot: snapshot.revision,
        policies,
    }))
}
