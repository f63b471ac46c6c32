//! Several clients of one person on one connection, as the tabs of a browser have it.

use std::time::Duration;

use coboard_protocol::limits::{DOCUMENTS_PER_CONNECTION_MAX, PRESENCE_LEFT_MS};
use coboard_protocol::{ROOM_CLIENT, SERVER_CLIENT};
use serde_json::{Value, json};

use crate::socket::Socket;
use crate::support::{TestServer, set, start};

/// A connection of `ca` with a session of each of these clients in one document.
async fn shared(server: &TestServer, document: &str, clients: &[&str]) -> (Socket, Vec<Value>) {
    let mut socket = server.greeted("ca").await;
    let mut joined = Vec::new();
    for client in clients {
        joined.push(enter(&mut socket, document, client).await);
    }
    (socket, joined)
}

async fn enter(socket: &mut Socket, document: &str, client: &str) -> Value {
    let join = json!({"document": document, "client": client});
    socket.ok("join", join).await
}

fn result(submitted: &Value) -> &Value {
    &submitted["results"][0]
}

#[tokio::test]
async fn each_client_has_its_own_session_and_everything_comes_once() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = shared(&server, &id, &["ca", "cb"]).await;
    assert_ne!(joined[0]["session"], joined[1]["session"]);
    assert_ne!(joined[0]["client_number"], joined[1]["client_number"]);
    let present = joined[1]["presence"].as_array().unwrap();
    let clients: Vec<&Value> = present.iter().map(|entry| &entry["client"]).collect();
    assert_eq!(clients.len(), 2, "{clients:?}");

    let mine = set(&joined[0], &id, "ca", 1, 1, "@0/a", json!(1));
    assert_eq!(result(&socket.ok("submit", mine).await)["revision"], 2);
    let other = set(&joined[1], &id, "cb", 1, 2, "@0/b", json!(1));
    assert_eq!(result(&socket.ok("submit", other).await)["revision"], 3);
    let mut seen = 1;
    while seen < 3 {
        let committed = socket.event("committed").await;
        assert_eq!(committed["from"], seen, "told once, in order");
        seen = committed["to"].as_u64().unwrap();
    }
}

#[tokio::test]
async fn a_session_takes_operations_of_its_own_client_only() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = shared(&server, &id, &["ca", "cb"]).await;
    let crossed = set(&joined[1], &id, "ca", 1, 1, "@0/a", json!(1));
    let submitted = socket.ok("submit", crossed).await;
    assert_eq!(result(&submitted)["error"]["code"], "E_FORBIDDEN");
    let crossed = json!({
        "document": id, "client": "cb", "revision": 1, "inflight": [{"client": "ca", "sequence": 1}],
    });
    assert_eq!(socket.code("join", crossed).await, "E_FORBIDDEN");
    let own = json!({
        "document": id, "client": "cb", "revision": 1, "inflight": [{"client": "cb", "sequence": 1}],
    });
    assert_eq!(socket.ok("join", own).await["known"], json!([]));
}

#[tokio::test]
async fn nobody_takes_a_name_of_the_server() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut socket = Socket::connect(server.server.address(), "open:u:U").await;
    let hello = |client| json!({"protocol_min": 1, "protocol_max": 1, "client": client});
    for name in [SERVER_CLIENT, ROOM_CLIENT] {
        assert_eq!(socket.code("hello", hello(name)).await, "E_FORBIDDEN");
    }
    socket.ok("hello", hello("ca")).await;
    for name in [SERVER_CLIENT, ROOM_CLIENT] {
        let join = json!({"document": id, "client": name});
        assert_eq!(socket.code("join", join).await, "E_FORBIDDEN");
    }
    let path = format!("/api/dashboards/{id}");
    let renamed = server.send("PATCH", &path, &[], r#"{"title":"T"}"#).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
}

#[tokio::test]
async fn a_client_of_somebody_else_stays_out() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut stranger = Socket::connect(server.server.address(), "open:v:V").await;
    let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": "cv"});
    stranger.ok("hello", hello).await;
    stranger.ok("join", json!({"document": id})).await;
    let mut socket = server.greeted("ca").await;
    let join = json!({"document": id, "client": "cv"});
    assert_eq!(socket.code("join", join).await, "E_FORBIDDEN");
}

#[tokio::test]
async fn a_newer_session_ends_that_of_its_own_client_only() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut shared, joined) = shared(&server, &id, &["ca", "cb"]).await;
    let (mut moved, newer) = server.joined(&id, "cb").await;
    let ended = shared.event("session_ended").await;
    assert_eq!(ended["session"], joined[1]["session"]);
    assert_eq!(ended["error"]["details"]["reason"], "replaced");

    let late = set(&joined[1], &id, "cb", 1, 1, "@0/b", json!(1));
    assert_eq!(shared.code("submit", late).await, "E_FORBIDDEN");
    let goes_on = set(&joined[0], &id, "ca", 1, 1, "@0/a", json!(1));
    assert_eq!(result(&shared.ok("submit", goes_on).await)["revision"], 2);
    let there = set(&newer, &id, "cb", 1, 1, "@0/b", json!(1));
    assert_eq!(result(&moved.ok("submit", there).await)["revision"], 3);
    while shared.event("committed").await["to"] != 3 {}
}

#[tokio::test]
async fn one_client_leaves_and_the_other_stays() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = shared(&server, &id, &["ca", "cb"]).await;
    let (mut watcher, _) = server.joined(&id, "cw").await;
    let leave = json!({"document": id, "session": joined[0]["session"]});
    socket.ok("leave", leave).await;
    assert_eq!(
        left(&mut watcher).await,
        json!([joined[0]["session"].clone()])
    );
    let submit = set(&joined[1], &id, "cb", 1, 1, "@0/b", json!(1));
    assert_eq!(result(&socket.ok("submit", submit).await)["revision"], 2);
    assert_eq!(socket.event("committed").await["to"], 2);

    drop(socket);
    assert_eq!(
        left(&mut watcher).await,
        json!([joined[1]["session"].clone()])
    );
}

/// The next sessions that are told to have left.
async fn left(watcher: &mut Socket) -> Value {
    parting(watcher).await["left"].clone()
}

/// The next news of presence in which somebody has left.
async fn parting(watcher: &mut Socket) -> Value {
    loop {
        let presence = watcher.event("presence").await;
        if presence["left"] != json!([]) {
            return presence;
        }
    }
}

#[tokio::test]
async fn whoever_was_cut_off_for_a_moment_is_never_gone() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut watcher, _) = server.joined(&id, "cw").await;
    let (socket, before) = server.joined(&id, "ca").await;
    drop(socket);
    // Whoever has left is told as gone by then.
    tokio::time::sleep(Duration::from_millis(PRESENCE_LEFT_MS + 200)).await;
    let (_socket, again) = server.joined(&id, "ca").await;
    let presence = parting(&mut watcher).await;
    assert_eq!(presence["left"], json!([before["session"].clone()]));
    let entries = presence["entries"].as_array().unwrap();
    let mut sessions = entries.iter().map(|entry| &entry["session"]);
    assert!(
        sessions.any(|session| *session == again["session"]),
        "{presence}"
    );
}

#[tokio::test]
async fn everybody_on_a_lost_connection_leaves() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut watcher, _) = server.joined(&id, "cw").await;
    let (socket, joined) = shared(&server, &id, &["ca", "cb", "cc"]).await;
    drop(socket);
    let mut gone = Vec::new();
    while gone.len() < 3 {
        let told = left(&mut watcher).await;
        gone.extend(told.as_array().unwrap().iter().cloned());
    }
    for session in joined.iter().map(|joined| &joined["session"]) {
        assert!(gone.contains(session), "{session}");
    }
}

#[tokio::test]
async fn clients_count_against_the_limit_but_not_who_comes_again() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let clients: Vec<String> = (0..DOCUMENTS_PER_CONNECTION_MAX)
        .map(|number| format!("c{number}"))
        .collect();
    let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
    let (mut socket, joined) = shared(&server, &id, &clients).await;
    let more = json!({"document": id, "client": "more"});
    assert_eq!(socket.code("join", more.clone()).await, "E_RATE");
    // Who comes again takes the place of their older session.
    enter(&mut socket, &id, "c0").await;
    let ended = socket.event("session_ended").await;
    assert_eq!(ended["session"], joined[0]["session"]);
    assert_eq!(socket.code("join", more).await, "E_RATE");
}

#[tokio::test]
async fn a_revision_of_another_lineage_gets_the_whole_document() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut socket = server.greeted("ca").await;
    let mut join = json!({"document": id, "revision": 1, "lineage": "lineage"});
    let same = socket.ok("join", join.clone()).await;
    assert_eq!(same["catch_up"]["to"], 1);
    join["lineage"] = json!("before");
    let other = socket.ok("join", join).await;
    assert_eq!(other["reset"]["reason"], "lineage_changed");
    assert_eq!(other["catch_up"], Value::Null);
}
