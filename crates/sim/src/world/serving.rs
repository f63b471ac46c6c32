//! What the server does with requests and with what the room wants.

use std::sync::Arc;

use coboard_engine::room::{Input, Join, Output, Refused, Room, Submission};
use coboard_protocol::message::Role;
use coboard_protocol::{ClientId, ErrorBody, ErrorCode, Operation, SessionId, User, UserId};
use serde_json::json;

use super::World;
use super::events::{Connection, Message, Request};
use super::server::{Asker, Stored};

impl World {
    pub(super) fn server_takes(&mut self, connection: Connection, request: Request) {
        if self.server.room.is_none() || self.server.dead.contains(&connection) {
            return;
        }
        match request {
            Request::Join(asked, client, join) => {
                let request = self.server.ask(Asker::Client(connection, asked));
                self.server.next_session += 1;
                let session = format!("s{}", self.server.next_session);
                let user = self.user_of(&client);
                let join = Join {
                    request,
                    session: SessionId::try_from(session).expect("a legal id"),
                    client_number: 0,
                    last_sequence: 0,
                    role: self.role_of(&user.id),
                    user,
                    client,
                    revision: join.revision,
                    lineage: join.lineage,
                    inflight: join.inflight,
                    known: Vec::new(),
                };
                let ms = self.storage_ms();
                self.store_later(ms, Stored::Join(Box::new(join), connection));
            }
            Request::Submit(asked, session, operations) => {
                let request = self.server.ask(Asker::Client(connection, asked));
                self.admit(&operations);
                let wire = self.plan.wire;
                let operations = operations
                    .into_iter()
                    .map(|operation| decode(operation, wire));
                let operations = operations.collect();
                self.room_takes(Input::Submit {
                    request,
                    session,
                    operations,
                });
            }
            Request::Ping => {
                let head = self.server.room.as_ref().map_or(0, Room::revision);
                self.send_to_client(connection, Message::Head(head, None));
            }
            Request::CatchUp(asked, session, since, entries) => {
                let request = self.server.ask(Asker::Client(connection, asked));
                self.room_takes(Input::CatchUp {
                    request,
                    session,
                    since,
                    entries,
                });
            }
        }
    }

    /// Notes which operations came from somebody who may edit at that time.
    fn admit(&mut self, operations: &[Operation]) {
        let Some(first) = operations.first() else {
            return;
        };
        let user = self.user_of(&first.id.client);
        if self.role_of(&user.id) < Role::Editor {
            return;
        }
        let mut everybody = self.people.iter_mut().chain(&mut self.gone);
        if let Some(person) = everybody.find(|person| person.client == first.id.client) {
            for operation in operations {
                if let Some(made) = person.made.get_mut(&operation.id.sequence) {
                    made.admitted = true;
                }
            }
        }
    }

    pub(super) fn carry_out(&mut self, output: Output) {
        match output {
            Output::Answer { request, answer } => match self.server.requests.remove(&request) {
                Some(Asker::Client(connection, asked)) => {
                    self.send_to_client(connection, Message::Answer(asked, Box::new(answer)));
                }
                Some(Asker::Operator(number)) => self.operator.answered(number, &answer),
                None => {}
            },
            Output::Append {
                head,
                entries,
                fingerprints,
                ..
            } => self.append(head, entries.into_iter().zip(fingerprints).collect()),
            Output::ReadLog {
                request,
                since,
                limit,
            } => self.store_soon(Stored::Read(request, since, limit)),
            Output::Find { request, ids } => self.store_soon(Stored::Find(request, ids)),
            Output::SaveSnapshot { revision, document } => {
                self.store_soon(Stored::Snapshot(revision, Box::new(document)));
            }
            Output::Committed(committed) => {
                let numbers = [committed.from, committed.to];
                let detail = || json!({"entries": committed.entries});
                self.journal.note(self.now, "tell", &numbers, detail);
                self.tell_group(&Message::Committed(Arc::new(committed)));
            }
            Output::Head(head) => self.tell_group(&Message::Head(head.revision, head.hash)),
            Output::Ended { session, error } => {
                if let Some((connection, _)) = self.server.sessions.remove(&session) {
                    self.send_to_client(connection, Message::Ended(session, error));
                }
            }
            // Nobody in the simulation looks at presence.
            Output::PoliciesChanged(_) | Output::Presence(_) => {}
        }
    }

    fn tell_group(&mut self, message: &Message) {
        let sessions = self.server.sessions.values();
        let connections: Vec<Connection> = sessions.map(|(connection, _)| *connection).collect();
        for connection in connections {
            self.send_to_client(connection, message.clone());
        }
    }

    fn user_of(&self, client: &ClientId) -> User {
        let person = self.everybody().find(|person| person.client == *client);
        person.map_or_else(nobody, |person| person.user.clone())
    }
}

fn nobody() -> User {
    User {
        id: UserId::try_from("nobody").expect("a legal id"),
        name: String::new(),
    }
}

/// Reads a submitted operation as the server does.
fn decode(operation: Operation, wire: bool) -> Submission {
    if !wire {
        return Ok(operation);
    }
    let id = operation.id.clone();
    serde_json::from_value(json!(operation)).map_err(|error| Refused {
        id,
        error: ErrorBody::new(ErrorCode::Op, error.to_string()),
    })
}
