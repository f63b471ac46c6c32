//! A whole version of a dashboard over an existing one.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::dashboards::{checked_query, document_id, parse, read_body};
use super::rewrite::{BaseQuery, Target, put};
use super::types::{Failure, Written};
use super::user::Caller;
use crate::app::App;
use crate::error::HttpError;

/// Replaces the dashboard by another version of its JSON. Only what differs is written: widgets are
/// recognised by `id`, `uid`, `refId`, `name`, or by being alike, and keep what others do to them.
///
/// With `base`, what was committed since that revision merges with the change. With `If-Match`, the
/// change is refused with status 412 if anything was committed since.
#[utoipa::path(
    put, path = "/api/dashboards/{id}", tag = "dashboards",
    params(("id" = String, Path), BaseQuery, ("If-Match" = Option<String>, Header)),
    request_body(content = Object, description = "The dashboard as JSON, at most 5 MiB"),
    responses(
        (status = 200, body = Written), (status = 400, body = Failure), (status = 404, body = Failure),
        (status = 409, body = Failure), (status = 412, body = Failure), (status = 413, body = Failure)
    )
)]
pub(super) async fn replace(
    State(app): State<App>,
    Path(id): Path<String>,
    base: Result<Query<BaseQuery>, QueryRejection>,
    Caller(user): Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, HttpError> {
    let target = Target::new(document_id(id)?, &checked_query(base)?, &headers)?;
    put(&app, user, target, &parse(&read_body(body)?)?).await
}
