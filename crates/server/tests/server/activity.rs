//! What people do, told over REST and while it happens.

use std::time::Duration;

use serde_json::{Value, json};

use crate::socket::Socket;
use crate::support::{TestServer, set, start};

fn dashboard() -> Value {
    json!({"title": "Node", "panels": [
        {"title": "CPU", "type": "timeseries", "gridPos": {"x": 0, "y": 0, "w": 8, "h": 8}},
        {"title": "Memory", "type": "timeseries", "gridPos": {"x": 8, "y": 0, "w": 8, "h": 8}},
    ]})
}

/// A change over REST, by somebody.
async fn patch(server: &TestServer, id: &str, user: &str, operations: Value) {
    let token = format!("Bearer open:{user}:{user}%20B.");
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "application/json-patch+json"),
    ];
    let path = format!("/api/dashboards/{id}");
    let answer = server
        .send("PATCH", &path, &headers, &operations.to_string())
        .await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}

fn titled(index: usize, title: &str) -> Value {
    json!([{"op": "replace", "path": format!("/panels/{index}/title"), "value": title}])
}

async fn page(server: &TestServer, id: &str, query: &str) -> Value {
    let answer = server
        .get(&format!("/api/dashboards/{id}/activity{query}"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

fn sentences(page: &Value) -> Vec<String> {
    let entries = page["entries"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| {
            let word = |key: &str| entry[key].as_str().unwrap().to_owned();
            format!("{} {}", word("name"), word("text"))
        })
        .collect()
}

async fn listening(server: &TestServer, id: &str, client: &str) -> (Socket, Value) {
    let (mut socket, joined) = server.joined(id, client).await;
    let wanted = json!({"document": id, "session": joined["session"], "wanted": true});
    socket.ok("activity", wanted).await;
    (socket, joined)
}

#[tokio::test]
async fn what_was_done_is_read_from_the_log_the_newest_first() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    patch(&server, &id, "ana", titled(0, "Load")).await;
    patch(
        &server,
        &id,
        "ben",
        json!([{"op": "remove", "path": "/panels/1"}]),
    )
    .await;
    // It changes nothing, so it is not told.
    patch(&server, &id, "ana", titled(0, "Load")).await;
    let page = page(&server, &id, "").await;
    assert_eq!(
        sentences(&page),
        [
            "ben B. deleted “Memory”",
            "ana B. renamed “CPU” to “Load”",
            "Someone created the dashboard “Node” with 2 widgets",
        ]
    );
    let renamed = &page["entries"][1];
    assert_eq!(renamed["verb"], "renamed");
    assert_eq!(renamed["origin"], "rest");
    assert_eq!(
        (&renamed["before"], &renamed["after"]),
        (&json!("CPU"), &json!("Load"))
    );
    assert_eq!(renamed["revisions"], json!([2, 2]));
    assert_eq!(renamed["title"], "Load", "as it was called by then");
    assert!(page.get("next").is_none());
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap_or_a_repeat() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    for step in 0..7 {
        // Two people in turn, so that nothing comes together.
        let user = if step % 2 == 0 { "ana" } else { "ben" };
        patch(&server, &id, user, titled(0, &format!("T{step}"))).await;
    }
    let whole = sentences(&page(&server, &id, "").await);
    assert_eq!(whole.len(), 8);
    for limit in [1, 3, 8] {
        let (mut told, mut query) = (Vec::new(), format!("?limit={limit}"));
        loop {
            let page = page(&server, &id, &query).await;
            assert!(page["entries"].as_array().unwrap().len() <= limit);
            told.extend(sentences(&page));
            match page["next"].as_u64() {
                Some(next) => query = format!("?limit={limit}&before={next}"),
                None => break,
            }
        }
        assert_eq!(told, whole, "{limit} at a time");
    }
}

#[tokio::test]
async fn a_page_starts_anywhere_and_tells_titles_as_they_were() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    patch(
        &server,
        &id,
        "ana",
        json!([{"op": "add", "path": "/panels/0/transparent", "value": true}]),
    )
    .await;
    patch(&server, &id, "ben", titled(0, "Load")).await;
    let page = page(&server, &id, "?before=3&limit=1").await;
    assert_eq!(
        sentences(&page),
        ["ana B. made the background of “CPU” transparent"]
    );
    assert_eq!(page["next"], 2);
}

#[tokio::test]
async fn a_page_may_be_about_one_widget_or_one_person() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    patch(&server, &id, "ana", titled(0, "Load")).await;
    patch(&server, &id, "ben", titled(1, "RAM")).await;
    let all = page(&server, &id, "").await;
    let item = all["entries"][0]["item"].as_str().unwrap();
    let of_item = page(&server, &id, &format!("?item={item}")).await;
    assert_eq!(sentences(&of_item), ["ben B. renamed “Memory” to “RAM”"]);
    let of_ana = page(&server, &id, "?author=ana").await;
    assert_eq!(sentences(&of_ana), ["ana B. renamed “CPU” to “Load”"]);
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    for (query, status, code) in [
        ("?limit=0", 400, "E_SCHEMA"),
        ("?limit=101", 400, "E_SCHEMA"),
        ("?item=cpu", 400, "E_SCHEMA"),
        ("?before=three", 400, "E_SCHEMA"),
        ("?before=99", 409, "E_REV_FUTURE"),
    ] {
        let answer = server
            .get(&format!("/api/dashboards/{id}/activity{query}"))
            .await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{query}"
        );
    }
    let answer = server.get("/api/dashboards/nowhere/activity").await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn more_than_is_read_at_once_is_still_told() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    for sequence in 1..=250 {
        let submit = set(
            &joined,
            &id,
            "ca",
            sequence,
            sequence,
            "@0/x",
            json!(sequence),
        );
        socket.ok("submit", submit).await;
    }
    let page = page(&server, &id, "?limit=2").await;
    assert_eq!(
        sentences(&page),
        [
            "U changed the settings of the dashboard (250 changes)",
            "Someone created the dashboard “Node” with 2 widgets",
        ]
    );
}

#[tokio::test]
async fn who_listens_hears_what_is_done_as_it_is_done() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let (mut socket, _) = listening(&server, &id, "ca").await;
    patch(&server, &id, "ben", titled(0, "Load")).await;
    patch(&server, &id, "ben", titled(0, "Usage")).await;
    let mut last = Value::Null;
    while last["entries"][0]["after"] != "Usage" {
        last = socket.event("activity").await;
    }
    assert_eq!(sentences(&last), ["ben B. renamed “CPU” to “Usage”"]);
    let told = page(&server, &id, "?limit=1").await;
    assert_eq!(
        told["entries"], last["entries"],
        "REST says the same, id and all"
    );
}

#[tokio::test]
async fn who_did_not_ask_hears_nothing() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let (mut deaf, _) = server.joined(&id, "ca").await;
    let (mut listener, joined) = listening(&server, &id, "cb").await;
    patch(&server, &id, "ben", titled(0, "Load")).await;
    listener.event("activity").await;
    let silent = deaf.quiet("activity", Duration::from_millis(300)).await;
    assert!(silent, "it never asked");
    let over = json!({"document": id, "session": joined["session"], "wanted": false});
    listener.ok("activity", over).await;
    patch(&server, &id, "ben", titled(0, "Usage")).await;
    listener.event("committed").await;
    assert!(listener.quiet("activity", Duration::from_millis(400)).await);
}

#[tokio::test]
async fn what_comes_to_nothing_goes_from_the_feed() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let (mut socket, _) = listening(&server, &id, "ca").await;
    patch(&server, &id, "ben", titled(0, "Load")).await;
    let told = socket.event("activity").await;
    patch(&server, &id, "ben", titled(0, "CPU")).await;
    let gone = socket.event("activity").await;
    assert_eq!(gone["gone"], json!([told["entries"][0]["id"]]));
    assert_eq!(gone["entries"], json!([]));
    assert_eq!(
        page(&server, &id, "?limit=1").await["entries"][0]["verb"],
        "added"
    );
}

#[tokio::test]
async fn who_comes_and_who_changes_the_policies_is_told_live() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let (mut socket, _) = listening(&server, &id, "ca").await;
    let mut bob = Socket::connect(server.server.address(), "open:bob:Bob").await;
    let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": "cbob", "device_name": "Bob’s phone"});
    bob.ok("hello", hello).await;
    let joined = bob.ok("join", json!({"document": id})).await;
    assert_eq!(sentences(&socket.event("activity").await), ["Bob joined"]);
    let submit = set(&joined, &id, "cbob", 1, 1, "@0/title", json!("Hosts"));
    bob.ok("submit", submit).await;
    let told = socket.event("activity").await;
    assert_eq!(
        sentences(&told),
        ["Bob renamed the dashboard “Node” to “Hosts”"]
    );
    let entry = &told["entries"][0];
    assert_eq!(
        (&entry["device"], &entry["client"]),
        (&json!("Bob’s phone"), &json!("cbob"))
    );
    let policies = json!({"policies": [{"path": "/title", "policy": "first"}]}).to_string();
    let path = format!("/api/dashboards/{id}/policies");
    let token = [("authorization", "Bearer open:bob:Bob")];
    server.send("PUT", &path, &token, &policies).await;
    let told = socket.event("activity").await;
    assert_eq!(
        sentences(&told),
        ["Bob changed the policies of the dashboard"]
    );
    // The same ones again change nothing.
    server.send("PUT", &path, &token, &policies).await;
    assert!(socket.quiet("activity", Duration::from_millis(400)).await);
}
