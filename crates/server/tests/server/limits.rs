//! Limits hold, and whoever breaks them learns it.

use std::time::Duration;

use coboard_protocol::limits::{DOCUMENTS_PER_CONNECTION_MAX, MESSAGE_BYTES_MAX};
use coboard_server::{Server, Settings, StartError};
use coboard_storage::MemoryStorage;
use serde_json::json;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{set, start};

#[tokio::test]
async fn open_access_stays_on_this_machine_unless_told_otherwise() {
    let settings = Settings {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..Settings::default()
    };
    let refused = Server::start(settings, Arc::new(MemoryStorage::new("lineage"))).await;
    assert!(matches!(refused, Err(StartError::OpenAddress { .. })));
}

#[tokio::test]
async fn a_message_beyond_the_limit_closes_its_connection() {
    let server = start().await;
    let mut socket = server.greeted("ca").await;
    let large = json!({"x": "x".repeat(MESSAGE_BYTES_MAX)});
    socket.send("ping", &large.to_string()).await;
    while socket.frame().await.is_some() {}
    server.greeted("cb").await;
}

#[tokio::test]
async fn an_operation_beyond_its_limit_is_rejected_alone() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    let large = set(&joined, &id, "ca", 1, 1, "@0/a", json!("x".repeat(70_000)));
    let submitted = socket.ok("submit", large).await;
    assert_eq!(submitted["results"][0]["error"]["code"], "E_TOO_LARGE");
    let mut many = set(&joined, &id, "ca", 1, 1, "@0/a", json!(1));
    many["operations"] = json!(vec![many["operations"][0].clone(); 201]);
    assert_eq!(socket.code("submit", many).await, "E_TOO_LARGE");
}

#[tokio::test]
async fn a_connection_has_a_limit_of_documents() {
    let server = start().await;
    let mut socket = server.greeted("ca").await;
    for _ in 0..DOCUMENTS_PER_CONNECTION_MAX {
        let id = server.dashboard(json!({})).await;
        socket.ok("join", json!({"document": id})).await;
    }
    let id = server.dashboard(json!({})).await;
    assert_eq!(socket.code("join", json!({"document": id})).await, "E_RATE");
}

#[tokio::test]
async fn requests_beyond_the_rate_are_told_when_to_come_back() {
    let server = start().await;
    let mut socket = server.greeted("ca").await;
    let mut refused = None;
    for _ in 0..400 {
        let answer = socket.request("ping", json!({"sent_ms": 1})).await;
        if answer["ok"] == false {
            refused = Some(answer["error"].clone());
            break;
        }
    }
    let error = refused.expect("the bucket is empty at some point");
    assert_eq!(
        (&error["code"], &error["retry"]),
        (&json!("E_RATE"), &json!("after_backoff"))
    );
    assert!(error["details"]["retry_after_ms"].as_u64().unwrap() >= 1);
}

#[tokio::test]
async fn half_a_request_head_is_given_up() {
    let server = start().await;
    let given_up = |start: &'static str| {
        let address = server.server.address();
        async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(start.as_bytes()).await.unwrap();
            let mut rest = Vec::new();
            let closed = stream.read_to_end(&mut rest);
            let closed = tokio::time::timeout(Duration::from_secs(13), closed).await;
            assert!(closed.is_ok(), "{start:?} is still open");
        }
    };
    tokio::join!(given_up(""), given_up("GET / HTTP/1.1\r\nHost: 127"));
}
