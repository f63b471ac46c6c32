//! For those who operate a server: does it live, and may it get work.

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "It lives")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the server takes new work: storage answers, and it is not stopping.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "health",
    responses(
        (status = 200, description = "It takes work"),
        (status = 503, description = "It is stopping, or storage does not answer")
    )
)]
pub(super) async fn readyz(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.storage.head(&[]).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "storage does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "storage does not answer\n")
        }
    }
}
