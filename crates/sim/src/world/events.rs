//! What can happen next.

use std::sync::Arc;

use coboard_engine::room::Answer;
use coboard_protocol::message::{Committed, Join};
use coboard_protocol::{ClientId, ErrorBody, Operation, Revision, SessionId, Snapshot};

use super::server::Stored;

/// A link between a person and the server.
pub(crate) type Connection = u64;

#[derive(Debug)]
pub(super) enum Event {
    /// A message from a client arrives.
    ToServer(Connection, Request),
    /// A message from the server arrives.
    ToClient(Connection, Message),
    /// Storage is done with what this incarnation of the server asked for.
    Stored(u64, Stored),
    /// A person does something.
    Act(usize),
    /// The network of a person is back.
    Connect(usize),
    /// A person notices that this connection is dead.
    Cut(usize, Connection),
    /// The tab of a client ends, if it is still in this life.
    Kill(usize, u32),
    /// The time that a client waits for.
    ClientTimeout(usize, Connection),
    /// A client asks how far the server is.
    Ping(usize, Connection),
    /// The time that the room waits for.
    RoomTimeout(u64),
    /// The server notices that a connection is gone.
    Noticed(Connection),
    /// A snapshot has been fetched, or could not be.
    Fetched(usize, Connection, Option<Box<Snapshot>>),
    /// The server starts again.
    Restart,
    /// Faults and work end.
    Calm,
}

/// A request to the server, with the client's own number of it.
#[derive(Clone, Debug)]
pub(super) enum Request {
    Join(u64, ClientId, Join),
    Submit(u64, SessionId, Vec<Operation>),
    CatchUp(u64, SessionId, Revision, bool),
    /// Asks for the head, now and then.
    Ping,
}

/// A message to a client.
#[derive(Clone, Debug)]
pub(super) enum Message {
    Answer(u64, Box<Answer>),
    Committed(Arc<Committed>),
    Head(Revision, Option<String>),
    Ended(SessionId, ErrorBody),
}

impl Event {
    /// Its name and what tells it from others, for the journal.
    pub(super) fn describe(&self) -> (&'static str, [u64; 2]) {
        match self {
            Self::ToServer(connection, request) => match request {
                Request::Join(number, ..) => ("join", [*connection, *number]),
                Request::Submit(number, ..) => ("submit", [*connection, *number]),
                Request::CatchUp(number, ..) => ("catch_up", [*connection, *number]),
                Request::Ping => ("ping", [*connection, 0]),
            },
            Self::ToClient(connection, message) => match message {
                Message::Answer(number, _) => ("answer", [*connection, *number]),
                Message::Committed(committed) => ("committed", [*connection, committed.to]),
                Message::Head(revision, _) => ("head", [*connection, *revision]),
                Message::Ended(..) => ("session_ended", [*connection, 0]),
            },
            Self::Stored(incarnation, stored) => ("stored", [*incarnation, stored.number()]),
            Self::Act(index) => ("act", [*index as u64, 0]),
            Self::Connect(index) => ("connect", [*index as u64, 0]),
            Self::Cut(index, connection) => ("cut", [*index as u64, *connection]),
            Self::Kill(index, life) => ("kill", [*index as u64, u64::from(*life)]),
            Self::ClientTimeout(index, connection) => ("timeout", [*index as u64, *connection]),
            Self::Ping(index, connection) => ("ping_due", [*index as u64, *connection]),
            Self::RoomTimeout(incarnation) => ("room_timeout", [*incarnation, 0]),
            Self::Noticed(connection) => ("noticed", [*connection, 0]),
            Self::Fetched(index, connection, snapshot) => {
                let revision = snapshot.as_ref().map_or(0, |snapshot| snapshot.revision);
                ("fetched", [*index as u64, connection << 32 | revision])
            }
            Self::Restart => ("restart", [0; 2]),
            Self::Calm => ("calm", [0; 2]),
        }
    }
}
