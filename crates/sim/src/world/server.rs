//! The server: a process that holds the room, drives it as the real one does, and crashes now and then.

use std::collections::{BTreeMap, BTreeSet};

use coboard_engine::Time;
use coboard_engine::import_components;
use coboard_engine::room::{Answer, Input, Output, RequestId, Room, RoomState};
use coboard_protocol::codec::plain_from_json;
use coboard_protocol::message::Answer as WireAnswer;
use coboard_protocol::{
    ClientId, DocumentId, Kind, LogEntry, Meta, OperationId, Revision, SessionId, UserId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::World;
use super::events::{Connection, Event};
pub(super) use super::storing::Stored;
use crate::log::Entries;
use crate::plan::Sabotage;
use crate::workload::dashboard;

/// How long a crashed server stays away in milliseconds, at most.
const DOWN_MS_MAX: usize = 3_000;
/// How long it takes the server to see that a connection is gone in milliseconds, at most.
const NOTICE_MS_MAX: usize = 5_000;

/// The process that holds the room; but for counters nothing of it survives a crash.
#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(crate) room: Option<Room>,
    /// Counts the starts.
    pub(super) incarnation: u64,
    /// The history that storage has; another one after going back to a backup.
    pub(crate) lineage: u32,
    /// Who waits for the answer to a request.
    pub(super) requests: BTreeMap<RequestId, Asker>,
    pub(super) next_request: RequestId,
    pub(super) next_session: u64,
    pub(super) sessions: BTreeMap<SessionId, (Connection, UserId)>,
    /// Connections that are gone.
    pub(super) dead: BTreeSet<Connection>,
    pub(super) timeout_at: Option<Time>,
    /// What storage is working on.
    pub(super) appending: Option<(Revision, Entries)>,
}

/// Who asked for something.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asker {
    /// The connection, and the client's own number of the request.
    Client(Connection, u64),
    /// Somebody without a session.
    Operator(u64),
}

impl Server {
    pub(super) fn is_at_rest(&self, head: Revision) -> bool {
        self.appending.is_none()
            && self
                .room
                .as_ref()
                .is_some_and(|room| room.revision() == head)
    }

    pub(super) fn ask(&mut self, asker: Asker) -> RequestId {
        self.next_request += 1;
        self.requests.insert(self.next_request, asker);
        self.next_request
    }
}

pub(crate) fn document_id() -> DocumentId {
    DocumentId::try_from("d1".to_owned()).expect("a legal id")
}

impl World {
    pub(super) fn start_server(&mut self) {
        let (snapshot, mut document) = self.log.snapshot();
        let mut tail = self.log.after(snapshot).to_vec();
        for entry in &tail {
            document.apply(&entry.components);
        }
        if self.plan.sabotage == Some(Sabotage::Dedupe) {
            tail.clear();
        }
        self.server.incarnation += 1;
        self.server.room = Some(Room::open(RoomState {
            document_id: document_id(),
            lineage: format!("l{}", self.server.lineage),
            document,
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
            author: UserId::try_from("importer".to_owned()).expect("a legal id"),
            server_time_ms: self.now.as_ms(),
            conflicts: Vec::new(),
        };
        self.log.append(0, vec![(entry, 0)]);
        self.log.compact(0);
        self.start_server();
    }

    /// Kills the server. What storage was doing is done or not.
    pub(super) fn crash(&mut self) {
        if let Some((head, entries)) = self.server.appending.take()
            && self.storage.chance(50)
        {
            self.log.append(head, entries);
        }
        let before = std::mem::take(&mut self.server);
        self.server = Server {
            incarnation: before.incarnation,
            lineage: before.lineage,
            next_request: before.next_request,
            next_session: before.next_session,
            ..Server::default()
        };
        self.operator.server_is_gone();
        let ms = 1 + self.storage.below(DOWN_MS_MAX) as u64;
        self.later(ms, Event::Restart);
        for index in 0..self.people.len() {
            self.break_connection(index);
        }
    }

    /// The server learns later that a connection is gone, if it ever had a session on it.
    pub(super) fn will_notice(&mut self, connection: Connection) {
        let ms = self.network.below(NOTICE_MS_MAX) as u64;
        self.later(ms, Event::Noticed(connection));
    }

    pub(super) fn server_notices(&mut self, connection: Connection) {
        self.server.dead.insert(connection);
        let sessions = self.server.sessions.iter();
        let gone: Vec<SessionId> = sessions
            .filter(|(_, (of, _))| *of == connection)
            .map(|(session, _)| session.clone())
            .collect();
        for session in gone {
            self.server.sessions.remove(&session);
            self.room_takes(Input::Leave { session });
        }
    }

    pub(super) fn room_timeout(&mut self, incarnation: u64) {
        if incarnation == self.server.incarnation && self.server.room.is_some() {
            self.server.timeout_at = None;
            self.room_takes(Input::Timeout);
        }
    }

    pub(super) fn room_takes(&mut self, input: Input) {
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
}

pub(super) fn on_wire(answer: Answer) -> Json {
    match answer {
        Answer::Joined(result) => json!(WireAnswer::from(result)),
        Answer::Submitted(result) => json!(WireAnswer::from(result)),
        Answer::CaughtUp(result) => json!(WireAnswer::from(result)),
        Answer::Written(result) => json!(WireAnswer::from(result)),
    }
}

/// The same value after it was written as JSON and read again.
pub(super) fn through_wire<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let json = serde_json::to_value(value).expect("messages are JSON");
    serde_json::from_value(json).expect("what is written can be read")
}
