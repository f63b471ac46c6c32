//! Policies over HTTP, and what they do to those who have the dashboard open.

use std::sync::Arc;

use coboard_server::Settings;
use coboard_storage::MemoryStorage;
use serde_json::{Value, json};

use crate::support::{TestServer, set, start, start_on};

const TOKEN: (&str, &str) = ("authorization", "Bearer open:zoe:Zo%C3%AB");

fn rules(rules: &[(&str, &str)]) -> Value {
    let rules = rules
        .iter()
        .map(|(path, policy)| json!({"path": path, "policy": policy}));
    json!({"policies": rules.collect::<Vec<_>>()})
}

async fn put(server: &TestServer, id: &str, body: &Value) -> crate::support::HttpAnswer {
    let path = format!("/api/dashboards/{id}/policies");
    server.send("PUT", &path, &[TOKEN], &body.to_string()).await
}

async fn get(server: &TestServer, id: &str) -> Value {
    let path = format!("/api/dashboards/{id}/policies");
    server.get(&path).await.json()
}

/// `first` writes the title, then `second` on the same base; the title in the end and the second answer.
async fn race(server: &TestServer, id: &str) -> (String, Value) {
    let (mut bob, of_bob) = server.joined(id, &format!("cb{id}")).await;
    let (mut anna, of_anna) = server.joined(id, &format!("ca{id}")).await;
    let base = of_anna["head"].as_u64().unwrap();
    let bobs = set(
        &of_bob,
        id,
        &format!("cb{id}"),
        base,
        base,
        "@0/title",
        json!("first"),
    );
    bob.ok("submit", bobs).await;
    let annas = set(
        &of_anna,
        id,
        &format!("ca{id}"),
        base,
        base,
        "@0/title",
        json!("second"),
    );
    let answer = anna.ok("submit", annas).await;
    let export = server
        .get(&format!("/api/dashboards/{id}/export"))
        .await
        .json();
    (
        export["title"].as_str().unwrap().to_owned(),
        answer["results"][0].clone(),
    )
}

#[tokio::test]
async fn policies_hold_at_once_and_everybody_is_told() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    assert_eq!(get(&server, &id).await, rules(&[]));
    let (mut watcher, _) = server.joined(&id, "cw").await;
    let (title, answer) = race(&server, &id).await;
    assert_eq!(title, "second");
    assert_eq!(answer["conflicts"][0]["winner"], "mine");
    let wanted = rules(&[("/title", "manual"), ("/panels/*/gridPos/**", "first")]);
    let answer = put(&server, &id, &wanted).await;
    assert_eq!((answer.status, answer.json()), (200, wanted.clone()));
    assert_eq!(get(&server, &id).await, wanted);
    let told = watcher.event("policies_changed").await;
    assert_eq!(
        (&told["policies"], &told["document"]),
        (&wanted["policies"], &json!(id))
    );
    assert_eq!(told["author"], json!({"id": "zoe", "name": "Zoë"}));
    let (title, answer) = race(&server, &id).await;
    assert_eq!(title, "first");
    let told = &answer["conflicts"][0];
    assert_eq!(
        (&told["winner"], &told["policy"]),
        (&json!("theirs"), &json!("manual"))
    );
    assert_eq!(told["operations"][0], answer["id"]);
    assert_eq!(told["operations"][1]["client"], json!(format!("cb{id}")));
    // They are no part of the dashboard.
    let export = server
        .get(&format!("/api/dashboards/{id}/export"))
        .await
        .json();
    assert_eq!(export, json!({"title": "first"}));
}

#[tokio::test]
async fn policies_that_were_changed_since_are_not_overwritten() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let change = |before: &[(&str, &str)], after: &[(&str, &str)]| {
        let mut change = rules(after);
        change["before"] = rules(before)["policies"].clone();
        change
    };
    let (one, other) = ([("/a", "first")], [("/b", "first")]);
    assert_eq!(put(&server, &id, &change(&[], &one)).await.status, 200);
    let (mut watcher, _) = server.joined(&id, "cw").await;
    let late = put(&server, &id, &change(&[], &other)).await;
    assert_eq!(
        (late.status, &late.json()["error"]["code"]),
        (409, &json!("E_REV_OLD"))
    );
    assert_eq!(get(&server, &id).await, rules(&one));
    // Also where only the order is another one.
    let two = [("/a", "first"), ("/b", "first")];
    let turned = [("/b", "first"), ("/a", "first")];
    assert_eq!(put(&server, &id, &change(&one, &two)).await.status, 200);
    assert_eq!(put(&server, &id, &change(&turned, &one)).await.status, 409);
    // Whoever does not say what was there replaces whatever is.
    assert_eq!(put(&server, &id, &rules(&other)).await.status, 200);
    let told = watcher.event("policies_changed").await;
    assert_eq!(told["policies"], rules(&two)["policies"]);
    let told = watcher.event("policies_changed").await;
    assert_eq!(told["policies"], rules(&other)["policies"]);
}

#[tokio::test]
async fn policies_outlive_the_room_and_the_server() {
    let storage = MemoryStorage::new("lineage");
    let server = start_on(Arc::new(storage.reopen()), Settings::default()).await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let wanted = rules(&[("/title", "first")]);
    assert_eq!(put(&server, &id, &wanted).await.status, 200);
    server.server.stop().await;
    let server = start_on(Arc::new(storage.reopen()), Settings::default()).await;
    assert_eq!(get(&server, &id).await, wanted);
    assert_eq!(race(&server, &id).await.0, "first");
    assert_eq!(put(&server, &id, &rules(&[])).await.status, 200);
    assert_eq!(race(&server, &id).await.0, "second");
}

#[tokio::test]
async fn what_is_no_policy_is_refused_and_changes_nothing() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let wanted = rules(&[("/title", "first")]);
    assert_eq!(put(&server, &id, &wanted).await.status, 200);
    let many = vec![("/a", "first"); 101];
    let long = format!("/{}", "x".repeat(512));
    let deep = "/x".repeat(33);
    for (body, code) in [
        (rules(&[("title", "first")]), "E_PATH"),
        (rules(&[("", "first")]), "E_PATH"),
        (rules(&[("/a", "last")]), "E_SCHEMA"),
        (rules(&[(long.as_str(), "first")]), "E_TOO_LARGE"),
        (rules(&[(deep.as_str(), "first")]), "E_DEPTH"),
        (rules(&many), "E_TOO_LARGE"),
        (json!({"policies": [{"path": "/a"}]}), "E_SCHEMA"),
        (json!([]), "E_SCHEMA"),
    ] {
        let answer = put(&server, &id, &body).await;
        assert_eq!(answer.code(), code, "{body}");
    }
    let second = put(&server, &id, &rules(&[("/a", "max"), ("b", "max")])).await;
    assert_eq!(second.json()["error"]["details"]["index"], 1);
    assert_eq!(get(&server, &id).await, wanted);
    assert_eq!(put(&server, &id, &rules(&many[..100])).await.status, 200);
    assert_eq!(put(&server, "nowhere", &wanted).await.code(), "E_NOT_FOUND");
    assert_eq!(
        server.get("/api/dashboards/nowhere/policies").await.code(),
        "E_NOT_FOUND"
    );
    let description = server.get("/api/openapi.json").await.json();
    assert!(description["paths"]["/api/dashboards/{id}/policies"]["put"].is_object());
}
