//! A server of one document, in a few lines of JSON, that can be told to misbehave.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// Something that goes wrong once, or until [`Fake::heal`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Fault {
    /// The next submit is committed, then the connection breaks.
    CutBeforeAnswer,
    /// The next submit is lost with its connection.
    CutBeforeCommit,
    /// Connections break, and no new one comes to be, until healed.
    Unreachable,
    /// The next connection opens and then says nothing any more.
    Silent,
    /// The next connection says this instead of answering `hello`.
    Says(&'static str),
    /// The next connection sends binary data instead of answering `hello`.
    Binary,
    /// The token is not accepted.
    RefuseConnect,
    /// `hello` is refused.
    RefuseHello,
}

/// The server.
pub(crate) struct Fake {
    address: std::net::SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    connections: usize,
    /// Entries from revision 2 on; revision 1 is the snapshot.
    log: Vec<Json>,
    /// The ways to the clients that joined or not.
    clients: Vec<mpsc::UnboundedSender<Message>>,
    heard: Vec<String>,
}

/// What a connection does next.
enum Next {
    Say(String),
    Binary,
    Nothing,
    Break,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it has one");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn fault(&self, fault: Fault) {
        let mut state = lock(&self.state);
        state.fault = Some(fault);
        if fault == Fault::Unreachable {
            state.clients.clear();
        }
    }

    pub(crate) fn heal(&self) {
        lock(&self.state).fault = None;
    }

    /// Says something to everybody.
    pub(crate) fn say(&self, text: &str) {
        lock(&self.state).tell(text);
    }

    pub(crate) fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    pub(crate) fn log_ids(&self) -> Vec<String> {
        lock(&self.state)
            .log
            .iter()
            .map(|entry| name(&entry["id"]))
            .collect()
    }

    pub(crate) fn heard(&self, part: &str) -> bool {
        lock(&self.state)
            .heard
            .iter()
            .any(|text| text.contains(part))
    }

    pub(crate) async fn until_heard(&self, text: &str) {
        while !lock(&self.state).heard.iter().any(|heard| heard == text) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no test panics inside")
}

fn name(id: &Json) -> String {
    format!(
        "{}:{}",
        id["client"].as_str().unwrap_or("?"),
        id["sequence"]
    )
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut beginning = [0; 12];
    while stream
        .peek(&mut beginning)
        .await
        .is_ok_and(|length| (1..12).contains(&length))
    {
        tokio::task::yield_now().await;
    }
    if !beginning.starts_with(b"GET /socket.") {
        return snapshot(&mut stream).await;
    }
    let fault = {
        let mut state = lock(&state);
        state.connections += 1;
        state.fault
    };
    if fault == Some(Fault::Unreachable) {
        return;
    }
    let Ok(mut socket) = accept_async(stream).await else {
        return;
    };
    let (tell, mut told) = mpsc::unbounded_channel();
    let open = r#"0{"sid":"x","upgrades":[],"pingInterval":60,"pingTimeout":60}"#;
    let _sent = tell.send(Message::from(open));
    let mut heartbeat = tokio::time::interval(Duration::from_millis(60));
    lock(&state).clients.push(tell.clone());
    let mut silent = false;
    loop {
        tokio::select! {
            message = told.recv(), if !tell.is_closed() => match message {
                Some(message) => if socket.send(message).await.is_err() { return },
                None => return,
            },
            _ = heartbeat.tick(), if !silent => {
                // A cut connection is one that nobody tells anything any more.
                if !lock(&state).clients.iter().any(|client| client.same_channel(&tell)) {
                    return;
                }
                let _sent = tell.send(Message::from("2"));
            }
            message = socket.next() => {
                let Some(Ok(Message::Text(text))) = message else { return };
                let next = if silent { Next::Nothing } else { take(&mut lock(&state), text.as_str()) };
                match next {
                    Next::Say(text) => { let _sent = tell.send(Message::from(text)); }
                    Next::Binary => { let _sent = tell.send(Message::from(vec![1_u8])); }
                    Next::Nothing => silent |= lock(&state).fault == Some(Fault::Silent),
                    Next::Break => return,
                }
                if silent {
                    lock(&state).fault = None;
                }
            }
        }
    }
}

async fn snapshot(stream: &mut TcpStream) {
    let mut request = vec![0; 4_096];
    let _read = stream.read(&mut request).await;
    let body = json!({
        "lineage": "l1", "document": "board", "revision": 1,
        "content": {"items": {"0": [{"n": 0}, null]}},
    })
    .to_string();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let _sent = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

fn take(state: &mut State, text: &str) -> Next {
    state.heard.push(text.to_owned());
    if text.starts_with("40") {
        return match state.fault {
            Some(Fault::RefuseConnect) => Next::Say(r#"44{"message":"E_AUTH"}"#.into()),
            _ => Next::Say(r#"40{"sid":"y"}"#.into()),
        };
    }
    let Some(event) = text.strip_prefix("42") else {
        return Next::Nothing;
    };
    let start = event.find('[').expect("an event is an array");
    let (id, event) = event.split_at(start);
    let event: Json = serde_json::from_str(event).expect("JSON");
    let argument = &event[1];
    let answer = match event[0].as_str() {
        Some("hello") => match state.fault {
            Some(Fault::Silent) => return Next::Nothing,
            Some(Fault::Says(text)) => {
                state.fault = None;
                return Next::Say(text.into());
            }
            Some(Fault::Binary) => {
                state.fault = None;
                return Next::Binary;
            }
            Some(Fault::RefuseHello) => refuse("E_VERSION", "never"),
            _ => welcome(),
        },
        Some("join") if argument["document"] != "board" => refuse("E_NOT_FOUND", "never"),
        Some("join") => state.join(argument),
        Some("submit") => {
            let fault = state.fault.take();
            if fault == Some(Fault::CutBeforeCommit) {
                return Next::Break;
            }
            let results = state.commit(argument);
            if fault == Some(Fault::CutBeforeAnswer) {
                return Next::Break;
            }
            json!({"ok": true, "value": {"results": results}})
        }
        Some("catch_up") => {
            json!({"ok": true, "value": {"catch_up": state.since(&argument["since"])}})
        }
        _ => json!({"ok": true, "value": {}}),
    };
    Next::Say(format!("43{id}[{answer}]"))
}

fn refuse(code: &str, retry: &str) -> Json {
    json!({"ok": false, "error": {"code": code, "retry": retry, "message": "no", "details": {}}})
}

fn welcome() -> Json {
    json!({"ok": true, "value": {
        "protocol": 1, "protocol_min": 1, "lineage": "l1", "connection": "c",
        "user": {"id": "u", "name": "U"}, "server_time_ms": 0, "expires_at_ms": null,
        "limits": {
            "message_bytes_max": 1, "operations_per_submit_max": 1, "documents_per_connection_max": 1,
            "presence_per_second_max": 1, "operations_per_second_max": 1, "ping_interval_ms": 1,
            "ping_timeout_ms": 1, "tick_ms": 1, "transports": ["websocket"],
        },
    }})
}

impl State {
    fn head(&self) -> u64 {
        self.log.len() as u64 + 1
    }

    fn tell(&mut self, text: &str) {
        self.clients
            .retain(|client| client.send(Message::from(text)).is_ok());
    }

    fn join(&self, argument: &Json) -> Json {
        let inflight = argument["inflight"].as_array().cloned().unwrap_or_default();
        let known: Vec<Json> = self
            .log
            .iter()
            .filter(|entry| inflight.contains(&entry["id"]))
            .map(|entry| json!({"id": entry["id"], "revision": entry["revision"]}))
            .collect();
        let mut value = json!({
            "session": "s1", "role": "editor", "client_number": 1, "head": self.head(),
            "known": known, "presence": [],
        });
        if argument["revision"].is_null() {
            value["reset"] = json!({
                "reason": "new", "revision": 1,
                "snapshot": {"url": "/snapshot", "etag": "\"e\""},
            });
        } else {
            value["catch_up"] = self.since(&argument["revision"]);
        }
        json!({"ok": true, "value": value})
    }

    fn since(&self, revision: &Json) -> Json {
        let from = revision.as_u64().expect("a revision");
        let entries = self.log.iter().skip(from as usize - 1);
        let segments: Vec<Json> = entries.map(|entry| json!({"entry": entry})).collect();
        json!({"from": from, "to": self.head(), "segments": segments})
    }

    fn commit(&mut self, argument: &Json) -> Vec<Json> {
        let from = self.head();
        let operations = argument["operations"].as_array().expect("operations");
        let results = operations.iter().map(|operation| {
            let revision = self.head() + 1;
            self.log.push(json!({
                "id": operation["id"], "revision": revision, "components": operation["components"],
                "meta": operation["meta"], "author": "u", "server_time_ms": 0,
            }));
            json!({"id": operation["id"], "revision": revision})
        });
        let results = results.collect();
        let entries = &self.log[from as usize - 1..];
        let message =
            json!({"document": "board", "from": from, "to": self.head(), "entries": entries});
        self.tell(&format!(r#"42["committed",{message}]"#));
        results
    }
}
