//! A raw line to the server, on either transport: one session that hears and tells presence, and
//! nothing that would hide a mistake of the server.
//!
//! Not here: reconnecting, switches between the transports, anything of documents.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use coboard_client::open_token;
use coboard_protocol::{DocumentId, User, UserId};
use serde_json::{Value as Json, json};
use tokio::time::timeout;

mod polling;
mod websocket;

use polling::Polling;
use websocket::WebSocket;

/// How long the server may take for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// What carries the packets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Transport {
    WebSocket,
    Polling,
}

impl Transport {
    pub(crate) const ALL: [Self; 2] = [Self::WebSocket, Self::Polling];

    /// As on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "web-socket",
            Self::Polling => "polling",
        }
    }
}

/// What came over a line.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A heartbeat, to be answered with [`Line::pong`].
    Ping,
    /// An event: its name and the text of its argument.
    Event(String, String),
    /// An answer: its number and its text.
    Answer(u64, String),
    /// The line is open.
    Connected,
    /// Something else.
    Other,
}

/// A line. Dropped, its sockets close and nobody says good-bye.
pub(crate) struct Line {
    way: Way,
    next_id: u64,
    /// What came while an answer was awaited.
    backlog: VecDeque<Heard>,
}

enum Way {
    WebSocket(WebSocket),
    Polling(Polling),
}

/// A session in a document.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) document: DocumentId,
    pub(crate) session: String,
    pub(crate) revision: u64,
    /// The sessions that were there when it began, its own with them.
    pub(crate) present: Vec<String>,
}

impl Line {
    /// Connects as a person, and says `hello` as a client of theirs.
    pub(crate) async fn open(
        server: SocketAddr,
        transport: Transport,
        person: &str,
        client: &str,
    ) -> Result<Self> {
        let way = match transport {
            Transport::WebSocket => Way::WebSocket(WebSocket::open(server).await?),
            Transport::Polling => Way::Polling(Polling::open(server).await?),
        };
        let mut line = Self {
            way,
            next_id: 0,
            backlog: VecDeque::new(),
        };
        let user = User {
            id: UserId::try_from(person)?,
            name: person.to_owned(),
        };
        let auth = json!({ "token": open_token(&user) });
        line.write(&format!("40{auth}")).await?;
        let connected = timeout(ANSWER_TIMEOUT, line.connected()).await;
        connected.context("not let in in time")??;
        let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": client});
        line.ask("hello", &hello).await?;
        Ok(line)
    }

    /// Joins a document.
    pub(crate) async fn join(&mut self, document: &DocumentId) -> Result<Seat> {
        let join = json!({"document": document, "inflight": []});
        let joined = self.ask("join", &join).await?;
        let session = joined["session"].as_str().context("a session")?.to_owned();
        let revision = joined["head"].as_u64().context("a head")?;
        let entries = joined["presence"].as_array().context("who is there")?;
        let sessions = entries.iter().filter_map(|entry| entry["session"].as_str());
        Ok(Seat {
            document: document.clone(),
            session,
            revision,
            present: sessions.map(str::to_owned).collect(),
        })
    }

    /// Sends a request; gives the value of its answer.
    pub(crate) async fn ask(&mut self, event: &str, argument: &Json) -> Result<Json> {
        let asked = self.next_id;
        self.send(event, argument).await?;
        let answer = timeout(ANSWER_TIMEOUT, self.answer(asked)).await;
        let answer: Json = serde_json::from_str(&answer.context("no answer in time")??)?;
        if answer["ok"] != true {
            bail!("{event} was refused: {answer}");
        }
        Ok(answer["value"].clone())
    }

    /// Sends a request whose answer is heard like all else. Gives its number.
    pub(crate) async fn send(&mut self, event: &str, argument: &Json) -> Result<u64> {
        let id = self.next_id;
        self.next_id += 1;
        self.write(&format!("42{id}[\"{event}\",{argument}]"))
            .await?;
        Ok(id)
    }

    /// Tells something that needs no answer.
    pub(crate) async fn tell(&mut self, event: &str, argument: &Json) -> Result<()> {
        self.write(&format!("42[\"{event}\",{argument}]")).await
    }

    /// Tells presence.
    pub(crate) async fn present(&mut self, seat: &Seat, patch: &Json) -> Result<()> {
        let presence = json!({"document": seat.document, "session": seat.session, "patch": patch});
        self.tell("presence", &presence).await
    }

    /// The next thing that comes. Nothing is lost when the future is dropped.
    pub(crate) async fn hear(&mut self) -> Result<Heard> {
        match self.backlog.pop_front() {
            Some(heard) => Ok(heard),
            None => self.next().await,
        }
    }

    /// Answers a heartbeat.
    pub(crate) async fn pong(&mut self) -> Result<()> {
        self.write("3").await
    }

    /// Ends as a page does that is closed in good order.
    pub(crate) async fn close(mut self) -> Result<()> {
        self.write("41").await
    }

    async fn connected(&mut self) -> Result<()> {
        loop {
            match self.next().await? {
                Heard::Connected => return Ok(()),
                Heard::Ping => self.pong().await?,
                Heard::Event(..) | Heard::Answer(..) | Heard::Other => {}
            }
        }
    }

    async fn answer(&mut self, asked: u64) -> Result<String> {
        loop {
            match self.next().await? {
                Heard::Ping => self.pong().await?,
                Heard::Answer(id, text) if id == asked => return Ok(text),
                heard
                @ (Heard::Event(..) | Heard::Answer(..) | Heard::Connected | Heard::Other) => {
                    self.backlog.push_back(heard);
                }
            }
        }
    }

    async fn next(&mut self) -> Result<Heard> {
        let packet = match &mut self.way {
            Way::WebSocket(socket) => socket.read().await?,
            Way::Polling(polling) => polling.read().await?,
        };
        read(&packet)
    }

    async fn write(&mut self, packet: &str) -> Result<()> {
        match &mut self.way {
            Way::WebSocket(socket) => socket.write(packet).await,
            Way::Polling(polling) => polling.write(packet).await,
        }
    }
}

/// Reads a packet: `2` is a heartbeat, `40` opens, `42` an event, `43` an answer, `44` a refusal.
fn read(packet: &str) -> Result<Heard> {
    if packet == "2" {
        return Ok(Heard::Ping);
    }
    if packet == "1" || packet == "41" {
        bail!("the server closed the line");
    }
    if packet.starts_with("40") {
        return Ok(Heard::Connected);
    }
    if let Some(refusal) = packet.strip_prefix("44") {
        bail!("the server refused the line: {refusal}");
    }
    if let Some(event) = packet.strip_prefix("42[\"") {
        let (name, rest) = event
            .split_once("\",")
            .context("an event has an argument")?;
        let argument = rest.strip_suffix(']').context("an event ends")?;
        return Ok(Heard::Event(name.to_owned(), argument.to_owned()));
    }
    if let Some(answer) = packet.strip_prefix("43") {
        let (id, rest) = answer.split_once('[').context("an answer has a value")?;
        let value = rest.strip_suffix(']').context("an answer ends")?;
        return Ok(Heard::Answer(id.parse()?, value.to_owned()));
    }
    Ok(Heard::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_read() {
        assert!(matches!(read("2"), Ok(Heard::Ping)));
        assert!(matches!(read("40{\"sid\":\"x\"}"), Ok(Heard::Connected)));
        assert!(matches!(read("6"), Ok(Heard::Other)));
        let event = read(r#"42["head",{"a":[1]}]"#);
        assert!(matches!(event, Ok(Heard::Event(n, a)) if n == "head" && a == r#"{"a":[1]}"#));
        let answer = read(r#"4312[{"ok":true}]"#);
        assert!(matches!(answer, Ok(Heard::Answer(12, a)) if a == r#"{"ok":true}"#));
        assert!(read("41").is_err());
        assert!(read(r#"44{"message":"E_AUTH"}"#).is_err());
    }
}
