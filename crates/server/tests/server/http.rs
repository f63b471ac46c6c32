//! The HTTP interface, and what it lets through.

use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::json;

use crate::support::{set, start};

#[tokio::test]
async fn a_fresh_server_has_the_sample_and_says_it_is_well() {
    let server = start().await;
    let list = server.get("/api/dashboards").await.json();
    assert_eq!(list["dashboards"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
    let description = server.get("/api/openapi.json").await.json();
    assert!(description["paths"]["/api/dashboards/{id}"]["patch"].is_object());
}

#[tokio::test]
async fn what_goes_in_comes_out_equal() {
    let server = start().await;
    let content = json!({
        "title": "T", "panels": [{"id": 1, "targets": [[], [1.5, null]]}, "odd"], "$__all": {"$l": 1},
        "numbers": [0.1, 1e300, -7, 1.1], "": {"a/b": "~"},
    });
    let id = server.dashboard(content.clone()).await;
    assert_eq!(
        server
            .get(&format!("/api/dashboards/{id}/export"))
            .await
            .json(),
        content
    );
    let read = server.get(&format!("/api/dashboards/{id}")).await.json();
    assert_eq!((&read["content"], &read["title"]), (&content, &json!("T")));
    assert_eq!((&read["revision"], &read["online"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_rename_over_http_reaches_open_browsers() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "T", "tags": ["a"]})).await;
    let (mut anna, _) = server.joined(&id, "ca").await;
    anna.ok("lobby_join", json!({})).await;
    let token = ("authorization", "Bearer open:zoe:Zo%C3%AB");
    let body = json!({"title": "U", "tags": ["b", "c"]}).to_string();
    let path = format!("/api/dashboards/{id}");
    let answer = server.send("PATCH", &path, &[token], &body).await;
    assert_eq!(
        answer.json(),
        json!({"id": id, "title": "U", "revision": 2})
    );
    let entry = anna.event("committed").await["entries"][0].clone();
    assert_eq!(
        (&entry["author"], &entry["revision"]),
        (&json!("zoe"), &json!(2))
    );
    assert_eq!(
        entry["components"]["cells"]["@0/title"],
        json!({"s": ["T", "U"]})
    );
    let updated = anna.event("dashboard_updated").await;
    assert_eq!(
        (&updated["title"], &updated["tags"]),
        (&json!("U"), &json!(["b", "c"]))
    );
    assert_eq!(updated["author"], json!({"id": "zoe", "name": "Zoë"}));
    let again = server
        .send("PATCH", &path, &[token], r#"{"tags":[]}"#)
        .await;
    assert_eq!(again.json()["revision"], 3);
    let content = server.get(&format!("{path}/export")).await.json();
    assert_eq!(content, json!({"title": "U", "tags": []}));
    let row = server.get("/api/dashboards?search=u").await.json()["dashboards"][0].clone();
    assert_eq!((&row["title"], &row["online"]), (&json!("U"), &json!(1)));
}

#[tokio::test]
async fn the_lobby_hears_of_new_and_deleted_dashboards() {
    let server = start().await;
    let mut anna = server.greeted("ca").await;
    anna.ok("lobby_join", json!({})).await;
    let made = server
        .send("POST", "/api/dashboards", &[], r#"{"title":"Made"}"#)
        .await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].clone();
    let created = anna.event("dashboard_created").await;
    assert_eq!(
        (&created["document"], &created["title"]),
        (&id, &json!("Made"))
    );
    let joined = anna.ok("join", json!({"document": id})).await;
    let path = format!("/api/dashboards/{}", id.as_str().unwrap());
    assert_eq!(server.send("DELETE", &path, &[], "").await.status, 204);
    assert_eq!(anna.event("dashboard_deleted").await["document"], id);
    let ended = anna.event("session_ended").await;
    assert_eq!(
        (&ended["session"], &ended["error"]["code"]),
        (&joined["session"], &json!("E_NOT_FOUND"))
    );
    assert_eq!(server.send("DELETE", &path, &[], "").await.status, 404);
    assert_eq!(server.get(&path).await.code(), "E_NOT_FOUND");
}

#[tokio::test]
async fn bad_requests_get_a_typed_body() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let one = format!("/api/dashboards/{id}");
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40));
    for (method, path, body, status, code) in [
        ("POST", "/api/dashboards/import", "{", 400, "E_BAD_JSON"),
        ("POST", "/api/dashboards/import", "[1]", 400, "E_SCHEMA"),
        (
            "POST",
            "/api/dashboards/import",
            "{\"a\":1e400}",
            400,
            "E_NUM",
        ),
        (
            "POST",
            "/api/dashboards/import",
            "{\"a\":9007199254740993}",
            400,
            "E_NUM",
        ),
        (
            "POST",
            "/api/dashboards/import",
            "{\"__proto__\":1}",
            400,
            "E_KEY",
        ),
        ("POST", "/api/dashboards/import", &deep, 400, "E_DEPTH"),
        ("POST", "/api/dashboards/import", &large, 413, "E_TOO_LARGE"),
        ("POST", "/api/dashboards", "{\"title\":7}", 400, "E_SCHEMA"),
        (
            "POST",
            "/api/dashboards",
            "{\"titel\":\"x\"}",
            400,
            "E_SCHEMA",
        ),
        ("PATCH", &one, "{\"title\":\"  \"}", 400, "E_SCHEMA"),
        (
            "PATCH",
            "/api/dashboards/absent",
            "{\"title\":\"x\"}",
            404,
            "E_NOT_FOUND",
        ),
        (
            "PATCH",
            "/api/dashboards/..%2Fx",
            "{\"title\":\"x\"}",
            404,
            "E_NOT_FOUND",
        ),
        (
            "GET",
            "/api/dashboards/absent/export",
            "",
            404,
            "E_NOT_FOUND",
        ),
        (
            "GET",
            "/api/dashboards/absent/snapshot",
            "",
            404,
            "E_NOT_FOUND",
        ),
        (
            "GET",
            &format!("{one}/snapshot?revision=x"),
            "",
            400,
            "E_SCHEMA",
        ),
        ("GET", "/api/nothing", "", 404, "E_NOT_FOUND"),
        ("GET", "/api//dashboards", "", 404, "E_NOT_FOUND"),
        ("GET", "/assets/absent.js", "", 404, "E_NOT_FOUND"),
        ("PUT", "/api/dashboards", "", 405, "E_SCHEMA"),
    ] {
        let answer = server.send(method, path, &[], body).await;
        let shown = &body[..body.len().min(40)];
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{method} {path} {shown}"
        );
    }
    let bad_token = [("authorization", "Bearer nonsense")];
    assert_eq!(
        server
            .send("POST", "/api/dashboards", &bad_token, "")
            .await
            .status,
        401
    );
    let list = server.get("/api/dashboards").await.json();
    assert_eq!(
        list["dashboards"].as_array().unwrap().len(),
        2,
        "nothing else was made"
    );
}

#[tokio::test]
async fn foreign_origins_and_names_are_refused_on_every_path() {
    let server = start().await;
    let own = server.url();
    let socket = "/socket.io/?EIO=4&transport=polling";
    for path in ["/", "/api/dashboards", "/healthz", socket] {
        for origin in [
            "https://evil.example",
            "null",
            "http://127.0.0.1",
            "http://127.0.0.1:1",
        ] {
            let answer = server.send("GET", path, &[("origin", origin)], "").await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "E_FORBIDDEN"),
                "{origin} {path}"
            );
        }
        let host = [("host", "evil.example")];
        assert_eq!(
            server.send("GET", path, &host, "").await.status,
            403,
            "{path}"
        );
        let answer = server.send("GET", path, &[("origin", &own)], "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'")
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let encoded = [("content-encoding", "gzip")];
    assert_eq!(
        server
            .send("POST", "/api/dashboards/import", &encoded, "x")
            .await
            .status,
        415
    );
}

#[tokio::test]
async fn snapshots_are_compressed_for_those_who_read_it() {
    let server = start().await;
    let id = server.dashboard(json!({"text": "x".repeat(10_000)})).await;
    let path = format!("/api/dashboards/{id}/snapshot");
    let plain = server
        .send("GET", &path, &[("accept-encoding", "identity")], "")
        .await;
    assert_eq!(plain.header("content-encoding"), "");
    let gzipped = server
        .send("GET", &path, &[("accept-encoding", "br, gzip")], "")
        .await;
    assert_eq!(gzipped.header("content-encoding"), "gzip");
    assert!(gzipped.bytes.len() < 1_000);
    let mut text = Vec::new();
    GzDecoder::new(gzipped.bytes.as_slice())
        .read_to_end(&mut text)
        .unwrap();
    assert_eq!(text, plain.bytes);
}

#[tokio::test]
async fn the_list_counts_widgets_that_were_added_by_an_operation() {
    let server = start().await;
    let id = server.dashboard(json!({"panels": [], "title": "T"})).await;
    let (mut anna, joined) = server.joined(&id, "ca").await;
    anna.ok("lobby_join", json!({})).await;
    let number = joined["client_number"].as_u64().unwrap();
    let item = ((number << 32) | 1).to_string();
    let mut submit = set(&joined, &id, "ca", 1, 1, "@0/x", json!(1));
    let panel = json!({"type": "stat", "gridPos": {"x": 0, "y": 0, "w": 4, "h": 4}});
    submit["operations"][0]["components"] = json!({"items": {item: {"n": [panel, ["1", "a0"]]}}});
    anna.ok("submit", submit).await;
    anna.event("dashboard_updated").await;
    let row = server.get("/api/dashboards?search=t").await.json()["dashboards"][0].clone();
    assert_eq!(row["widget_count"], 1);
    assert_eq!(
        row["preview"],
        json!([{"x": 0, "y": 0, "w": 4, "h": 4, "type": "stat"}])
    );
}
