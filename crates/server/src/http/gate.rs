//! The outermost layer: who may talk to the server at all, and what every answer says to browsers.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use coboard_protocol::ErrorCode;

use crate::app::App;
use crate::error::HttpError;

/// What a page of ours may load and reach.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; \
    font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'";

/// Lets a request pass, or refuses it before anything reads it.
///
/// Browsers send `Origin` with every WebSocket handshake and every cross-site request, and no other
/// check stands between a foreign page and this server: CORS does not stop WebSockets.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let settings = &app.settings;
    let hosts = allowed_hosts(&settings.allowed_origins);
    let headers = request.headers();
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| {
            request
                .uri()
                .authority()
                .map(|authority| authority.as_str())
        });
    // Without this a foreign name that resolves to this machine would be its own origin here.
    let host_ok = settings.insecure_open
        || host.is_some_and(|host| is_loopback(host) || hosts.contains(&host));
    if !host_ok {
        return refused("this host name is not served here");
    }
    if !origin_allowed(headers, host, &settings.allowed_origins) {
        return refused("this origin may not connect");
    }
    if is_encoded(headers) {
        return HttpError::new(ErrorCode::Schema, "an encoded request body is not accepted")
            .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    next.run(request).await
}

/// Adds what browsers need to know of every answer.
pub(super) async fn security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refused(message: &str) -> Response {
    HttpError::new(ErrorCode::Forbidden, message).into_response()
}

fn origin_allowed(headers: &HeaderMap, host: Option<&str>, allowed: &[String]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    if origins.next().is_some() {
        return false;
    }
    let own = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    own.is_some_and(|own| host.is_some_and(|host| own.eq_ignore_ascii_case(host)))
        || allowed.iter().any(|allowed| allowed == origin)
}

fn allowed_hosts(origins: &[String]) -> Vec<&str> {
    origins
        .iter()
        .filter_map(|origin| origin.split_once("://"))
        .map(|(_, host)| host)
        .collect()
}

/// Whether `host`, with or without a port, names this machine.
fn is_loopback(host: &str) -> bool {
    let Some(name) = host
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_owned))
    else {
        return false;
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: &str, host: &str) -> bool {
        let mut headers = HeaderMap::new();
        let origin = HeaderValue::from_str(origin).expect("it is a header value");
        headers.insert(header::ORIGIN, origin);
        let list = ["https://boards.example.org".to_owned()];
        origin_allowed(&headers, Some(host), &list)
    }

    #[test]
    fn origins_match_exactly() {
        assert!(allowed("http://127.0.0.1:7420", "127.0.0.1:7420"));
        assert!(allowed("http://LOCALHOST:7420", "localhost:7420"));
        assert!(allowed("https://boards.example.org", "127.0.0.1:7420"));
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1:7420.evil.example",
            "http://127.0.0.1",
            "http://127.0.0.1:7421",
            "http://boards.example.org",
            "https://boards.example.org.evil.io",
            "127.0.0.1:7420",
            "ftp://127.0.0.1:7420",
        ] {
            assert!(!allowed(origin, "127.0.0.1:7420"), "{origin}");
        }
        assert!(origin_allowed(&HeaderMap::new(), None, &[]));
    }

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for host in [
            "localhost",
            "localhost:1",
            "127.0.0.1:7420",
            "127.9.9.9",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "10.0.0.1:80",
            "127.0.0.1.evil.io",
            "0.0.0.0",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
