//! Long-polling: the same events over plain requests.

use serde_json::{Value, json};

use crate::support::{TestServer, set, start};

struct Polling<'a> {
    server: &'a TestServer,
    path: String,
}

impl<'a> Polling<'a> {
    async fn open(server: &'a TestServer) -> Self {
        let base = "/socket.io/?EIO=4&transport=polling";
        let open = server.get(base).await;
        let open: Value = serde_json::from_slice(&open.bytes[1..]).unwrap();
        let path = format!("{base}&sid={}", open["sid"].as_str().unwrap());
        let polling = Self { server, path };
        polling
            .send(&format!("40{}", json!({"token": "open:p:P"})))
            .await;
        polling.receive("40").await;
        polling
    }

    async fn send(&self, packet: &str) {
        let kind = [("content-type", "text/plain;charset=UTF-8")];
        let answer = self.server.send("POST", &self.path, &kind, packet).await;
        assert_eq!(answer.status, 200);
    }

    /// Polls until a packet starts with `start`, and gives the rest of it.
    async fn receive(&self, start: &str) -> String {
        loop {
            let answer = self.server.get(&self.path).await;
            assert_eq!(answer.status, 200);
            let text = String::from_utf8(answer.bytes).unwrap();
            for packet in text.split('\u{1e}') {
                if packet == "2" {
                    self.send("3").await;
                } else if let Some(rest) = packet.strip_prefix(start) {
                    return rest.to_owned();
                }
            }
        }
    }

    async fn ok(&self, ack: u64, event: &str, argument: Value) -> Value {
        self.send(&format!("42{ack}{}", json!([event, argument])))
            .await;
        let answer: Value = serde_json::from_str(&self.receive(&format!("43{ack}")).await).unwrap();
        assert_eq!(answer[0]["ok"], true, "{answer}");
        answer[0]["value"].clone()
    }
}

#[tokio::test]
async fn a_polling_client_joins_edits_and_is_heard() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut other, _) = server.joined(&id, "cw").await;
    let polling = Polling::open(&server).await;
    let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": "cp"});
    polling.ok(1, "hello", hello).await;
    let joined = polling.ok(2, "join", json!({"document": id})).await;
    let submit = set(&joined, &id, "cp", 1, 1, "@0/a", json!("by polling"));
    assert_eq!(
        polling.ok(3, "submit", submit).await["results"][0]["revision"],
        2
    );
    let committed = other.event("committed").await;
    assert_eq!(
        committed["entries"][0]["components"]["cells"]["@0/a"],
        json!({"s": [[], "by polling"]})
    );
}
