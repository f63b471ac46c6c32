//! Text packets of Socket.IO v5 inside Engine.IO v4, as they travel in WebSocket messages.
//!
//! Only what this client needs: the namespace `/`, text, one argument an event. Binary packets,
//! upgrades and other namespaces are errors, not guesses.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

/// A packet from the server.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Packet {
    /// Engine.IO: the handshake is done.
    Open(Handshake),
    /// Engine.IO: the server closes.
    Close,
    /// Engine.IO: a heartbeat that wants a pong.
    Ping,
    /// Engine.IO: says nothing.
    Noop,
    /// Socket.IO: the namespace is entered.
    Connected,
    /// Socket.IO: the namespace may not be entered; the message is the bare error code.
    Refused(String),
    /// Socket.IO: the server ends the namespace.
    Disconnected,
    /// Socket.IO: an event.
    Event {
        /// Its name.
        name: String,
        /// Its first argument; `null` if it has none.
        argument: Json,
    },
    /// Socket.IO: the answer to an event.
    Answer {
        /// The number that the event was sent with.
        id: u64,
        /// Its first argument; `null` if it has none.
        argument: Json,
    },
}

/// What the server tells at the beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Handshake {
    /// Milliseconds between two heartbeats.
    pub(crate) ping_interval: u64,
    /// Milliseconds a heartbeat may be late.
    pub(crate) ping_timeout: u64,
}

/// Why a text is no packet that this client understands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PacketError {
    /// There is nothing.
    #[error("the packet is empty")]
    Empty,
    /// The first character is no packet type of Engine.IO, or one that only polling has.
    #[error("the packet has an unknown Engine.IO type")]
    EngineType,
    /// The second character is no packet type of Socket.IO, or one for binary data.
    #[error("the packet has an unknown or binary Socket.IO type")]
    SocketType,
    /// The packet belongs to another namespace.
    #[error("the packet is of another namespace")]
    Namespace,
    /// An answer has no number, or one that is too large.
    #[error("the answer has no number")]
    AnswerId,
    /// The rest is not the JSON that the type needs.
    #[error("the packet does not hold the JSON of its type")]
    Json,
}

impl Packet {
    /// Reads the text of one WebSocket message.
    pub(crate) fn read(text: &str) -> Result<Self, PacketError> {
        let mut chars = text.chars();
        let kind = chars.next().ok_or(PacketError::Empty)?;
        let rest = chars.as_str();
        match kind {
            '0' => json(rest).map(Self::Open),
            '1' => Ok(Self::Close),
            '2' => Ok(Self::Ping),
            '4' => read_message(rest),
            '6' => Ok(Self::Noop),
            _ => Err(PacketError::EngineType),
        }
    }
}

/// The pong that answers a ping.
pub(crate) const PONG: &str = "3";
/// Leaves the namespace.
pub(crate) const DISCONNECT: &str = "41";

/// Enters the namespace.
pub(crate) fn connect(auth: &Json) -> String {
    format!("40{auth}")
}

/// An event that wants an answer.
pub(crate) fn event(id: u64, name: &str, argument: &Json) -> String {
    let name = Json::from(name);
    format!("42{id}[{name},{argument}]")
}

fn read_message(text: &str) -> Result<Packet, PacketError> {
    let mut chars = text.chars();
    let kind = chars.next().ok_or(PacketError::SocketType)?;
    let rest = chars.as_str();
    if rest.starts_with('/') {
        return Err(PacketError::Namespace);
    }
    match kind {
        // `{"sid":…}` follows; nobody needs it.
        '0' => json::<IgnoredAny>(rest).map(|_| Packet::Connected),
        '1' => Ok(Packet::Disconnected),
        '2' => read_event(rest),
        '3' => read_answer(rest),
        '4' => json::<Refusal>(rest).map(|refusal| Packet::Refused(refusal.message)),
        _ => Err(PacketError::SocketType),
    }
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

fn read_event(text: &str) -> Result<Packet, PacketError> {
    // The server asks nothing of clients, but an event with a number is still an event.
    let (_, text) = number(text);
    let mut arguments = json::<Vec<Json>>(text)?.into_iter();
    let Some(Json::String(name)) = arguments.next() else {
        return Err(PacketError::Json);
    };
    let argument = arguments.next().unwrap_or_default();
    Ok(Packet::Event { name, argument })
}

fn read_answer(text: &str) -> Result<Packet, PacketError> {
    let (id, text) = number(text);
    let id = id.ok_or(PacketError::AnswerId)?;
    let argument = json::<Vec<Json>>(text)?.into_iter().next();
    Ok(Packet::Answer {
        id,
        argument: argument.unwrap_or_default(),
    })
}

/// The decimal number at the beginning, if there is one that fits, and what follows the digits.
fn number(text: &str) -> (Option<u64>, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.parse().ok(), rest)
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, PacketError> {
    serde_json::from_str(text).map_err(|_| PacketError::Json)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};
    use serde_json::json;

    use super::*;

    #[test]
    fn packets_of_the_server_are_read() {
        let read = |text: &str| Packet::read(text).expect("a packet");
        assert_eq!(
            read(
                r#"0{"sid":"x","upgrades":[],"pingInterval":10000,"pingTimeout":5000,"maxPayload":1}"#
            ),
            Packet::Open(Handshake {
                ping_interval: 10_000,
                ping_timeout: 5_000
            })
        );
        assert_eq!(read("1"), Packet::Close);
        assert_eq!(read("2"), Packet::Ping);
        assert_eq!(read("6"), Packet::Noop);
        assert_eq!(read(r#"40{"sid":"y"}"#), Packet::Connected);
        assert_eq!(
            read(r#"44{"message":"E_AUTH"}"#),
            Packet::Refused("E_AUTH".into())
        );
        assert_eq!(read("41"), Packet::Disconnected);
        let event = |argument| Packet::Event {
            name: "head".into(),
            argument,
        };
        assert_eq!(read(r#"42["head",{"n":1}]"#), event(json!({"n": 1})));
        assert_eq!(read(r#"4217["head"]"#), event(Json::Null));
        let answer = |argument| Packet::Answer { id: 12, argument };
        assert_eq!(read(r#"4312[{"ok":true}]"#), answer(json!({"ok": true})));
        assert_eq!(read("4312[]"), answer(Json::Null));
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        for (text, error) in [
            ("", PacketError::Empty),
            ("3", PacketError::EngineType),
            ("5", PacketError::EngineType),
            ("ä", PacketError::EngineType),
            ("4", PacketError::SocketType),
            (r#"451-["x"]"#, PacketError::SocketType),
            ("4€", PacketError::SocketType),
            (r#"42/admin,["x"]"#, PacketError::Namespace),
            ("43[]", PacketError::AnswerId),
            ("4399999999999999999999[]", PacketError::AnswerId),
            ("42", PacketError::Json),
            ("42[]", PacketError::Json),
            ("42[1]", PacketError::Json),
            (r#"42{"a":1}"#, PacketError::Json),
            ("431{}", PacketError::Json),
            ("0{}", PacketError::Json),
            ("44{}", PacketError::Json),
        ] {
            assert_eq!(Packet::read(text), Err(error), "{text}");
        }
        let deep = format!(r#"42["x",{}{}]"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(Packet::read(&deep), Err(PacketError::Json));
    }

    #[test]
    fn what_is_written_can_be_read_by_the_other_side() {
        assert_eq!(connect(&json!({"token": "t"})), r#"40{"token":"t"}"#);
        let text = event(7, "jo\"in", &json!({"a": "ü"}));
        assert_eq!(text, r#"427["jo\"in",{"a":"ü"}]"#);
        // An event has the same form in both directions.
        let packet = Packet::Event {
            name: "jo\"in".into(),
            argument: json!({"a": "ü"}),
        };
        assert_eq!(Packet::read(&text), Ok(packet));
    }

    #[test]
    fn no_text_makes_it_panic() {
        let seed = std::env::var("SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(rand::random::<u64>);
        println!("SEED={seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let pieces = [
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "40",
            "42",
            "43",
            "44",
            "45",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\",
            "/",
            ",",
            "-",
            "7",
            "99999999999999999999",
            "null",
            "\"a\"",
            "ä",
            "😀",
            "\u{0}",
            " ",
            r#"["head",{}]"#,
            r#"{"message":"#,
            r#"{"pingInterval":1,"pingTimeout":"#,
        ];
        for _ in 0..50_000 {
            let length = random.random_range(0..8);
            let text: String = (0..length)
                .map(|_| pieces[random.random_range(0..pieces.len())])
                .collect();
            let _any = Packet::read(&text);
        }
    }
}
