//! Errors of the wire as the server answers them, and the HTTP status of each.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use coboard_protocol::{ErrorBody, ErrorCode};
use coboard_storage::{AssignError, CreateError, StorageError};
use serde::Serialize;

/// An error as an HTTP response: `{"error": {code, retry, message, details}}`.
#[derive(Clone, Debug)]
pub(crate) struct HttpError(pub(crate) ErrorBody);

#[derive(Serialize)]
struct Wrapped<'a> {
    error: &'a ErrorBody,
}

impl HttpError {
    /// The error of a code with a message for people.
    pub(crate) fn new(code: ErrorCode, message: &str) -> Self {
        Self(ErrorBody::new(code, message))
    }

    /// The response with a status other than that of its code.
    pub(crate) fn with_status(&self, status: StatusCode) -> Response {
        (status, Json(Wrapped { error: &self.0 })).into_response()
    }
}

impl From<ErrorBody> for HttpError {
    fn from(error: ErrorBody) -> Self {
        Self(error)
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        self.with_status(http_status(self.0.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// The HTTP status of a code. `None` for a code this build does not know; a test proves that there is none.
pub(crate) fn http_status(code: ErrorCode) -> Option<StatusCode> {
    use ErrorCode as C;
    Some(match code {
        C::Auth => StatusCode::UNAUTHORIZED,
        C::Forbidden => StatusCode::FORBIDDEN,
        C::NotFound => StatusCode::NOT_FOUND,
        C::Version => StatusCode::UPGRADE_REQUIRED,
        C::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        C::DocLimit => StatusCode::UNPROCESSABLE_ENTITY,
        C::Depth
        | C::Schema
        | C::Op
        | C::Path
        | C::Index
        | C::Type
        | C::Num
        | C::Str
        | C::Key
        | C::BadJson => StatusCode::BAD_REQUEST,
        C::Depends | C::SeqGap | C::OpIdConflict | C::RevOld | C::RevFuture => StatusCode::CONFLICT,
        C::Rate => StatusCode::TOO_MANY_REQUESTS,
        C::Overloaded | C::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        C::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        // Made by the SDK; the server never sends them.
        C::CoreLoad | C::DeviceStorage | C::Discarded => StatusCode::INTERNAL_SERVER_ERROR,
        _ => return None,
    })
}

/// There is no such dashboard, or it may not be read: the two look the same.
pub(crate) fn not_found() -> ErrorBody {
    ErrorBody::new(ErrorCode::NotFound, "there is no such dashboard")
}

/// The server stops, or storage does not answer.
pub(crate) fn unavailable() -> ErrorBody {
    ErrorBody::new(ErrorCode::Unavailable, "the server cannot answer now")
        .with("retry_after_ms", 1_000)
}

/// The server has too much to do.
pub(crate) fn overloaded() -> ErrorBody {
    ErrorBody::new(ErrorCode::Overloaded, "the server has too much to do")
        .with("retry_after_ms", 500)
}

/// Too many requests; they may come again after `wait`.
pub(crate) fn rate(wait: Duration) -> ErrorBody {
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
    ErrorBody::new(ErrorCode::Rate, "too many requests").with("retry_after_ms", wait_ms)
}

/// The session is not there any more.
pub(crate) fn session_ended() -> ErrorBody {
    ErrorBody::new(ErrorCode::Forbidden, "the session has ended").with("reason", "session_ended")
}

fn full() -> ErrorBody {
    ErrorBody::new(ErrorCode::StorageFull, "the disk of the server is full")
        .with("retry_after_ms", 10_000)
}

/// What storage could not do, as clients learn it. `Fatal` is handled before: the process ends.
pub(crate) fn of_storage(error: &StorageError) -> ErrorBody {
    match error {
        StorageError::Full => full(),
        StorageError::Unavailable(_)
        | StorageError::Damaged { .. }
        | StorageError::Fatal(_)
        | _ => unavailable(),
    }
}

/// Why a document could not be made, as clients learn it.
pub(crate) fn of_create(error: &CreateError) -> ErrorBody {
    match error {
        CreateError::Full => full(),
        CreateError::Exists
        | CreateError::NotFirst { .. }
        | CreateError::Unavailable(_)
        | CreateError::Fatal(_)
        | _ => unavailable(),
    }
}

/// Why a client got no number, as clients learn it.
pub(crate) fn of_assign(error: &AssignError) -> ErrorBody {
    match error {
        AssignError::OtherUser => {
            ErrorBody::new(ErrorCode::Forbidden, "the client belongs to another user")
        }
        AssignError::Deleted => not_found(),
        AssignError::Exhausted => ErrorBody::new(
            ErrorCode::DocLimit,
            "the document has seen too many clients",
        ),
        AssignError::Full => full(),
        AssignError::Unavailable(_) | AssignError::Fatal(_) | _ => unavailable(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_status() {
        for code in ErrorCode::ALL {
            let status = http_status(*code).unwrap_or_else(|| panic!("{code:?} has no status"));
            assert!(status.is_client_error() || status.is_server_error());
        }
    }
}
