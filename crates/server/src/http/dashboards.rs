//! Dashboards over HTTP. What changes goes through the room, so that open browsers see it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, HeaderName};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use coboard_protocol::limits::{STRING_BYTES_MAX, TITLE_CHARS_MAX};
use coboard_protocol::{Catalogue, DocumentId, ErrorCode};
use coboard_storage::DashboardQuery;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::past::{checked_revision, document_at};
use super::patch::adapter_of;
use super::rewrite::{BaseQuery, Target, adapted, etag, written};
use super::types::{
    Dashboard, DashboardList, DashboardPatch, DashboardSummary, ExportQuery, Failure, ListQuery,
    NewDashboard, Written,
};
use super::user::Caller;
use crate::app::App;
use crate::create::create_dashboard;
use crate::decode;
use crate::error::{HttpError, not_found, of_storage};
use crate::limits::{DASHBOARDS_MAX, SEARCH_BYTES_MAX, TAG_BYTES_MAX, TAGS_MAX};
use crate::room::Change;

/// What a dashboard made without a title is called.
const UNTITLED: &str = "New dashboard";

pub(super) const NO_STORE: (HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// Lists dashboards, the last changed first.
#[utoipa::path(
    get, path = "/api/dashboards", tag = "dashboards", params(ListQuery),
    responses((status = 200, body = DashboardList), (status = 503, body = Failure))
)]
pub(super) async fn list(
    State(app): State<App>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let query = checked_query(query)?;
    if query
        .search
        .as_ref()
        .is_some_and(|search| search.len() > SEARCH_BYTES_MAX)
    {
        return Err(HttpError::new(
            ErrorCode::TooLarge,
            "the search text is too long",
        ));
    }
    let query = DashboardQuery {
        search: query.search,
        limit: DASHBOARDS_MAX,
    };
    let rows = app
        .storage
        .dashboards(query)
        .await
        .map_err(|error| of_storage(&error))?;
    let dashboards = rows
        .into_iter()
        .map(|row| {
            let online = app.rooms.online(&row.document);
            DashboardSummary::of(row, online)
        })
        .collect();
    Ok(([NO_STORE], Json(DashboardList { dashboards })))
}

/// Makes an empty dashboard.
#[utoipa::path(
    post, path = "/api/dashboards", tag = "dashboards", request_body = NewDashboard,
    responses((status = 201, body = Written), (status = 400, body = Failure))
)]
pub(super) async fn create(
    State(app): State<App>,
    Caller(user): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let body = read_body(body)?;
    let new: NewDashboard = if body.is_empty() {
        NewDashboard { title: None }
    } else {
        parse(&body)?
    };
    let title = checked_title(new.title.as_deref().unwrap_or(UNTITLED))?;
    let content = json!({
        "title": title,
        "tags": [],
        "time": {"from": "now-6h", "to": "now"},
        "panels": [],
    });
    let written = make(&app, &user, &content).await?;
    Ok((StatusCode::CREATED, Json(written)))
}

/// Makes a dashboard of any JSON object, for example a Grafana dashboard. Every key is kept.
#[utoipa::path(
    post, path = "/api/dashboards/import", tag = "dashboards",
    request_body(content = Object, description = "The dashboard as JSON, at most 5 MiB"),
    responses((status = 201, body = Written), (status = 400, body = Failure), (status = 413, body = Failure))
)]
pub(super) async fn import(
    State(app): State<App>,
    Caller(user): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let content: Value = parse(&read_body(body)?)?;
    let written = make(&app, &user, &content).await?;
    Ok((StatusCode::CREATED, Json(written)))
}

/// Reads a dashboard with its content.
#[utoipa::path(
    get, path = "/api/dashboards/{id}", tag = "dashboards", params(("id" = String, Path)),
    responses((status = 200, body = Dashboard), (status = 404, body = Failure))
)]
pub(super) async fn read(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let row = app
        .storage
        .dashboard(&document)
        .await
        .map_err(|error| of_storage(&error))?;
    let mut row = row.ok_or_else(not_found)?;
    let view = app.rooms.view(&app, &document).await?;
    row.revision = view.revision;
    row.catalogue = Catalogue::of(&view.document);
    let dashboard = Dashboard {
        summary: DashboardSummary::of(row, app.rooms.online(&document)),
        content: plain_to_json(&view.document.export()),
    };
    let tag = (ETAG, etag(view.revision));
    let headers = [(NO_STORE.0, NO_STORE.1.to_owned()), tag];
    Ok((headers, Json(dashboard)))
}

/// Changes title or tags, or anything by JSON Patch or JSON Merge Patch. The change is an operation like any other.
#[utoipa::path(
    patch, path = "/api/dashboards/{id}", tag = "dashboards",
    params(("id" = String, Path), BaseQuery, ("If-Match" = Option<String>, Header)),
    request_body(content(
        (DashboardPatch = "application/json"),
        (Vec<Object> = "application/json-patch+json"),
        (Object = "application/merge-patch+json"),
    )),
    responses(
        (status = 200, body = Written), (status = 400, body = Failure), (status = 404, body = Failure),
        (status = 409, body = Failure), (status = 412, body = Failure), (status = 413, body = Failure)
    )
)]
pub(super) async fn update(
    State(app): State<App>,
    Path(id): Path<String>,
    base: Result<Query<BaseQuery>, QueryRejection>,
    Caller(user): Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let document = document_id(id)?;
    let target = Target::new(document.clone(), &checked_query(base)?, &headers)?;
    if let Some(adapter) = adapter_of(&headers) {
        return adapted(&app, user, target, parse(&read_body(body)?)?, adapter).await;
    }
    if target.is_bound() {
        let message = "base and If-Match need the content type of a JSON Patch or merge patch";
        return Err(HttpError::new(ErrorCode::Schema, message));
    }
    let patch: DashboardPatch = parse(&read_body(body)?)?;
    let change = Change {
        title: patch.title.as_deref().map(checked_title).transpose()?,
        tags: patch.tags.map(checked_tags).transpose()?,
    };
    let view = if change.is_empty() {
        app.rooms.view(&app, &document).await?
    } else {
        app.rooms.write(&app, &document, user, change).await?
    };
    Ok(written(document, &view))
}

/// Deletes a dashboard. Those who have it open are told.
#[utoipa::path(
    delete, path = "/api/dashboards/{id}", tag = "dashboards", params(("id" = String, Path)),
    responses((status = 204, description = "It is deleted"), (status = 404, body = Failure))
)]
pub(super) async fn delete(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(user): Caller,
) -> Result<StatusCode, HttpError> {
    app.rooms.delete(&app, &document_id(id)?, user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the dashboard back as the plain JSON that an import takes.
#[utoipa::path(
    get, path = "/api/dashboards/{id}/export", tag = "dashboards",
    params(("id" = String, Path), ExportQuery),
    responses(
        (status = 200, description = "The dashboard as JSON", body = Object),
        (status = 404, body = Failure), (status = 409, body = Failure)
    )
)]
pub(super) async fn export(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let query = checked_query(query)?;
    let mut view = app.rooms.view(&app, &document).await?;
    if let Some(revision) = query.revision {
        checked_revision(revision, view.revision)?;
        view.document = document_at(&app, &document, revision).await?;
    }
    let disposition = format!("attachment; filename=\"{document}.json\"");
    let headers = [NO_STORE, (CONTENT_DISPOSITION, disposition.as_str())]
        .map(|(name, value)| (name, value.to_owned()));
    Ok((headers, Json(plain_to_json(&view.document.export()))))
}

/// Reads the identifier in a path. What is none names no dashboard.
pub(super) fn document_id(id: String) -> Result<DocumentId, HttpError> {
    DocumentId::try_from(id).map_err(|_| HttpError(not_found()))
}

/// The query of a request.
pub(super) fn checked_query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, HttpError> {
    query
        .map(|Query(query)| query)
        .map_err(|_| HttpError::new(ErrorCode::Schema, "the query has a field of the wrong type"))
}

async fn make(
    app: &App,
    user: &coboard_protocol::User,
    content: &Value,
) -> Result<Written, HttpError> {
    if !content.is_object() {
        return Err(HttpError::new(
            ErrorCode::Schema,
            "a dashboard is a JSON object",
        ));
    }
    let plain = plain_from_json(content).map_err(|error| HttpError(error.body()))?;
    let made = create_dashboard(app, user, &plain).await?;
    Ok(Written {
        id: made.document.into(),
        title: made.title,
        revision: made.revision,
    })
}

pub(super) fn read_body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, HttpError> {
    body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            HttpError::new(ErrorCode::TooLarge, "the body is larger than 5 MiB")
        } else {
            HttpError::new(ErrorCode::BadJson, "the body did not arrive whole")
        }
    })
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, HttpError> {
    decode::body(body).map_err(HttpError)
}

fn checked_title(title: &str) -> Result<String, HttpError> {
    let title = title.trim();
    if title.is_empty() {
        Err(HttpError::new(ErrorCode::Schema, "the title is blank"))
    } else if title.chars().count() > TITLE_CHARS_MAX || title.len() > STRING_BYTES_MAX {
        Err(HttpError::new(ErrorCode::TooLarge, "the title is too long"))
    } else {
        Ok(title.to_owned())
    }
}

fn checked_tags(tags: Vec<String>) -> Result<Vec<String>, HttpError> {
    if tags.len() > TAGS_MAX || tags.iter().any(|tag| tag.len() > TAG_BYTES_MAX) {
        return Err(HttpError::new(
            ErrorCode::TooLarge,
            "too many tags, or one too long",
        ));
    }
    Ok(tags)
}
