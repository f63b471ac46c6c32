//! What a document was: its state at a revision, and the entries since one.

use coboard_protocol::ot::Document;
use coboard_protocol::{DocumentId, ErrorBody, ErrorCode, LogEntry, Revision};

use crate::app::App;
use crate::error::{HttpError, not_found, of_storage};

/// Entries per read.
const PAGE: usize = 1_000;

/// The document at exactly this revision: the newest snapshot below it, and what follows.
///
/// Cost: as many entries as are between two snapshots, some hundreds.
pub(super) async fn document_at(
    app: &App,
    document: &DocumentId,
    revision: Revision,
) -> Result<Document, HttpError> {
    let stored = app.storage.load_snapshot(document, Some(revision)).await;
    let stored = stored.map_err(|error| of_storage(&error))?;
    // Without a snapshot below it, it begins with nothing.
    let (mut content, from) = match stored {
        Some(stored) => (stored.content, stored.revision),
        None => (Document::new(), 0),
    };
    for_each_entry(app, document, from, revision, |entry| {
        content.apply(&entry.components);
    })
    .await?;
    Ok(content)
}

/// Goes through the entries after `since` up to `upto`, in order.
pub(super) async fn for_each_entry(
    app: &App,
    document: &DocumentId,
    since: Revision,
    upto: Revision,
    mut each: impl FnMut(&LogEntry),
) -> Result<(), HttpError> {
    let mut at = since;
    while at < upto {
        let entries = app.storage.read_since(document, at, PAGE).await;
        let entries = entries.map_err(|error| of_storage(&error))?;
        let before = at;
        for entry in entries.iter().take_while(|entry| entry.revision <= upto) {
            if entry.revision != at + 1 {
                return Err(gone(at + 1));
            }
            each(entry);
            at = entry.revision;
        }
        if at == before {
            return Err(gone(at + 1));
        }
    }
    Ok(())
}

/// The revision that a request names, if there was such a one.
pub(super) fn checked_revision(revision: Revision, head: Revision) -> Result<(), HttpError> {
    if revision > head {
        let error = ErrorBody::new(ErrorCode::RevFuture, "the revision is beyond the head");
        return Err(error.with("revision", revision).with("head", head).into());
    }
    if revision == 0 {
        // Nothing was there yet, not even an empty dashboard.
        return Err(not_found().into());
    }
    Ok(())
}

fn gone(revision: Revision) -> HttpError {
    let error = ErrorBody::new(ErrorCode::RevOld, "the log does not reach back that far");
    error.with("revision", revision).into()
}
