//! Whole versions and patches over HTTP: what merges, what is refused, what stays itself.

use serde_json::{Value, json};

use crate::support::{HttpAnswer, TestServer, set, start};

const JSON_PATCH: (&str, &str) = ("content-type", "application/json-patch+json");
const MERGE_PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");

fn board() -> Value {
    json!({"title": "T", "panels": [
        {"id": 1, "title": "CPU", "note": "a", "type": "text"},
        {"id": 2, "title": "Memory", "note": "b"},
        {"id": 3, "type": "row", "panels": []},
    ]})
}

async fn send(
    server: &TestServer,
    method: &str,
    path: &str,
    kind: (&str, &str),
    body: &Value,
) -> HttpAnswer {
    let path = format!("/api/dashboards/{path}");
    server.send(method, &path, &[kind], &body.to_string()).await
}

async fn put(server: &TestServer, path: &str, body: &Value) -> HttpAnswer {
    send(
        server,
        "PUT",
        path,
        ("content-type", "application/json"),
        body,
    )
    .await
}

async fn exported(server: &TestServer, id: &str) -> Value {
    server
        .get(&format!("/api/dashboards/{id}/export"))
        .await
        .json()
}

#[tokio::test]
async fn a_new_version_reaches_open_browsers_as_what_differs() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let (mut anna, _) = server.joined(&id, "ca").await;
    let mut next = board();
    next["panels"].as_array_mut().unwrap().swap(0, 1);
    next["panels"][1]["title"] = json!("CPU usage");
    let answer = put(&server, &id, &next).await;
    assert_eq!(
        (answer.status, answer.json()["revision"].clone()),
        (200, json!(2)),
        "{}",
        answer.json()
    );
    assert_eq!(answer.header("etag"), "\"2\"");
    let entry = anna.event("committed").await["entries"][0].clone();
    let components = &entry["components"];
    assert_eq!(
        components["items"].as_object().unwrap().len(),
        1,
        "one move: {components}"
    );
    assert_eq!(
        components["cells"],
        json!({"@2/title": {"s": ["CPU", "CPU usage"]}})
    );
    assert_eq!(exported(&server, &id).await, next);
    let same = put(&server, &id, &next).await;
    assert_eq!(
        (same.status, &same.json()["revision"]),
        (200, &json!(2)),
        "nothing differs"
    );
}

#[tokio::test]
async fn what_happened_since_the_base_survives() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let (mut anna, joined) = server.joined(&id, "ca").await;
    // Anna edits the first panel; then a version comes that was made before and moves it into the row.
    let submit = set(&joined, &id, "ca", 1, 1, "@2/note", json!("hers"));
    anna.ok("submit", submit).await;
    let mut theirs = board();
    let moved = theirs["panels"].as_array_mut().unwrap().remove(0);
    theirs["panels"][1]["panels"] = json!([moved]);
    theirs["panels"][0]["note"] = json!("theirs");
    let answer = put(&server, &format!("{id}?base=1"), &theirs).await;
    assert_eq!(
        (answer.status, &answer.json()["revision"]),
        (200, &json!(3)),
        "{}",
        answer.json()
    );
    let mut merged = theirs.clone();
    merged["panels"][1]["panels"][0]["note"] = json!("hers");
    assert_eq!(exported(&server, &id).await, merged);
    // Without a base the version counts as made on the newest: hers goes.
    put(&server, &id, &theirs).await;
    assert_eq!(exported(&server, &id).await, theirs);
}

#[tokio::test]
async fn a_version_on_condition_is_refused_once_something_changed() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let path = format!("/api/dashboards/{id}");
    let tag = server.get(&path).await.header("etag").to_owned();
    assert_eq!(tag, "\"1\"");
    let body = json!({"title": "U"}).to_string();
    let headers = [("if-match", tag.as_str())];
    let answer = server.send("PUT", &path, &headers, &body).await;
    assert_eq!(
        (answer.status, &answer.json()["revision"]),
        (200, &json!(2))
    );
    let again = server
        .send("PUT", &path, &headers, &json!({"title": "V"}).to_string())
        .await;
    assert_eq!((again.status, again.code().as_str()), (412, "E_REV_OLD"));
    assert_eq!(exported(&server, &id).await, json!({"title": "U"}));
    // What cannot be meant so is not taken either.
    for (method, path, tag) in [
        ("PUT", path.clone(), "x"),
        ("PUT", format!("{path}?base=1"), "\"2\""),
        ("PATCH", path.clone(), "\"1\""),
    ] {
        let headers = [("if-match", tag), ("content-type", "application/json")];
        let odd = server.send(method, &path, &headers, &body).await;
        assert_eq!(
            (odd.status, odd.code().as_str()),
            (400, "E_SCHEMA"),
            "{method} {path}"
        );
    }
    assert_eq!(exported(&server, &id).await, json!({"title": "U"}));
}

#[tokio::test]
async fn patches_of_both_kinds_change_items() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let (mut anna, _) = server.joined(&id, "ca").await;
    let patch = json!([
        {"op": "test", "path": "/panels/0/id", "value": 1},
        {"op": "move", "from": "/panels/0", "path": "/panels/1/panels/-"},
        {"op": "add", "path": "/tags", "value": ["x"]},
    ]);
    // After the move out of it the row has index 1.
    let answer = send(&server, "PATCH", &id, JSON_PATCH, &patch).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let entry = anna.event("committed").await["entries"][0].clone();
    assert!(entry["components"]["items"]["2"]["m"].is_array(), "{entry}");
    let merge = json!({"tags": ["x", "y"], "title": null});
    let answer = send(&server, "PATCH", &id, MERGE_PATCH, &merge).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let mut expected = board();
    let moved = expected["panels"].as_array_mut().unwrap().remove(0);
    expected["panels"][1]["panels"] = json!([moved]);
    expected["tags"] = json!(["x", "y"]);
    expected.as_object_mut().unwrap().remove("title");
    assert_eq!(exported(&server, &id).await, expected);
}

#[tokio::test]
async fn positions_are_those_of_the_base() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let first = json!([{"op": "remove", "path": "/panels/0"}]);
    assert_eq!(
        send(&server, "PATCH", &id, JSON_PATCH, &first).await.status,
        200
    );
    // Index 1 was the second panel when this was written.
    let late = json!([{"op": "replace", "path": "/panels/1/note", "value": "late"}]);
    assert_eq!(
        send(&server, "PATCH", &format!("{id}?base=1"), JSON_PATCH, &late)
            .await
            .status,
        200
    );
    let panels = exported(&server, &id).await["panels"].clone();
    assert_eq!(
        panels[0],
        json!({"id": 2, "title": "Memory", "note": "late"})
    );
}

#[tokio::test]
async fn a_patch_that_does_not_fit_changes_nothing() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let failing = json!([
        {"op": "replace", "path": "/title", "value": "U"},
        {"op": "test", "path": "/panels/0/id", "value": 2},
    ]);
    let answer = send(&server, "PATCH", &id, JSON_PATCH, &failing).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "E_OP"));
    assert_eq!(answer.json()["error"]["details"]["operation"], 1);
    assert_eq!(exported(&server, &id).await, board());
    for (path, kind, body, status, code) in [
        (id.clone(), JSON_PATCH, json!({}), 400, "E_SCHEMA"),
        (
            id.clone(),
            JSON_PATCH,
            json!([{"op": "remove", "path": "/x"}]),
            400,
            "E_PATH",
        ),
        (
            id.clone(),
            JSON_PATCH,
            json!([{"op": "remove", "path": "/panels/9"}]),
            400,
            "E_INDEX",
        ),
        (
            id.clone(),
            JSON_PATCH,
            json!([{"op": "replace", "path": "", "value": 1}]),
            400,
            "E_SCHEMA",
        ),
        (id.clone(), MERGE_PATCH, json!([]), 400, "E_SCHEMA"),
        (
            id.clone(),
            MERGE_PATCH,
            json!({"__proto__": 1}),
            400,
            "E_KEY",
        ),
        (
            format!("{id}?base=9"),
            MERGE_PATCH,
            json!({"a": 1}),
            409,
            "E_REV_FUTURE",
        ),
        (
            format!("{id}?base=x"),
            MERGE_PATCH,
            json!({"a": 1}),
            400,
            "E_SCHEMA",
        ),
        (
            "nowhere".to_owned(),
            MERGE_PATCH,
            json!({"a": 1}),
            404,
            "E_NOT_FOUND",
        ),
    ] {
        let answer = send(&server, "PATCH", &path, kind, &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{path} {body}"
        );
    }
    for (body, code) in [
        (json!([1]), "E_SCHEMA"),
        (json!({"constructor": 1}), "E_KEY"),
    ] {
        assert_eq!(put(&server, &id, &body).await.code(), code, "{body}");
    }
    assert_eq!(exported(&server, &id).await, board());
}

#[tokio::test]
async fn operations_of_sharedb_are_taken() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let kind = ("content-type", "application/json");
    let json0 = json!([{"p": ["panels", 0], "lm": 1}, {"p": ["title", 1], "si": "X"}]);
    let answer = send(
        &server,
        "POST",
        &format!("{id}/operations?format=json0"),
        kind,
        &json0,
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let json1 = json!(["panels", 0, "note", {"es": [1, "!"]}]);
    let answer = send(
        &server,
        "POST",
        &format!("{id}/operations?format=json1"),
        kind,
        &json1,
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let mut expected = board();
    expected["panels"].as_array_mut().unwrap().swap(0, 1);
    expected["panels"][0]["note"] = json!("b!");
    expected["title"] = json!("TX");
    assert_eq!(exported(&server, &id).await, expected);
    let odd = send(
        &server,
        "POST",
        &format!("{id}/operations?format=xml"),
        kind,
        &json1,
    )
    .await;
    assert_eq!((odd.status, odd.code().as_str()), (400, "E_SCHEMA"));
}

#[tokio::test]
async fn a_very_large_version_comes_in_parts_and_new_ids_never_repeat() {
    let server = start().await;
    let id = server.dashboard(board()).await;
    let large = |word: &str| {
        let panels: Vec<Value> = (0..400)
            .map(
                |n| json!({"id": format!("{word}{n}"), "text": word.repeat(300), "list": [n, [n]]}),
            )
            .collect();
        json!({"title": word, "panels": panels})
    };
    for word in ["one", "two"] {
        let answer = put(&server, &id, &large(word)).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        assert!(
            answer.json()["revision"].as_u64().unwrap() > 2,
            "several operations"
        );
        assert_eq!(exported(&server, &id).await, large(word));
    }
}
