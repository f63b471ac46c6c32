//! The list of a person's own devices: what is open where, told to nobody else.

use std::time::{Duration, Instant};

use coboard_protocol::limits::{CONNECTIONS_LISTED_MAX, DOCUMENTS_LISTED_MAX, VIEW_BYTES_MAX};
use serde_json::{Value, json};

use crate::socket::Socket;
use crate::support::{TestServer, start};

/// A connection of `user` under the name of a device.
async fn at(server: &TestServer, user: &str, client: &str, device: &str) -> Socket {
    let token = format!("open:{user}:{user}");
    let mut socket = Socket::connect(server.server.address(), &token).await;
    let hello = json!({
        "protocol_min": 1, "protocol_max": 1, "client": client,
        "device": device, "device_name": format!("{device} of {user}"),
    });
    socket.ok("hello", hello).await;
    socket
}

async fn join(socket: &mut Socket, document: &str) -> String {
    let joined = socket.ok("join", json!({"document": document})).await;
    joined["session"].as_str().unwrap().to_owned()
}

async fn list(socket: &mut Socket) -> Vec<Value> {
    let devices = socket.ok("devices", json!({})).await;
    devices["connections"].as_array().unwrap().clone()
}

fn of_client<'a>(connections: &'a [Value], client: &str) -> &'a Value {
    let mut found = connections.iter();
    found
        .find(|connection| connection["client"] == client)
        .unwrap_or(&Value::Null)
}

/// The next list that is pushed.
async fn pushed(socket: &mut Socket) -> Vec<Value> {
    let devices = socket.event("devices_changed").await;
    devices["connections"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_list_has_what_is_open_on_each_of_the_persons_connections() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "Nodes"})).await;
    let mut phone = at(&server, "u", "cp", "phone").await;
    let mut laptop = at(&server, "u", "cl", "laptop").await;
    let session = join(&mut phone, &id).await;
    let view = json!({"anchor": "17", "from": "now-1h", "to": "now"});
    let told = json!({"document": id, "session": session, "view": view});
    phone.ok("view", told).await;

    let connections = list(&mut laptop).await;
    assert_eq!(connections.len(), 2, "{connections:?}");
    assert_eq!(
        connections[0]["client"], "cp",
        "the one used last comes first"
    );
    let on_phone = of_client(&connections, "cp");
    assert_eq!(on_phone["device"], "phone");
    assert_eq!(on_phone["device_name"], "phone of u");
    let open = &on_phone["documents"][0];
    assert_eq!(
        (&open["document"], &open["title"], &open["client"]),
        (&json!(id), &json!("Nodes"), &json!("cp"))
    );
    assert_eq!(open["view"], view);
    assert_eq!(of_client(&connections, "cl")["documents"], json!([]));
}

#[tokio::test]
async fn nobody_is_told_of_the_connections_of_somebody_else() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut own = at(&server, "u", "cu", "laptop").await;
    let mut stranger = at(&server, "v", "cv", "laptop").await;
    list(&mut stranger).await;
    let session = join(&mut own, &id).await;
    let told = json!({"document": id, "session": session, "view": {"anchor": "1"}});
    own.ok("view", told).await;

    let connections = list(&mut stranger).await;
    assert_eq!(connections.len(), 1, "{connections:?}");
    assert_eq!(connections[0]["client"], "cv");
    // What is pushed is their own as well: the next thing that happens to them is all they hear.
    join(&mut stranger, &id).await;
    let connections = pushed(&mut stranger).await;
    assert_eq!(connections.len(), 1, "{connections:?}");
    assert_eq!(connections[0]["documents"][0]["document"], json!(id));
}

#[tokio::test]
async fn those_who_look_at_the_list_are_told_what_is_new() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut looking = at(&server, "u", "cl", "laptop").await;
    list(&mut looking).await;
    let mut phone = at(&server, "u", "cp", "phone").await;
    let session = join(&mut phone, &id).await;
    let view = json!({"document": id, "session": session, "view": {"anchor": "1"}});
    phone.ok("view", view).await;
    let shows = |anchor: &str, told: &[Value]| {
        of_client(told, "cp")["documents"][0]["view"]["anchor"] == anchor
    };
    while !shows("1", &pushed(&mut looking).await) {}
    let leave = json!({"document": id, "session": session});
    phone.ok("leave", leave).await;
    while of_client(&pushed(&mut looking).await, "cp")["documents"] != json!([]) {}
    drop(phone);
    while pushed(&mut looking).await.len() > 1 {}
}

#[tokio::test]
async fn what_happens_at_once_is_told_at_once() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut own = at(&server, "u", "cu", "laptop").await;
    let session = join(&mut own, &id).await;
    list(&mut own).await;
    let started = Instant::now();
    let at = |anchor: u32| json!({"document": id, "session": session, "view": {"anchor": anchor}});
    for anchor in 1..=30 {
        own.ok("view", at(anchor)).await;
    }
    // Were each told by itself, all of them would be told by then.
    tokio::time::sleep(Duration::from_millis(700)).await;
    own.ok("view", at(31)).await;
    let mut told = 1;
    while pushed(&mut own).await[0]["documents"][0]["view"]["anchor"] != 31 {
        told += 1;
    }
    // One in half a second, however long it took.
    let at_most = 1 + started.elapsed().as_millis() / 500;
    assert!(told <= at_most, "{told} lists, at most {at_most}");
}

#[tokio::test]
async fn a_new_title_is_in_the_list() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "before"})).await;
    let mut own = at(&server, "u", "cu", "laptop").await;
    join(&mut own, &id).await;
    let path = format!("/api/dashboards/{id}");
    let answer = server
        .send("PATCH", &path, &[], &json!({"title": "after"}).to_string())
        .await;
    assert_eq!(answer.status, 200);
    while own.event("committed").await["to"] != 2 {}
    let connections = list(&mut own).await;
    assert_eq!(connections[0]["documents"][0]["title"], "after");
}

#[tokio::test]
async fn a_session_that_was_refused_is_not_in_the_list() {
    let server = start().await;
    let mut own = at(&server, "u", "cu", "laptop").await;
    let join = json!({"document": "nothing"});
    assert_eq!(own.code("join", join).await, "E_NOT_FOUND");
    assert_eq!(list(&mut own).await[0]["documents"], json!([]));
}

#[tokio::test]
async fn a_view_is_small_and_of_a_session_of_this_connection() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut own = at(&server, "u", "cu", "laptop").await;
    let mut other = at(&server, "u", "co", "laptop").await;
    let session = join(&mut own, &id).await;
    let view = |text: &str| json!({"document": id, "session": session, "view": {"a": text}});
    assert_eq!(other.code("view", view("x")).await, "E_FORBIDDEN");
    let fits = "x".repeat(VIEW_BYTES_MAX - r#"{"a":""}"#.len());
    own.ok("view", view(&fits)).await;
    assert_eq!(
        own.code("view", view(&format!("{fits}x"))).await,
        "E_TOO_LARGE"
    );
    let elsewhere = json!({"document": "other", "session": session, "view": {}});
    assert_eq!(own.code("view", elsewhere).await, "E_FORBIDDEN");
    let connections = list(&mut other).await;
    let open = &of_client(&connections, "cu")["documents"][0];
    assert_eq!(open["view"]["a"], fits);
}

#[tokio::test]
async fn the_list_is_bounded_and_keeps_what_was_used_last() {
    let server = start().await;
    let mut sockets = Vec::new();
    for number in 0..=CONNECTIONS_LISTED_MAX {
        sockets.push(at(&server, "u", &format!("c{number}"), "laptop").await);
    }
    let mut documents = Vec::new();
    let last = sockets.last_mut().unwrap();
    for _ in 0..=DOCUMENTS_LISTED_MAX {
        let id = server.dashboard(json!({})).await;
        let session = join(last, &id).await;
        documents.push((id, session));
    }
    // The clock has moved on: what is used now is used last.
    tokio::time::sleep(Duration::from_millis(5)).await;
    let (id, session) = &documents[0];
    last.ok(
        "view",
        json!({"document": id, "session": session, "view": {}}),
    )
    .await;
    let connections = list(last).await;
    assert_eq!(connections.len(), CONNECTIONS_LISTED_MAX);
    let used = format!("c{CONNECTIONS_LISTED_MAX}");
    assert_eq!(connections[0]["client"], json!(used));
    let open = connections[0]["documents"].as_array().unwrap();
    assert_eq!(open.len(), DOCUMENTS_LISTED_MAX);
    assert_eq!(open[0]["document"], json!(id));
}
