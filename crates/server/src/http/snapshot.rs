//! Stored snapshots: what a joiner takes instead of the log. Encoded and compressed once, for all joiners.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use coboard_engine::room::snapshot_etag;
use coboard_protocol::{DocumentId, Revision, Snapshot};
use flate2::Compression;
use serde::Deserialize;
use utoipa::IntoParams;

use super::dashboards::{checked_query, document_id};
use super::types::Failure;
use super::web::{accepts_gzip, gzip};
use crate::app::App;
use crate::error::{HttpError, not_found, of_storage, unavailable};

/// Most bytes of snapshots kept ready. A guess: a few dozen large dashboards.
const CACHE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Which snapshot.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SnapshotQuery {
    /// The newest stored one at or below this revision; absent: the newest.
    revision: Option<Revision>,
}

/// A snapshot ready to be sent.
#[derive(Clone, Debug)]
struct Ready {
    document: DocumentId,
    revision: Revision,
    plain: Bytes,
    gzipped: Bytes,
}

/// Snapshots ready to be sent, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct SnapshotCache {
    ready: Mutex<VecDeque<Ready>>,
}

/// The document at a stored revision, with the ids that operations speak of.
#[utoipa::path(
    get, path = "/api/dashboards/{id}/snapshot", tag = "dashboards",
    params(("id" = String, Path), SnapshotQuery),
    responses(
        (status = 200, description = "The snapshot: lineage, document, revision, content", body = Object),
        (status = 304, description = "The one named by If-None-Match"),
        (status = 404, body = Failure)
    )
)]
pub(super) async fn snapshot(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Result<Query<SnapshotQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let document = document_id(id)?;
    let query = checked_query(query)?;
    let ready = find(&app, document, query.revision).await?;
    let etag = snapshot_etag(&app.lineage, ready.document.as_str(), ready.revision);
    let mut response = if names(&headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if accepts_gzip(&headers) {
        ([(CONTENT_ENCODING, "gzip")], ready.gzipped).into_response()
    } else {
        ready.plain.into_response()
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    out.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(ETAG, etag);
    }
    Ok(response)
}

async fn find(
    app: &App,
    document: DocumentId,
    at_most: Option<Revision>,
) -> Result<Ready, HttpError> {
    // Deleted dashboards must not be answered from memory.
    let heads = app.storage.head(std::slice::from_ref(&document)).await;
    if heads.map_err(|error| of_storage(&error))?.is_empty() {
        return Err(HttpError(not_found()));
    }
    if let Some(ready) = at_most.and_then(|revision| app.snapshots.find(&document, revision)) {
        return Ok(ready);
    }
    let stored = app.storage.load_snapshot(&document, at_most).await;
    let mut stored = stored
        .map_err(|error| of_storage(&error))?
        .ok_or_else(not_found)?;
    stored.lineage.clone_from(&app.lineage);
    let ready = tokio::task::spawn_blocking(move || encode(&stored))
        .await
        .map_err(|_| unavailable())?;
    app.snapshots.keep(ready.clone());
    Ok(ready)
}

fn encode(snapshot: &Snapshot) -> Ready {
    let plain = serde_json::to_vec(snapshot).expect("a snapshot is plain data");
    Ready {
        document: snapshot.document.clone(),
        revision: snapshot.revision,
        gzipped: gzip(&plain, Compression::fast()),
        plain: Bytes::from(plain),
    }
}

impl SnapshotCache {
    fn find(&self, document: &DocumentId, revision: Revision) -> Option<Ready> {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready
            .iter()
            .find(|ready| ready.revision == revision && ready.document == *document)
            .cloned()
    }

    /// Keeps one more, at most one per document, and forgets the oldest beyond the limit.
    fn keep(&self, new: Ready) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.retain(|old| old.document != new.document);
        ready.push_back(new);
        let bytes = |ready: &Ready| ready.plain.len() + ready.gzipped.len();
        while ready.iter().map(bytes).sum::<usize>() > CACHE_BYTES_MAX {
            ready.pop_front();
        }
    }
}

fn names(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| matches!(value.trim(), "*") || value.trim() == etag)
}
