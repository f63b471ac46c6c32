//! A server for one test, and HTTP requests to it.

use std::sync::Arc;
use std::time::Duration;

use coboard_server::{Server, Settings};
use coboard_storage::{MemoryStorage, Storage};
use serde_json::{Value, json};

use crate::socket::Socket;

/// A server on a free port.
pub(crate) struct TestServer {
    pub(crate) server: Server,
}

/// What an HTTP request was answered with.
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl HttpAnswer {
    /// The body as JSON; null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The code of an error.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// A header as text; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// Starts a server on new storage.
pub(crate) async fn start() -> TestServer {
    start_on(Arc::new(MemoryStorage::new("lineage")), Settings::default()).await
}

/// Starts a server on given storage.
pub(crate) async fn start_on(storage: Arc<dyn Storage>, settings: Settings) -> TestServer {
    let settings = Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        ..settings
    };
    let server = Server::start(settings, storage).await.unwrap();
    TestServer { server }
}

impl TestServer {
    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Makes a dashboard and gives its id.
    pub(crate) async fn dashboard(&self, content: Value) -> String {
        let answer = self
            .send("POST", "/api/dashboards/import", &[], &content.to_string())
            .await;
        assert_eq!(answer.status, 201, "{}", answer.json());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    /// Connects, says hello and joins.
    pub(crate) async fn joined(&self, document: &str, client: &str) -> (Socket, Value) {
        let mut socket = self.greeted(client).await;
        let joined = socket.ok("join", json!({"document": document})).await;
        (socket, joined)
    }

    /// Connects and says hello.
    pub(crate) async fn greeted(&self, client: &str) -> Socket {
        let mut socket = Socket::connect(self.server.address(), "open:u:U").await;
        let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": client});
        socket.ok("hello", hello).await;
        socket
    }

    /// Reads something.
    pub(crate) async fn get(&self, path: &str) -> HttpAnswer {
        self.send("GET", path, &[], "").await
    }

    /// Makes an HTTP request.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> HttpAnswer {
        let url = format!("{}{path}", self.url());
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.to_owned()).unwrap();
        let answer = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .allow_non_standard_methods(true)
                .timeout_global(Some(Duration::from_secs(10)))
                .build()
                .into();
            let agent_answer = agent.run(request).unwrap();
            let (parts, mut body) = agent_answer.into_parts();
            HttpAnswer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                bytes: body.read_to_vec().unwrap(),
            }
        });
        answer.await.unwrap()
    }
}

/// A submit of one operation that sets one cell.
pub(crate) fn set(
    joined: &Value,
    document: &str,
    client: &str,
    sequence: u64,
    base: u64,
    cell: &str,
    value: Value,
) -> Value {
    json!({
        "document": document,
        "session": joined["session"],
        "operations": [{
            "id": {"client": client, "sequence": sequence},
            "base": base,
            "components": {"cells": {cell: {"s": [value]}}},
            "meta": {"kind": "edit"},
        }],
    })
}
