//! The end of a server, and the beginning of the next on the same storage.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use coboard_server::Settings;
use coboard_storage::MemoryStorage;
use serde_json::json;

use crate::socket::PATIENCE;
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

/// What one GET over a connection that stays open is answered with.
fn get(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(String::from_utf8(body).unwrap())
}

/// The runtime has one thread, and the test holds it until both are due: the end of the room's idle
/// time and a request that is read first.
#[tokio::test]
async fn whoever_comes_as_a_room_is_unloaded_is_answered() {
    let room_idle = Duration::from_millis(50);
    let settings = Settings {
        room_idle,
        ..Settings::default()
    };
    let server = start_on(Arc::new(MemoryStorage::new("lineage")), settings).await;
    let id = server.dashboard(json!({"n": 1})).await;
    let address = server.server.address();
    let (opened, is_open) = tokio::sync::oneshot::channel();
    let (hold, is_held) = mpsc::channel();
    let (wrote, is_written) = mpsc::channel();
    let visitor = tokio::task::spawn_blocking(move || {
        let request =
            format!("GET /api/dashboards/{id}/export HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
        stream.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        let first = get(&mut stream).unwrap();
        opened.send(first).unwrap();
        is_held.recv().unwrap();
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        wrote.send(()).unwrap();
        get(&mut stream)
    });
    assert_eq!(is_open.await.unwrap(), r#"{"n":1}"#);
    hold.send(()).unwrap();
    is_written.recv().unwrap();
    thread::sleep(2 * room_idle);
    let second = visitor.await.unwrap().expect("an answer comes");
    assert_eq!(second, r#"{"n":1}"#);
}
