//! The server: drives the room, as the real one does, and crashes now and then.

use std::collections::BTreeMap;

use coboard_engine::Time;
use coboard_engine::import_components;
use coboard_engine::room::{
    Answer, AppendFailure, Input, Join, Output, Refused, RequestId, Room, RoomState, Submission,
};
use coboard_protocol::codec::plain_from_json;
use coboard_protocol::message::{Answer as WireAnswer, Role};
use coboard_protocol::ot::Document;
use coboard_protocol::{
    ClientId, DocumentId, ErrorBody, ErrorCode, Kind, LogEntry, Meta, Operation, OperationId,
    Revision, SessionId, User, UserId,
};

use super::people::Message as Request;
use super::{Committed, Connection, Event, Json, World};
use crate::log::Entries;
use crate::workload::dashboard;

/// How long a crashed server stays away in milliseconds, at most.
const DOWN_MS_MAX: usize = 3_000;
/// How long it takes the server to see that a connection is gone in milliseconds, at most.
const NOTICE_MS_MAX: usize = 5_000;

/// A message to a client.
#[derive(Clone, Debug)]
pub(super) enum Message {
    Answer(u64, Json),
    Committed(Json),
    Head(Revision, Option<String>),
    Ended(SessionId, ErrorBody),
}

/// What storage was asked for.
#[derive(Debug)]
pub(super) enum Stored {
    /// To be appended at this head.
    Append(Revision, Entries),
    Read(RequestId, Revision, usize),
    Find(RequestId, Vec<OperationId>),
    Snapshot(Revision, Box<Document>),
    /// A join needs the client's number and what is known of it.
    Join(Box<Join>, Connection),
}

/// The process that holds the room; nothing of it survives a crash.
#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(crate) room: Option<Room>,
    /// Counts the starts.
    incarnation: u64,
    /// Where the answers go: the connection and the client's own number of the request.
    requests: BTreeMap<RequestId, (Connection, u64)>,
    next_request: RequestId,
    next_session: u64,
    sessions: BTreeMap<SessionId, Connection>,
    /// Connections that are gone.
    dead: Vec<Connection>,
    timeout_at: Option<Time>,
    /// What storage is working on.
    appending: Option<(Revision, Entries)>,
}

impl Server {
    pub(super) fn is_at_rest(&self, head: Revision) -> bool {
        self.appending.is_none()
            && self
                .room
                .as_ref()
                .is_some_and(|room| room.revision() == head)
    }
}

pub(crate) fn document_id() -> DocumentId {
    DocumentId::try_from("d1".to_owned()).expect("a legal id")
}

impl World {
    pub(super) fn start_server(&mut self) {
        let (snapshot, document) = self.log.snapshot();
        let tail = self.log.since(snapshot).to_vec();
        let mut at_head = document;
        for entry in &tail {
            at_head.apply(&entry.components);
        }
        self.server.incarnation += 1;
        self.server.room = Some(Room::open(RoomState {
            document_id: document_id(),
            lineage: "l1".to_owned(),
            document: at_head,
            revision: self.log.head(),
            tail,
            snapshot,
            policies: self.plan.policies.clone(),
        }));
    }

    /// The import stands at revision 1 with its snapshot, before anybody comes.
    pub(super) fn create_document(&mut self) {
        let plain = plain_from_json(&dashboard()).expect("plain JSON");
        let entry = LogEntry {
            id: OperationId {
                client: ClientId::try_from("import".to_owned()).expect("a legal id"),
                sequence: 1,
            },
            revision: 1,
            components: import_components(&plain),
            meta: Meta {
                kind: Kind::Import,
                ..Meta::default()
            },
            author: UserId::try_from("u0".to_owned()).expect("a legal id"),
            server_time_ms: self.now.as_ms(),
            conflicts: Vec::new(),
        };
        self.log.append(0, vec![(entry, 0)]);
        let document = self.log.replay();
        self.log.snapshots.insert(1, document);
        self.start_server();
    }

    /// Kills the server. What storage was doing is done or not.
    pub(super) fn crash(&mut self) {
        if let Some((head, entries)) = self.server.appending.take()
            && self.random.chance(50)
        {
            self.log.append(head, entries);
        }
        self.server = Server {
            incarnation: self.server.incarnation,
            next_request: self.server.next_request,
            next_session: self.server.next_session,
            ..Server::default()
        };
        let ms = 1 + self.random.below(DOWN_MS_MAX) as u64;
        self.later(ms, Event::Restart);
        for index in 0..self.people.len() {
            self.break_connection(index);
        }
    }

    /// The server learns later that a connection is gone, if it ever had a session on it.
    pub(super) fn will_notice(&mut self, connection: Connection) {
        let ms = self.random.below(NOTICE_MS_MAX) as u64;
        self.later(ms, Event::Noticed(connection));
    }

    pub(super) fn server_notices(&mut self, connection: Connection) {
        self.server.dead.push(connection);
        let gone: Vec<SessionId> = self
            .server
            .sessions
            .iter()
            .filter(|(_, of)| **of == connection)
            .map(|(session, _)| session.clone())
            .collect();
        for session in gone {
            self.server.sessions.remove(&session);
            self.room_takes(Input::Leave { session });
        }
    }

    pub(super) fn server_takes(&mut self, connection: Connection, request: Request) {
        if self.server.room.is_none() || self.server.dead.contains(&connection) {
            return;
        }
        self.server.next_request += 1;
        let number = self.server.next_request;
        match request {
            Request::Join(asked, client, join) => {
                self.server.requests.insert(number, (connection, asked));
                self.server.next_session += 1;
                let session = format!("s{}", self.server.next_session);
                let join = Join {
                    request: number,
                    session: SessionId::try_from(session).expect("a legal id"),
                    client_number: 0,
                    last_sequence: 0,
                    user: user_of(&client),
                    client,
                    role: Role::Editor,
                    revision: join.revision,
                    lineage: join.lineage,
                    inflight: join.inflight,
                    known: Vec::new(),
                };
                let ms = self.storage_ms();
                self.store_later(ms, Stored::Join(Box::new(join), connection));
            }
            Request::Submit(asked, session, operations) => {
                self.server.requests.insert(number, (connection, asked));
                self.room_takes(Input::Submit {
                    request: number,
                    session,
                    operations: operations.into_iter().map(decode).collect(),
                });
            }
            Request::CatchUp(asked, session, since) => {
                self.server.requests.insert(number, (connection, asked));
                self.room_takes(Input::CatchUp {
                    request: number,
                    session,
                    since,
                    entries: false,
                });
            }
        }
    }

    pub(super) fn stored(&mut self, incarnation: u64, stored: Stored) {
        if incarnation != self.server.incarnation || self.server.room.is_none() {
            return;
        }
        match stored {
            Stored::Append(head, entries) => {
                self.server.appending = None;
                let failed = self.random.chance(self.plan.append_failed_percent);
                let result = if !failed && self.log.append(head, entries) {
                    Ok(())
                } else {
                    Err(AppendFailure::Unavailable)
                };
                self.room_takes(Input::Appended { result });
            }
            Stored::Read(request, since, limit) => {
                let entries = self.log.since(since);
                let entries = entries.iter().take(limit).cloned().collect();
                self.room_takes(Input::LogRead { request, entries });
            }
            Stored::Find(request, ids) => {
                let known = self.log.find(&ids);
                self.room_takes(Input::Found { request, known });
            }
            Stored::Snapshot(revision, document) => {
                if self.random.chance(self.plan.append_failed_percent) {
                    self.room_takes(Input::SnapshotFailed);
                    return;
                }
                self.log.snapshots.insert(revision, *document);
                self.room_takes(Input::SnapshotSaved { revision });
            }
            Stored::Join(mut join, connection) => {
                if self.server.dead.contains(&connection) {
                    return;
                }
                join.client_number = self.log.client_number(&join.client);
                join.last_sequence = self.log.last_sequence(&join.client);
                join.known = self.log.find(&join.inflight);
                let session = join.session.clone();
                self.server.sessions.insert(session, connection);
                self.room_takes(Input::Join(*join));
            }
        }
    }

    pub(super) fn room_timeout(&mut self, incarnation: u64) {
        if incarnation == self.server.incarnation && self.server.room.is_some() {
            self.server.timeout_at = None;
            self.room_takes(Input::Timeout);
        }
    }

    fn room_takes(&mut self, input: Input) {
        let now = self.now;
        let Some(room) = &mut self.server.room else {
            return;
        };
        room.handle(now, input);
        let outputs: Vec<Output> = std::iter::from_fn(|| room.poll()).collect();
        let due = room.next_timeout();
        for output in outputs {
            self.carry_out(output);
        }
        if let Some(due) = due
            && self.server.timeout_at.is_none_or(|at| due < at)
        {
            self.server.timeout_at = Some(due);
            let incarnation = self.server.incarnation;
            self.later(due.ms_since(now), Event::RoomTimeout(incarnation));
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Answer { request, answer } => {
                if let Some((connection, asked)) = self.server.requests.remove(&request) {
                    self.send_to_client(connection, Message::Answer(asked, on_wire(answer)));
                }
            }
            Output::Append {
                head,
                entries,
                fingerprints,
                ..
            } => {
                let entries: Entries = entries.into_iter().zip(fingerprints).collect();
                self.server.appending = Some((head, entries.clone()));
                let ms = 1 + self.random.below(self.plan.append_ms) as u64;
                self.store_later(ms, Stored::Append(head, entries));
            }
            Output::ReadLog {
                request,
                since,
                limit,
            } => {
                let ms = self.storage_ms();
                self.store_later(ms, Stored::Read(request, since, limit));
            }
            Output::Find { request, ids } => {
                let ms = self.storage_ms();
                self.store_later(ms, Stored::Find(request, ids));
            }
            Output::SaveSnapshot { revision, document } => {
                let ms = self.storage_ms();
                self.store_later(ms, Stored::Snapshot(revision, Box::new(document)));
            }
            Output::Committed(committed) => {
                let json = serde_json::to_value::<Committed>(committed);
                self.tell_group(&Message::Committed(json.expect("it is JSON")));
            }
            Output::Head(head) => self.tell_group(&Message::Head(head.revision, head.hash)),
            Output::Ended { session, error } => {
                if let Some(connection) = self.server.sessions.remove(&session) {
                    self.send_to_client(connection, Message::Ended(session, error));
                }
            }
            // Nobody in the simulation looks at presence.
            Output::PoliciesChanged(_) | Output::Presence(_) => {}
        }
    }

    fn tell_group(&mut self, message: &Message) {
        let connections: Vec<Connection> = self.server.sessions.values().copied().collect();
        for connection in connections {
            self.send_to_client(connection, message.clone());
        }
    }

    fn store_later(&mut self, ms: u64, stored: Stored) {
        let incarnation = self.server.incarnation;
        self.later(ms, Event::Stored(incarnation, stored));
    }

    fn storage_ms(&mut self) -> u64 {
        self.random.below(self.plan.append_ms) as u64
    }
}

fn user_of(client: &ClientId) -> User {
    User {
        id: UserId::try_from(format!("u-{client}")).expect("a legal id"),
        name: client.to_string(),
    }
}

/// Reads a submitted operation as the server does.
fn decode(json: Json) -> Submission {
    let id = serde_json::from_value(json["id"].clone()).expect("the client writes an id");
    serde_json::from_value::<Operation>(json).map_err(|error| Refused {
        id,
        error: ErrorBody::new(ErrorCode::Op, error.to_string()),
    })
}

fn on_wire(answer: Answer) -> Json {
    let json = match answer {
        Answer::Joined(result) => serde_json::to_value(WireAnswer::from(result)),
        Answer::Submitted(result) => serde_json::to_value(WireAnswer::from(result)),
        Answer::CaughtUp(result) => serde_json::to_value(WireAnswer::from(result)),
        Answer::Written(result) => serde_json::to_value(WireAnswer::from(result)),
    };
    json.expect("it is JSON")
}
