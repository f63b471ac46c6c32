//! A Socket.IO client of one page: WebSocket frames as they are on the wire.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long a test waits for something that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// One connection.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ack: u64,
    /// Events that came while something else was awaited.
    events: VecDeque<(String, Value)>,
}

impl Socket {
    /// Connects with a token and waits for CONNECT.
    pub(crate) async fn connect(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::open(address).await;
        let text = socket.enter(token).await;
        assert!(text.starts_with("40"), "{text}");
        socket
    }

    /// Opens the WebSocket without CONNECT.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
        let (stream, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        let mut socket = Self {
            stream,
            next_ack: 0,
            events: VecDeque::new(),
        };
        let open = socket.frame().await.unwrap();
        assert!(open.starts_with('0'), "{open}");
        socket
    }

    /// Sends CONNECT and gives what comes back.
    pub(crate) async fn enter(&mut self, token: &str) -> String {
        self.raw(&format!("40{}", json!({"token": token}))).await;
        self.frame().await.unwrap()
    }

    /// Sends one text frame as it is.
    pub(crate) async fn raw(&mut self, text: &str) {
        // A connection the server has closed is found out by the next read.
        let _ = self.stream.send(Message::text(text)).await;
    }

    /// Sends a request and gives its answer.
    pub(crate) async fn request(&mut self, event: &str, argument: Value) -> Value {
        let ack = self.send(event, &argument.to_string()).await;
        self.answer(ack).await
    }

    /// Sends a request that must work and gives its value.
    pub(crate) async fn ok(&mut self, event: &str, argument: Value) -> Value {
        let answer = self.request(event, argument).await;
        assert_eq!(answer["ok"], true, "{event}: {answer}");
        answer["value"].clone()
    }

    /// Sends a request that must fail and gives its code.
    pub(crate) async fn code(&mut self, event: &str, argument: Value) -> String {
        let answer = self.request(event, argument).await;
        assert_eq!(answer["ok"], false, "{event}: {answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.chars().count() <= 200);
        answer["error"]["code"].as_str().unwrap().to_owned()
    }

    /// Sends an event with a text for its argument, and gives the number of its ack.
    pub(crate) async fn send(&mut self, event: &str, argument: &str) -> u64 {
        self.next_ack += 1;
        let (ack, event) = (self.next_ack, json!(event));
        self.raw(&format!("42{ack}[{event},{argument}]")).await;
        ack
    }

    /// Waits for an answer. Events that come before it are kept.
    pub(crate) async fn answer(&mut self, ack: u64) -> Value {
        let start = format!("43{ack}[");
        loop {
            let frame = self.frame().await.expect("the connection stays open");
            if let Some(rest) = frame.strip_prefix(&start) {
                return serde_json::from_str(rest.strip_suffix(']').unwrap()).unwrap();
            }
            self.keep(&frame);
        }
    }

    /// Waits for an event of this name. Others are dropped.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            while let Some((event, argument)) = self.events.pop_front() {
                if event == name {
                    return argument;
                }
            }
            let frame = self.frame().await.expect("the connection stays open");
            self.keep(&frame);
        }
    }

    /// Whether no event of this name comes for a while.
    pub(crate) async fn quiet(&mut self, name: &str, while_: Duration) -> bool {
        tokio::time::sleep(while_).await;
        self.ok("ping", json!({"sent_ms": 1, "sessions": []})).await;
        !self.events.iter().any(|(event, _)| event == name)
    }

    /// The next frame that is not a heartbeat; `None` once the connection is closed.
    pub(crate) async fn frame(&mut self) -> Option<String> {
        loop {
            let next = timeout(PATIENCE, self.stream.next()).await;
            match next.expect("something must come in time")? {
                Ok(Message::Text(text)) if text.as_str() == "2" => self.raw("3").await,
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    fn keep(&mut self, frame: &str) {
        if let Some(text) = frame.strip_prefix("42") {
            let (event, argument) = serde_json::from_str(text).unwrap();
            self.events.push_back((event, argument));
        }
    }
}
