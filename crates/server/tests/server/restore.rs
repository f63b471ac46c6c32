//! Going back, and who wrote what, over real sockets.

use serde_json::{Value, json};

use crate::socket::Socket;
use crate::support::{TestServer, start};

/// Somebody who edits: a socket, a session, and how far they are.
struct Person {
    socket: Socket,
    joined: Value,
    document: String,
    client: String,
    sequence: u64,
}

impl Person {
    async fn join(server: &TestServer, document: &str, user: &str) -> Self {
        let client = format!("c{user}");
        let mut socket = Socket::connect(server.server.address(), &format!("open:{user}:U")).await;
        let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": client});
        socket.ok("hello", hello).await;
        let joined = socket.ok("join", json!({"document": document})).await;
        Self {
            socket,
            joined,
            document: document.to_owned(),
            client,
            sequence: 0,
        }
    }

    /// Commits components made on `base`; the revision.
    async fn commit(&mut self, base: u64, components: Value) -> u64 {
        self.sequence += 1;
        let operation = json!({
            "id": {"client": self.client, "sequence": self.sequence},
            "base": base, "components": components, "meta": {"kind": "edit"},
        });
        let submit = json!({
            "document": self.document, "session": self.joined["session"], "operations": [operation],
        });
        let answer = self.socket.ok("submit", submit).await;
        answer["results"][0]["revision"].as_u64().unwrap()
    }

    async fn set(&mut self, base: u64, cell: &str, value: Value) -> u64 {
        self.commit(base, json!({"cells": {cell: {"s": [value]}}}))
            .await
    }
}

async fn post(server: &TestServer, id: &str, body: Value) -> (u16, Value) {
    let token = ("authorization", "Bearer open:zoe:Zo%C3%AB");
    let path = format!("/api/dashboards/{id}/restore");
    let answer = server
        .send("POST", &path, &[token], &body.to_string())
        .await;
    (answer.status, answer.json())
}

async fn export(server: &TestServer, id: &str, query: &str) -> Value {
    let path = format!("/api/dashboards/{id}/export{query}");
    server.get(&path).await.json()
}

/// The id of the item of a panel.
async fn panel(server: &TestServer, id: &str, title: &str) -> String {
    let path = format!("/api/dashboards/{id}/snapshot");
    let snapshot = server.get(&path).await.json();
    let items = snapshot["content"]["items"].as_object().unwrap().clone();
    let of = |(_, item): &(String, Value)| item[0]["title"] == title;
    items.into_iter().find(of).unwrap().0
}

fn dashboard() -> Value {
    json!({"title": "T", "panels": [{"title": "cpu", "tags": ["a"]}, {"title": "ram", "tags": []}]})
}

#[tokio::test]
async fn a_dashboard_goes_back_to_a_revision_and_open_browsers_see_it() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let cpu = panel(&server, &id, "cpu").await;
    let mut ana = Person::join(&server, &id, "ana").await;
    ana.set(1, "@0/title", json!("U")).await;
    ana.commit(2, json!({"items": {&cpu: {"m": [null]}}})).await;
    let (_, dry) = post(&server, &id, json!({"to": 1, "dry_run": true})).await;
    assert_eq!(
        (&dry["restored"], &dry["revision"]),
        (&json!(false), &json!(3))
    );
    assert_eq!(dry["changed_count"], 2);
    let expected =
        json!({"kind": "changed", "item": "0", "path": "@0/title", "before": "U", "after": "T"});
    assert_eq!(dry["changed"][1], expected);
    assert_eq!(
        (&dry["changed"][0]["kind"], &dry["changed"][0]["item"]),
        (&json!("added"), &json!(cpu))
    );
    assert_ne!(
        export(&server, &id, "").await,
        dashboard(),
        "nothing happened"
    );
    let (status, done) = post(&server, &id, json!({"to": 1})).await;
    assert_eq!(
        (status, &done["restored"], &done["revision"]),
        (200, &json!(true), &json!(4))
    );
    assert_eq!(export(&server, &id, "").await, dashboard());
    loop {
        let committed = ana.socket.event("committed").await;
        let entries = committed["entries"].as_array().unwrap();
        if let Some(entry) = entries.iter().find(|entry| entry["revision"] == 4) {
            assert_eq!(
                (&entry["meta"]["kind"], &entry["author"]),
                (&json!("restore"), &json!("zoe"))
            );
            break;
        }
    }
    let (_, again) = post(&server, &id, json!({"to": 1})).await;
    assert_eq!(
        (&again["restored"], &again["revision"]),
        (&json!(false), &json!(4))
    );
}

#[tokio::test]
async fn an_item_and_a_cell_go_back_alone() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let (cpu, ram) = (
        panel(&server, &id, "cpu").await,
        panel(&server, &id, "ram").await,
    );
    let mut ana = Person::join(&server, &id, "ana").await;
    ana.set(1, &format!("@{cpu}/title"), json!("CPU")).await;
    ana.set(2, &format!("@{cpu}/tags"), json!(null)).await;
    ana.set(3, &format!("@{ram}/title"), json!("RAM")).await;
    let (status, _) = post(&server, &id, json!({"to": 1, "item": cpu})).await;
    assert_eq!(status, 200);
    let content = export(&server, &id, "").await;
    assert_eq!(
        content["panels"],
        json!([{"title": "cpu", "tags": ["a"]}, {"title": "RAM", "tags": []}])
    );
    ana.set(5, "@0/title", json!("U")).await;
    let (status, _) = post(
        &server,
        &id,
        json!({"to": 3, "path": format!("@{cpu}/title")}),
    )
    .await;
    assert_eq!(status, 200);
    let content = export(&server, &id, "").await;
    assert_eq!(
        (&content["panels"][0]["title"], &content["title"]),
        (&json!("CPU"), &json!("U"))
    );
}

#[tokio::test]
async fn the_work_of_one_person_is_taken_back_and_that_of_others_stays() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let mut ana = Person::join(&server, &id, "ana").await;
    let mut ben = Person::join(&server, &id, "ben").await;
    ana.set(1, "@0/title", json!("of Ana")).await;
    ana.set(2, "@0/refresh", json!("1m")).await;
    ben.set(3, "@0/title", json!("of Ben")).await;
    ana.set(4, "@0/tags", json!(null)).await;
    let wanted = json!({"author": "ana", "since": 1});
    let (status, done) = post(&server, &id, wanted).await;
    assert_eq!((status, &done["changed_count"]), (200, &json!(2)), "{done}");
    assert_eq!(done["kept"], json!([{"item": "0", "path": "@0/title"}]));
    assert_eq!(done["lost"], json!([]));
    let mut expected = dashboard();
    expected["title"] = json!("of Ben");
    assert_eq!(export(&server, &id, "").await, expected);
}

#[tokio::test]
async fn what_a_person_did_up_to_a_revision_stays() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let mut ana = Person::join(&server, &id, "ana").await;
    ana.set(1, "@0/title", json!("before")).await;
    ana.set(2, "@0/refresh", json!("1m")).await;
    let wanted = json!({"author": "ana", "since": 2});
    let (status, done) = post(&server, &id, wanted).await;
    assert_eq!((status, &done["changed_count"]), (200, &json!(1)), "{done}");
    let mut expected = dashboard();
    expected["title"] = json!("before");
    assert_eq!(export(&server, &id, "").await, expected);
}

#[tokio::test]
async fn a_former_revision_can_be_read() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let mut ana = Person::join(&server, &id, "ana").await;
    for revision in 1..=300 {
        ana.set(revision, "@0/n", json!(revision)).await;
    }
    for revision in [2, 255, 256, 257, 258, 301] {
        let content = export(&server, &id, &format!("?revision={revision}")).await;
        assert_eq!(content["n"], json!(revision - 1));
    }
    assert_eq!(export(&server, &id, "?revision=1").await, dashboard());
    let path = format!("/api/dashboards/{id}/export?revision=302");
    assert_eq!(server.get(&path).await.code(), "E_REV_FUTURE");
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_with_its_reason() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    for (body, status, code) in [
        (json!({}), 400, "E_SCHEMA"),
        (json!({"to": 1, "author": "ana"}), 400, "E_SCHEMA"),
        (
            json!({"to": 1, "item": "1", "path": "@0/title"}),
            400,
            "E_SCHEMA",
        ),
        (json!({"author": "ana"}), 400, "E_SCHEMA"),
        (json!({"to": 1, "word": 1}), 400, "E_SCHEMA"),
        (json!({"to": 9}), 409, "E_REV_FUTURE"),
        (json!({"to": 0}), 404, "E_NOT_FOUND"),
        (json!({"author": "ana", "since": 9}), 409, "E_REV_FUTURE"),
        (json!({"to": 1, "item": "x"}), 400, "E_PATH"),
        (json!({"to": 1, "item": "0/title"}), 400, "E_PATH"),
        (json!({"to": 1, "item": "99999999"}), 404, "E_NOT_FOUND"),
        (json!({"to": 1, "path": "@0/none/x"}), 400, "E_PATH"),
        (json!({"author": "a b", "since": 1}), 400, "E_SCHEMA"),
    ] {
        let (got, answer) = post(&server, &id, body.clone()).await;
        assert_eq!(
            (got, &answer["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
    }
    let (status, answer) = post(&server, "nothere", json!({"to": 1})).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (404, &json!("E_NOT_FOUND"))
    );
    let description = server.get("/api/openapi.json").await.json();
    assert!(description["paths"]["/api/dashboards/{id}/restore"]["post"].is_object());
}

#[tokio::test]
async fn attribution_names_who_wrote_each_cell_and_each_stretch_of_a_text() {
    let server = start().await;
    let id = server.dashboard(dashboard()).await;
    let cpu = panel(&server, &id, "cpu").await;
    let mut ana = Person::join(&server, &id, "ana").await;
    let mut ben = Person::join(&server, &id, "ben").await;
    let title = format!("@{cpu}/title");
    let path = format!("/api/dashboards/{id}/attribution");
    let first = server.get(&path).await.json();
    assert_eq!(
        (&first["revision"], &first["since"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(first["cells"]["@0"]["revision"], 1);
    ana.commit(1, json!({"cells": {&title: {"t": [3, " load"]}}}))
        .await;
    ben.commit(
        2,
        json!({"cells": {&title: {"t": [{"d": 1}, "C"]}, "@0/title": {"s": ["U"]}}}),
    )
    .await;
    ben.commit(3, json!({"items": {&cpu: {"m": [null]}}})).await;
    let hidden = server.get(&path).await.json();
    assert_eq!(hidden["cells"].get(&title), None, "it is deleted");
    post(&server, &id, json!({"to": 3, "item": cpu})).await;
    // The second time only what is new is read.
    let answer = server.get(&path).await.json();
    assert_eq!(
        answer["cells"][&title],
        json!({"revision": 3, "text": [[1, 3], [2, 1], [5, 2]]})
    );
    assert_eq!(answer["cells"]["@0/title"], json!({"revision": 3}));
    assert_eq!(answer["items"][&cpu], json!({"made": 1, "moved": 5}));
    let author = |revision: &str| answer["revisions"][revision]["author"].clone();
    assert_eq!(
        [author("2"), author("3"), author("5")],
        ["ana", "ben", "zoe"]
    );
    assert!(answer["revisions"]["3"]["server_time_ms"].is_u64());
    let one = server.get(&format!("{path}?item={cpu}")).await.json();
    assert!(one["cells"].get("@0/title").is_none() && one["cells"].get(&title).is_some());
    assert_eq!(server.get(&format!("{path}?item=x")).await.code(), "E_PATH");
    assert_eq!(
        server
            .get("/api/dashboards/nothere/attribution")
            .await
            .code(),
        "E_NOT_FOUND"
    );
}
