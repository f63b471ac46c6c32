//! Whatever comes, it gets one answer with a code, or the connection is closed; the server lives.

use serde_json::{Value, json};

use crate::socket::Socket;
use crate::support::{TestServer, start};

/// What joined clients send and what must come back. `$D`, `$S` stand for document and session.
const BAD_SUBMITS: &[(&str, &str)] = &[
    ("null", "E_SCHEMA"),
    ("[]", "E_SCHEMA"),
    ("7", "E_SCHEMA"),
    (r#""x""#, "E_SCHEMA"),
    ("{}", "E_SCHEMA"),
    (r#"{"document":"$D","session":"$S"}"#, "E_SCHEMA"),
    (
        r#"{"document":"$D","session":"$S","operations":{}}"#,
        "E_SCHEMA",
    ),
    (
        r#"{"document":"../x","session":"$S","operations":[]}"#,
        "E_SCHEMA",
    ),
    (
        r#"{"document":"$D","session":"nobody","operations":[$OP]}"#,
        "E_FORBIDDEN",
    ),
    (
        r#"{"document":"other","session":"$S","operations":[$OP]}"#,
        "E_FORBIDDEN",
    ),
    (
        r#"{"document":"$D","session":"$S","operations":[{"id":{"client":"ca","sequence":-1}}]}"#,
        "E_SCHEMA",
    ),
];

/// Components that spoil one operation: the submit works, its only result is a Reject.
const BAD_COMPONENTS: &[(&str, &str)] = &[
    (r#"{"cells":{"@0/a":{"s":[1e400]}}}"#, "E_NUM"),
    (r#"{"cells":{"@0/a":{"s":[9007199254740992]}}}"#, "E_NUM"),
    (
        r#"{"cells":{"@0/a":{"s":[18446744073709551616]}}}"#,
        "E_NUM",
    ),
    (r#"{"cells":{"@0/a":{"a":9007199254740992}}}"#, "E_NUM"),
    (r#"{"cells":{"@0/a":{"s":["\ud800"]}}}"#, "E_STR"),
    (r#"{"cells":{"@0/a":{"s":[{"k":1,"\u006b":2}]}}}"#, "E_KEY"),
    (r#"{"cells":{"@0/a":{"s":[1]},"@0/a":{"s":[2]}}}"#, "E_KEY"),
    (r#"{"cells":{"@00/a":{"s":[1]}}}"#, "E_PATH"),
    (r#"{"cells":{"@0/a":{"t":[4294967296,"x"]}}}"#, "E_OP"),
    (r#"{"cells":{"@0/a":{"x":1}}}"#, "E_OP"),
    (r#"{"cells":{"@0/a":{"s":[[1]]}}}"#, "E_SCHEMA"),
    (r#"{"cells":{"@0/__proto__":{"s":[1]}}}"#, "E_KEY"),
    (r#"{"cells":{"@0/a":{"s":[{"constructor":1}]}}}"#, "E_KEY"),
    (r#"{"cells":{"a":{"s":[1]}}}"#, "E_PATH"),
    (r#"{"items":{"5":{"m":[["3","!"]]}}}"#, "E_INDEX"),
    (r#"{"cells":{"@0/a":{"t":[-1,"x"]}}}"#, "E_OP"),
    (r#"{"strange":{}}"#, "E_OP"),
];

async fn live(server: &TestServer, socket: &mut Socket) {
    socket.ok("ping", json!({"sent_ms": 1})).await;
    assert_eq!(server.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn before_hello_everything_is_answered_e_version() {
    let server = start().await;
    let mut socket = Socket::connect(server.server.address(), "open:u:U").await;
    for event in [
        "join",
        "submit",
        "catch_up",
        "presence",
        "ping",
        "leave",
        "lobby_join",
        "lobby_leave",
    ] {
        assert_eq!(socket.code(event, json!({})).await, "E_VERSION", "{event}");
    }
    let old = json!({"protocol_min": 99, "protocol_max": 100, "client": "ca"});
    assert_eq!(socket.code("hello", old).await, "E_VERSION");
}

#[tokio::test]
async fn every_bad_submit_gets_one_answer() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    let session = joined["session"].as_str().unwrap();
    let operation = r#"{"id":{"client":"ca","sequence":1},"base":1,"components":{}}"#;
    for (text, code) in BAD_SUBMITS {
        let text = text
            .replace("$D", &id)
            .replace("$S", session)
            .replace("$OP", operation);
        let ack = socket.send("submit", &text).await;
        let answer = socket.answer(ack).await;
        assert_eq!(answer["error"]["code"], *code, "{text}");
    }
    for (components, code) in BAD_COMPONENTS {
        let text = format!(
            r#"{{"document":"{id}","session":"{session}","operations":[
                {{"id":{{"client":"ca","sequence":1}},"base":1,"components":{components}}}]}}"#
        );
        let ack = socket.send("submit", &text).await;
        let answer = socket.answer(ack).await;
        assert_eq!(
            answer["value"]["results"][0]["error"]["code"], *code,
            "{components}: {answer}"
        );
    }
    // An exact count of answers: were one given twice, its ack would stand before the next.
    let ack = socket.send("ping", r#"{"sent_ms":1}"#).await;
    assert!(
        socket
            .frame()
            .await
            .unwrap()
            .starts_with(&format!("43{ack}["))
    );
    live(&server, &mut socket).await;
}

#[tokio::test]
async fn events_of_any_shape_are_answered() {
    let server = start().await;
    let mut socket = server.greeted("ca").await;
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for (frame, code) in [
        (r#"421["ping"]"#.to_owned(), "E_SCHEMA"),
        (r#"421["ping",{"sent_ms":1},{}]"#.to_owned(), "E_SCHEMA"),
        (r#"421["ping",1]"#.to_owned(), "E_SCHEMA"),
        (r#"421["ping",{"sent_ms":1e400}]"#.to_owned(), "E_NUM"),
        (
            r#"421["ping",{"sent_ms":1,"x":"\ud800"}]"#.to_owned(),
            "E_STR",
        ),
        (
            r#"421["ping",{"sent_ms":1,"sent_ms":2}]"#.to_owned(),
            "E_KEY",
        ),
        (format!(r#"421["ping",{{"sent_ms":{deep}}}]"#), "E_DEPTH"),
        (r#"421["nonsense",{}]"#.to_owned(), "E_SCHEMA"),
        (r#"421["__proto__",{}]"#.to_owned(), "E_SCHEMA"),
        (r#"421["connect",{}]"#.to_owned(), "E_SCHEMA"),
    ] {
        socket.raw(&frame).await;
        let answer = socket.answer(1).await;
        assert_eq!(
            answer["error"]["code"],
            code,
            "{}",
            &frame[..frame.len().min(60)]
        );
    }
    live(&server, &mut socket).await;
}

#[tokio::test]
async fn broken_packets_close_their_connection_only() {
    let server = start().await;
    let mut bystander = server.greeted("bystander").await;
    for frame in [
        "",
        "9",
        "4",
        "49",
        "42",
        "42{}",
        "42[",
        "42[]",
        "42[1]",
        "é",
        "4é",
        "42é",
        "b!!!!",
        "430é[]",
        "451-[\"x\",{\"_placeholder\":true,\"num\":0}]",
        "451000000-[\"x\",{\"_placeholder\":true,\"num\":0}]",
        "4599999999999999999999-[]",
        "421[\"ping\",{\"sent_ms\":NaN}]",
        "421[\"ping\",{\"sent_ms\":1}",
    ] {
        let mut socket = server.greeted("ca").await;
        socket.raw(frame).await;
        while let Some(text) = socket.frame().await {
            assert!(
                text == "1" || text == "41",
                "{frame:?} was answered {text:?}"
            );
        }
    }
    live(&server, &mut bystander).await;
}

#[tokio::test]
async fn a_bad_token_is_refused_with_the_bare_code() {
    let server = start().await;
    for token in ["", "open:", "open:a b:x", "jwt:x:y"] {
        let mut socket = Socket::open(server.server.address()).await;
        let refusal = socket.enter(token).await;
        let error: Value = serde_json::from_str(refusal.strip_prefix("44").unwrap()).unwrap();
        assert_eq!(error["message"], "E_AUTH", "{token}");
    }
    let mut socket = Socket::open(server.server.address()).await;
    socket.raw("40/admin,{}").await;
    assert!(socket.frame().await.unwrap().contains("Invalid namespace"));
}

#[tokio::test]
async fn documents_that_are_not_there_look_the_same() {
    let server = start().await;
    let deleted = server.dashboard(json!({})).await;
    assert_eq!(
        server
            .send("DELETE", &format!("/api/dashboards/{deleted}"), &[], "")
            .await
            .status,
        204
    );
    let mut socket = server.greeted("ca").await;
    let mut bodies = Vec::new();
    for id in [deleted.as_str(), "absent"] {
        bodies.push(socket.request("join", json!({"document": id})).await["error"].clone());
    }
    assert_eq!(bodies[0]["code"], "E_NOT_FOUND");
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(
        socket.code("join", json!({"document": "../x"})).await,
        "E_SCHEMA"
    );
}

#[tokio::test]
async fn a_bad_file_is_refused_whole_and_says_which_limit() {
    let server = start().await;
    let before = server.get("/api/dashboards").await.json();
    let wide: Value = (0..2_001).map(|i| (i.to_string(), json!(i))).collect();
    let deep = (0..33).fold(json!(1), |inner, _| json!([inner]));
    for (body, code, limit) in [
        (
            r#"{"title":"a","title":"b"}"#.to_owned(),
            "E_KEY",
            Value::Null,
        ),
        (
            r#"{"a":9007199254740993}"#.to_owned(),
            "E_NUM",
            json!(9_007_199_254_740_991_i64),
        ),
        (
            r#"{"a":18446744073709551616}"#.to_owned(),
            "E_NUM",
            json!(9_007_199_254_740_991_i64),
        ),
        (r#"{"a":"\ud800"}"#.to_owned(), "E_STR", Value::Null),
        (r#"{"__proto__":{}}"#.to_owned(), "E_KEY", Value::Null),
        (
            json!({ "a": wide }).to_string(),
            "E_TOO_LARGE",
            json!(2_000),
        ),
        (
            json!({ "k".repeat(257): 1 }).to_string(),
            "E_TOO_LARGE",
            json!(256),
        ),
        (json!({ "a": deep }).to_string(), "E_DEPTH", json!(32)),
        (r#"{"a":1} x"#.to_owned(), "E_BAD_JSON", Value::Null),
    ] {
        let sent = &body[..body.len().min(60)];
        let answer = server
            .send("POST", "/api/dashboards/import", &[], &body)
            .await;
        assert_eq!(answer.code(), code, "{sent}");
        let error = answer.json()["error"].clone();
        assert_eq!(error["details"]["limit"], limit, "{sent}: {error}");
    }
    assert_eq!(server.get("/api/dashboards").await.json(), before);
}

#[tokio::test]
async fn keys_with_escapes_survive() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    let submit = format!(
        r#"{{"document":"{id}","session":{},"operations":[{{"id":{{"client":"ca","sequence":1}},"base":1,
            "components":{{"cells":{{"@0/q\"u\u0065\\":{{"s":[{{"\"first\"":1}}]}}}}}}}}]}}"#,
        joined["session"]
    );
    let ack = socket.send("submit", &submit).await;
    assert_eq!(
        socket.answer(ack).await["value"]["results"][0]["revision"],
        2
    );
    let export = server
        .get(&format!("/api/dashboards/{id}/export"))
        .await
        .json();
    assert_eq!(export, json!({"q\"ue\\": {"\"first\"": 1}}));
}
