//! Changes of a dashboard in other formats.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use coboard_adapters::{json_patch, json0, json1, merge_patch};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::dashboards::{checked_query, document_id, parse, read_body};
use super::rewrite::{Adapter, BaseQuery, Target, adapted};
use super::types::{Failure, Written};
use super::user::Caller;
use crate::app::App;
use crate::error::HttpError;

/// The format of an operation.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// Of ShareDB's default type.
    Json0,
    /// Of its newer type.
    Json1,
}

/// In which format an operation comes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FormatQuery {
    format: Format,
}

/// The adapter that the content type of a PATCH asks for; `None` for our own.
pub(super) fn adapter_of(headers: &HeaderMap) -> Option<Adapter> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/json-patch+json" => Some(json_patch),
        "application/merge-patch+json" => Some(merge_patch),
        _ => None,
    }
}

/// Takes one operation of json0 or json1, the formats of ShareDB. Its positions are those of `base`;
/// what was committed since merges with it.
#[utoipa::path(
    post, path = "/api/dashboards/{id}/operations", tag = "dashboards",
    params(("id" = String, Path), FormatQuery, BaseQuery, ("If-Match" = Option<String>, Header)),
    request_body(content = Object, description = "The operation"),
    responses(
        (status = 200, body = Written), (status = 400, body = Failure), (status = 404, body = Failure),
        (status = 409, body = Failure), (status = 412, body = Failure), (status = 413, body = Failure)
    )
)]
pub(super) async fn operation(
    State(app): State<App>,
    Path(id): Path<String>,
    format: Result<Query<FormatQuery>, QueryRejection>,
    base: Result<Query<BaseQuery>, QueryRejection>,
    Caller(user): Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let target = Target::new(document_id(id)?, &checked_query(base)?, &headers)?;
    let adapter: Adapter = match checked_query(format)?.format {
        Format::Json0 => json0,
        Format::Json1 => json1,
    };
    adapted(&app, user, target, parse(&read_body(body)?)?, adapter).await
}
