//! The end of a server, and the beginning of the next on the same storage.

use std::sync::Arc;
use std::time::{Duration, Instant};

use coboard_server::Settings;
use coboard_storage::MemoryStorage;
use serde_json::json;

use crate::support::{TestServer, set, start_on};

#[tokio::test]
async fn what_was_submitted_before_a_stop_is_answered_and_kept() {
    let storage = Arc::new(MemoryStorage::new("lineage"));
    let first = start_on(storage.clone(), Settings::default()).await;
    let id = first.dashboard(json!({})).await;
    let (mut socket, joined) = first.joined(&id, "ca").await;
    let mut acks = Vec::new();
    for sequence in 1..=20 {
        let submit = set(&joined, &id, "ca", sequence, 1, "@0/n", json!(sequence));
        acks.push(socket.send("submit", &submit.to_string()).await);
    }
    // The last answer proves that all twenty were read before the stop.
    let last = *acks.last().unwrap();
    let answer = socket.answer(last).await;
    assert_eq!(answer["value"]["results"][0]["revision"], 21);
    let began = Instant::now();
    first.server.stop().await;
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    while socket.frame().await.is_some() {}
}

#[tokio::test]
async fn a_room_without_sessions_is_unloaded_and_comes_back_whole() {
    let settings = Settings {
        room_idle: Duration::from_millis(20),
        ..Settings::default()
    };
    let server: TestServer = start_on(Arc::new(MemoryStorage::new("lineage")), settings).await;
    let id = server.dashboard(json!({})).await;
    for round in 1..=5_u64 {
        let (mut socket, joined) = server.joined(&id, "ca").await;
        assert_eq!(joined["head"], round);
        socket
            .ok(
                "submit",
                set(&joined, &id, "ca", round, round, "@0/n", json!(round)),
            )
            .await;
        drop(socket);
        tokio::time::sleep(Duration::from_millis(80)).await;
    }
    let export = server
        .get(&format!("/api/dashboards/{id}/export"))
        .await
        .json();
    assert_eq!(export, json!({"n": 5}));
}
