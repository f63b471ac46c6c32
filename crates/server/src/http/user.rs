//! Who makes an HTTP request.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use coboard_protocol::{ErrorCode, User};

use crate::app::App;
use crate::error::HttpError;
use crate::identity::{anonymous, open_token};

/// The person behind a request: named by `Authorization: Bearer`, or nobody in particular.
pub(super) struct Caller(pub(super) User);

impl FromRequestParts<App> for Caller {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, HttpError> {
        let Some(value) = parts.headers.get(AUTHORIZATION) else {
            return Ok(Self(anonymous()));
        };
        value
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| open_token(token.trim()).ok())
            .map(Self)
            .ok_or_else(|| HttpError::new(ErrorCode::Auth, "the token is malformed"))
    }
}
