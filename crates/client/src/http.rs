//! Requests over HTTP/1.1: snapshots for the documents, and the few calls of the API that a
//! program without a browser needs. One connection a request: they are rare.

use std::io;

use coboard_protocol::{DocumentId, ErrorBody, Snapshot};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::limits::{BODY_BYTES_MAX, HTTP_TIMEOUT};
use crate::options::{Options, ServerUrl};

/// Why a request over HTTP failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Unreachable(#[source] io::Error),
    /// The exchange broke off.
    #[error("the exchange with the server broke off")]
    Broken(#[source] hyper::Error),
    /// No complete answer came in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// The answer is larger than this client takes, or broke off.
    #[error("the body of the answer is too large or incomplete")]
    Body,
    /// The path or the token cannot stand in a request.
    #[error("the path or the token has characters that are not allowed")]
    Request,
    /// The server refused, and said why.
    #[error("the server refused: {} ({})", .0.message, .0.code.as_str())]
    Refused(ErrorBody),
    /// The server answered with a status that this client does not expect.
    #[error("the server answered with status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The answer is not the JSON that was asked for.
    #[error("the answer is not the JSON that was asked for")]
    Json(#[source] serde_json::Error),
}

/// A dashboard that was made.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Created {
    /// Its id.
    pub id: DocumentId,
    /// Its title.
    pub title: String,
    /// Its revision.
    pub revision: u64,
}

#[derive(Deserialize)]
struct Failure {
    error: ErrorBody,
}

/// The HTTP side of a server.
#[derive(Clone, Debug)]
pub struct Api {
    server: ServerUrl,
    token: String,
}

impl Api {
    /// The HTTP side of the server that `options` name.
    pub fn new(options: &Options) -> Self {
        Self {
            server: options.server.clone(),
            token: options.token.clone(),
        }
    }

    /// Whether the server takes requests.
    ///
    /// # Errors
    /// [`HttpError`] if it does not.
    pub async fn ready(&self) -> Result<(), HttpError> {
        self.exchange(Method::GET, "/readyz", Bytes::new()).await?;
        Ok(())
    }

    /// Makes a dashboard of any JSON object.
    ///
    /// # Errors
    /// [`HttpError`]; there may be a new dashboard nevertheless if no answer came.
    pub async fn import(&self, dashboard: &Json) -> Result<Created, HttpError> {
        let body = Bytes::from(dashboard.to_string());
        let path = "/api/dashboards/import";
        parse(&self.exchange(Method::POST, path, body).await?)
    }

    /// A dashboard as the plain JSON that an import takes.
    ///
    /// # Errors
    /// [`HttpError`].
    pub async fn export(&self, document: &DocumentId) -> Result<Json, HttpError> {
        self.get(&format!("/api/dashboards/{document}/export"))
            .await
    }

    /// The newest stored snapshot of a dashboard.
    ///
    /// # Errors
    /// [`HttpError`].
    pub async fn snapshot(&self, document: &DocumentId) -> Result<Snapshot, HttpError> {
        self.get(&format!("/api/dashboards/{document}/snapshot"))
            .await
    }

    /// The JSON at a path of the server.
    ///
    /// # Errors
    /// [`HttpError`].
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, HttpError> {
        parse(&self.exchange(Method::GET, path, Bytes::new()).await?)
    }

    async fn exchange(&self, method: Method, path: &str, body: Bytes) -> Result<Bytes, HttpError> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.server.authority())
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|_| HttpError::Request)?;
        timeout(HTTP_TIMEOUT, self.send(request))
            .await
            .map_err(|_| HttpError::Timeout)?
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Bytes, HttpError> {
        let stream = TcpStream::connect(self.server.authority())
            .await
            .map_err(HttpError::Unreachable)?;
        stream.set_nodelay(true).map_err(HttpError::Unreachable)?;
        let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream));
        let (mut sender, connection) = handshake.await.map_err(HttpError::Broken)?;
        // Ends with this function, also when its caller gives up.
        let mut connecting = JoinSet::new();
        connecting.spawn(connection);
        let response = sender.send_request(request).await;
        let (head, body) = response.map_err(HttpError::Broken)?.into_parts();
        let body = Limited::new(body, BODY_BYTES_MAX).collect().await;
        let body = body.map_err(|_| HttpError::Body)?.to_bytes();
        judge(head.status, body)
    }
}

fn judge(status: StatusCode, body: Bytes) -> Result<Bytes, HttpError> {
    if status.is_success() {
        return Ok(body);
    }
    Err(match serde_json::from_slice::<Failure>(&body) {
        Ok(failure) => HttpError::Refused(failure.error),
        Err(_) => HttpError::Status {
            status: status.as_u16(),
        },
    })
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, HttpError> {
    serde_json::from_slice(body).map_err(HttpError::Json)
}
