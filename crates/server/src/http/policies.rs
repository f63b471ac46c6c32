//! The policies of a dashboard over HTTP.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use coboard_protocol::limits::POLICIES_MAX;
use coboard_protocol::ot::{PATTERN_BYTES_MAX, PATTERN_KEYS_MAX, PathPattern, PatternError};
use coboard_protocol::{ErrorBody, ErrorCode, PathPolicy, PolicyWord};

use super::dashboards::{NO_STORE, document_id, parse, read_body};
use super::types::{Failure, PolicyChange, PolicyList, PolicyRule};
use super::user::Caller;
use crate::app::App;
use crate::error::{HttpError, not_found, of_storage};
use crate::room::NewPolicies;

/// Reads what decides where two people change the same thing: the first rule that matches.
#[utoipa::path(
    get, path = "/api/dashboards/{id}/policies", tag = "dashboards", params(("id" = String, Path)),
    responses((status = 200, body = PolicyList), (status = 404, body = Failure))
)]
pub(super) async fn read(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let heads = app.storage.head(std::slice::from_ref(&document)).await;
    if heads.map_err(|error| of_storage(&error))?.is_empty() {
        return Err(HttpError(not_found()));
    }
    let policies = app.storage.policies(&document).await;
    let policies = policies.map_err(|error| of_storage(&error))?;
    Ok(([NO_STORE], Json(PolicyList::of(&policies))))
}

/// Replaces all policies. They hold at once, also for those who have the dashboard open.
#[utoipa::path(
    put, path = "/api/dashboards/{id}/policies", tag = "dashboards", params(("id" = String, Path)),
    request_body = PolicyChange,
    responses(
        (status = 200, body = PolicyList),
        (status = 400, body = Failure),
        (status = 404, body = Failure),
        (status = 409, body = Failure, description = "Other policies are there than those it was made on")
    )
)]
pub(super) async fn replace(
    State(app): State<App>,
    Path(id): Path<String>,
    Caller(user): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let change: PolicyChange = parse(&read_body(body)?)?;
    let policies = checked(&change.policies).map_err(HttpError)?;
    let before = change.before.map(|before| checked(&before)).transpose();
    let told = PolicyList::of(&policies);
    let change = NewPolicies {
        policies,
        before: before.map_err(HttpError)?,
    };
    app.rooms
        .set_policies(&app, &document, user, change)
        .await?;
    Ok(Json(told))
}

/// The rules, or what is wrong with one of them.
fn checked(rules: &[PolicyRule]) -> Result<Vec<PathPolicy>, ErrorBody> {
    if rules.len() > POLICIES_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "too many policies");
        return Err(error.with("limit", POLICIES_MAX));
    }
    let check = |(index, rule): (usize, &PolicyRule)| {
        let path = PathPattern::parse(&rule.path)
            .map_err(|error| of_pattern(error).with("index", index))?;
        let unknown = || ErrorBody::new(ErrorCode::Schema, "there is no such policy");
        let policy = PolicyWord::parse(&rule.policy);
        let PolicyWord(policy) = policy.ok_or_else(|| unknown().with("index", index))?;
        Ok(PathPolicy { path, policy })
    };
    rules.iter().enumerate().map(check).collect()
}

fn of_pattern(error: PatternError) -> ErrorBody {
    match error {
        PatternError::TooLong => ErrorBody::new(ErrorCode::TooLarge, "a path is too long")
            .with("limit", PATTERN_BYTES_MAX),
        PatternError::TooDeep => ErrorBody::new(ErrorCode::Depth, "a path has too many keys")
            .with("limit", PATTERN_KEYS_MAX),
        PatternError::Syntax => ErrorBody::new(
            ErrorCode::Path,
            "a path begins with a slash, like /panels/*/title",
        ),
    }
}
