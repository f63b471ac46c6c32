//! The web application: files embedded at build time, or a word that there are none.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use coboard_protocol::ErrorCode;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::error::HttpError;

/// Where the build puts files whose names carry a hash of their content.
const HASHED: &str = "assets/";
/// The page of every route of the application.
const INDEX: &str = "index.html";
/// What stands instead of the application in a server that was built without it.
const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Coboard</title>\
    <p>This server was built without the web application. \
    The interface for programs is at <a href=/api/openapi.json>/api/openapi.json</a>.</p>";
/// Files smaller than this are not worth compressing.
const GZIP_BYTES_MIN: usize = 1_024;

#[derive(RustEmbed)]
#[folder = "../../web/app/dist"]
#[allow_missing = true]
struct Files;

/// Serves a file of the application; a path that names none is a route of the application itself.
pub(super) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return HttpError::new(ErrorCode::NotFound, "there is nothing at this path")
            .into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let (path, found) = match Files::get(path) {
        Some(found) => (path, found),
        // A missing asset must not be answered with a page: browsers would run it as a script.
        None if path.starts_with(HASHED) => {
            return HttpError::new(ErrorCode::NotFound, "there is no such file").into_response();
        }
        None => match Files::get(INDEX) {
            Some(found) => (INDEX, found),
            None => return axum::response::Html(NOT_BUILT).into_response(),
        },
    };
    respond(path, found, &headers)
}

fn respond(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let text = mime.type_() == "text";
    let mime = if text {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    };
    let cache = if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let hash = hex(&file.metadata.sha256_hash());
    let gzip = accepts_gzip(headers) && is_compressible(path) && file.data.len() >= GZIP_BYTES_MIN;
    let etag = if gzip {
        format!("\"{hash}-gzip\"")
    } else {
        format!("\"{hash}\"")
    };
    let mut response = if headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else if gzip {
        let mut response = compressed(path, &hash, &file.data).into_response();
        let encoding = HeaderValue::from_static("gzip");
        response.headers_mut().insert(CONTENT_ENCODING, encoding);
        response
    } else {
        match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes).into_response(),
            Cow::Owned(bytes) => Bytes::from(bytes).into_response(),
        }
    };
    let out = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, mime),
        (ETAG, etag),
        (CACHE_CONTROL, cache.to_owned()),
        (VARY, "accept-encoding".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            out.insert(name, value);
        }
    }
    response
}

/// The compressed form of a file, made once per content.
fn compressed(path: &str, hash: &str, bytes: &[u8]) -> Bytes {
    static CACHE: OnceLock<Mutex<HashMap<String, (String, Bytes)>>> = OnceLock::new();
    let cache = CACHE.get_or_init(Mutex::default);
    let known = {
        let cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(path).cloned()
    };
    if let Some((of, bytes)) = known
        && of == hash
    {
        return bytes;
    }
    let gzipped = gzip(bytes, Compression::best());
    cache
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(path.to_owned(), (hash.to_owned(), gzipped.clone()));
    gzipped
}

/// `bytes` in gzip.
pub(super) fn gzip(bytes: &[u8], level: Compression) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), level);
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    Bytes::from(written.expect("writing to memory does not fail"))
}

/// Whether the other side reads gzip.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip")
                && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
}

fn is_compressible(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(
        extension,
        "html" | "js" | "css" | "wasm" | "svg" | "json" | "map" | "txt" | "webmanifest"
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
