//! Going back: to a revision as a whole or in one place, or without what one person did.

mod answer;
mod plan;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use coboard_engine::room::restore_parts;
use coboard_protocol::{Kind, Meta, Revision};
use serde::Deserialize;
use utoipa::ToSchema;

use super::dashboards::{document_id, parse, read_body};
use super::types::Failure;
use super::user::Caller;
use crate::app::App;
use crate::error::{HttpError, unavailable};
use crate::room::Restoring;
pub(super) use answer::RestoreAnswer;
use plan::Wanted;

/// What to bring back: `{"to"}`, `{"to", "item"}`, `{"to", "path"}`, or `{"author", "since"}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RestoreRequest {
    /// The revision to go back to.
    to: Option<Revision>,
    /// Only this item, with what stands in it.
    item: Option<String>,
    /// Only this cell, as an address such as `@17/options`, with what stands in it.
    path: Option<String>,
    /// Whose operations are taken back. What others wrote over them since stays.
    author: Option<String>,
    /// The revision after which they are.
    since: Option<Revision>,
    /// Only tells what would change.
    #[serde(default)]
    dry_run: bool,
}

/// Brings back what was, as operations on top: nothing of the history is rewritten.
#[utoipa::path(
    post, path = "/api/dashboards/{id}/restore", tag = "dashboards", params(("id" = String, Path)),
    request_body = RestoreRequest,
    responses(
        (status = 200, description = "What came back, or would", body = RestoreAnswer),
        (status = 400, body = Failure), (status = 404, body = Failure),
        (status = 409, description = "There was no such revision, or the log does not reach it", body = Failure),
        (status = 413, description = "Too much at once", body = Failure)
    )
)]
pub(super) async fn restore(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(user): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let request: RestoreRequest = parse(&read_body(body)?)?;
    let dry_run = request.dry_run;
    let wanted = Wanted::of(request)?;
    let view = app.rooms.view(&app, &document).await?;
    let plan = plan::make(&app, &document, &view, &wanted).await?;
    let meta = Meta {
        kind: Kind::Restore,
        ..Meta::edit(&wanted.label())
    };
    let base = view.revision;
    let told = tokio::task::spawn_blocking(move || {
        let parts = restore_parts(&plan.components)?;
        Ok((answer::tell(&view, plan), parts))
    });
    let (mut answer, parts) = told.await.map_err(|_| unavailable())?.map_err(HttpError)?;
    if !dry_run && !parts.is_empty() {
        let restoring = Restoring {
            user,
            base,
            parts,
            meta,
        };
        let written = app.rooms.restore(&app, &document, restoring);
        answer.revision = written.await?.revision;
        answer.restored = true;
    }
    Ok(Json(answer))
}
