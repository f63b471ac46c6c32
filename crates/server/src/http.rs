//! The HTTP side: the router, and what every request goes through.

mod activity;
mod attribution;
mod body;
mod dashboards;
mod gate;
mod health;
mod past;
mod patch;
mod policies;
mod replace;
mod restore;
mod rewrite;
mod snapshot;
mod types;
mod user;
mod web;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use coboard_protocol::ErrorCode;
use socketioxide::layer::SocketIoLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use activity::ActivityPlaces;
pub(crate) use attribution::AttributionCache;
pub(crate) use snapshot::SnapshotCache;

use crate::app::App;
use crate::error::HttpError;
use crate::limits::BODY_BYTES_MAX;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Coboard",
        description = "Dashboards over HTTP. Changes made here reach open browsers as operations.",
    ),
    tags(
        (name = "dashboards", description = "Dashboards and their content"),
        (name = "health", description = "For those who operate a server"),
    )
)]
struct Description;

/// The router of the whole server, sockets included.
pub(crate) fn router(app: App, sockets: SocketIoLayer) -> Router {
    let (api, description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(dashboards::list, dashboards::create))
        .routes(routes!(dashboards::import))
        .routes(routes!(
            dashboards::read,
            dashboards::update,
            dashboards::delete,
            replace::replace
        ))
        .routes(routes!(patch::operation))
        .routes(routes!(dashboards::export))
        .routes(routes!(policies::read, policies::replace))
        .routes(routes!(snapshot::snapshot))
        .routes(routes!(restore::restore))
        .routes(routes!(attribution::attribution))
        .routes(routes!(activity::activity))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .split_for_parts();
    api.route(
        "/api/openapi.json",
        get(move || std::future::ready(axum::Json(description))),
    )
    .route("/api", get(no_such_path))
    .route("/api/{*rest}", get(no_such_path))
    .fallback(web::file)
    .method_not_allowed_fallback(method_not_allowed)
    .with_state(app.clone())
    .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
    .layer(sockets)
    .layer(middleware::map_request(body::with_deadline))
    .layer(middleware::from_fn_with_state(app, gate::check))
    .layer(middleware::map_response(gate::security_headers))
}

async fn no_such_path() -> HttpError {
    HttpError::new(ErrorCode::NotFound, "there is nothing at this path")
}

async fn method_not_allowed() -> Response {
    HttpError::new(ErrorCode::Schema, "this path does not take this method")
        .with_status(StatusCode::METHOD_NOT_ALLOWED)
        .into_response()
}
