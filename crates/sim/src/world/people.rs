//! People: each with a client machine, a mirror of what it told, and a memory of every promise.

use std::collections::{BTreeMap, BTreeSet};

use coboard_engine::client::{Changed, Client, Config, Input, Output, Request};
use coboard_protocol::message::Join;
use coboard_protocol::{
    ClientId, Conflict, OperationId, Revision, SessionId, Snapshot, User, UserId,
};

use super::server::{Message as FromServer, document_id};
use super::{Connection, Event, Failure, Json, World};
use crate::workload::{Gesture, gesture, note};

/// How long a person is without network in milliseconds, at most.
const OFFLINE_MS_MAX: usize = 8_000;
/// How long a reconnecting client waits in milliseconds, at most.
const RECONNECT_MS_MAX: usize = 1_500;

/// A request to the server, with the client's own number of it.
#[derive(Clone, Debug)]
pub(super) enum Message {
    Join(u64, ClientId, Join),
    Submit(u64, SessionId, Vec<Json>),
    CatchUp(u64, SessionId, Revision),
}

/// Somebody at a dashboard.
#[derive(Debug)]
pub(crate) struct Person {
    index: usize,
    pub(crate) client: ClientId,
    pub(crate) machine: Client,
    connection: Option<Connection>,
    timeout_at: Option<coboard_engine::Time>,
    /// Gestures still to be made.
    pub(crate) gestures: usize,
    /// Notes that were made, each with its operation.
    pub(crate) notes: Vec<(String, OperationId)>,
    /// Operations that were made.
    pub(crate) made: BTreeSet<OperationId>,
    /// What the server promised to be durable.
    pub(crate) acked: BTreeMap<OperationId, Revision>,
    pub(crate) rejected: BTreeSet<OperationId>,
    /// What own operations met, as it was told.
    pub(crate) met: Vec<(OperationId, Revision, Vec<Conflict>)>,
    /// What the machine told about items and lists.
    pub(crate) items: BTreeMap<String, Json>,
    pub(crate) lists: BTreeMap<String, Vec<String>>,
}

impl Person {
    pub(super) fn is_at_rest(&self, head: Revision) -> bool {
        let status = self.machine.status();
        self.connection.is_some()
            && status.joined
            && !status.loading
            && status.pending_count == 0
            && self.machine.revision() == head
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "{} at {} {:?} queue {:?}",
            self.client,
            self.machine.revision(),
            self.machine.status(),
            self.machine.queue()
        )
    }

    fn mirror(&mut self, changed: Changed) {
        if changed.reset {
            self.items.clear();
            self.lists.clear();
        }
        self.items.extend(changed.items);
        self.lists.extend(changed.lists);
    }
}

impl World {
    pub(super) fn new_person(&mut self, index: usize, gestures: usize) -> Person {
        // A new tab is a new client.
        let client = format!("c{index}-{}", self.people.len() + self.gone.len());
        let client = ClientId::try_from(client).expect("a legal id");
        let user = User {
            id: UserId::try_from(format!("u-{client}")).expect("a legal id"),
            name: client.to_string(),
        };
        Person {
            index,
            machine: Client::new(Config {
                document: document_id(),
                client: client.clone(),
                user,
            }),
            client,
            connection: None,
            timeout_at: None,
            gestures,
            notes: Vec::new(),
            made: BTreeSet::new(),
            acked: BTreeMap::new(),
            met: Vec::new(),
            rejected: BTreeSet::new(),
            items: BTreeMap::new(),
            lists: BTreeMap::new(),
        }
    }

    pub(super) fn schedule_act(&mut self, index: usize) {
        let ms = self.random.below(self.plan.pause_ms) as u64;
        self.later(ms, Event::Act(index));
    }

    /// A person does something, and perhaps something breaks.
    pub(super) fn act(&mut self, index: usize) -> Result<(), Failure> {
        let Some(left) = self.people[index].gestures.checked_sub(1) else {
            return Ok(());
        };
        if !self.people[index].machine.is_loaded() {
            self.later(50, Event::Act(index));
            return Ok(());
        }
        self.people[index].gestures = left;
        let person = &mut self.people[index];
        let words = format!("{} {};", person.client, person.notes.len());
        let noting = self.random.chance(20);
        let chosen = if noting {
            note(&mut self.random, person.machine.view(), &words)
        } else {
            gesture(&mut self.random, person.machine.view(), self.plan.undo)
        };
        let id = match chosen {
            Some(Gesture::Edit(request)) => person.machine.edit(self.now, &request).id,
            Some(Gesture::Undo) => person.machine.undo(self.now).id,
            Some(Gesture::Redo) => person.machine.redo(self.now).id,
            None => None,
        };
        if let (true, Some(id)) = (noting, &id) {
            person.notes.push((words, id.clone()));
        }
        person.made.extend(id);
        self.drain(index)?;
        self.schedule_act(index);
        self.break_something(index);
        Ok(())
    }

    fn break_something(&mut self, index: usize) {
        if self.random.chance(self.plan.disconnect_percent) {
            self.break_connection(index);
        }
        if self.random.chance(self.plan.reload_percent) {
            self.break_connection(index);
            let gestures = self.people[index].gestures;
            let fresh = self.new_person(index, gestures);
            let old = std::mem::replace(&mut self.people[index], fresh);
            self.gone.push(old);
        }
        if self.server.room.is_some() && self.random.chance(self.plan.crash_percent) {
            self.crash();
        }
    }

    /// Cuts a person off. What is on its way is lost; the server notices later.
    pub(super) fn break_connection(&mut self, index: usize) {
        let Some(connection) = self.people[index].connection.take() else {
            return;
        };
        self.will_notice(connection);
        let now = self.now;
        self.people[index].machine.handle(now, Input::Disconnected);
        // The requests of a machine without connection go nowhere.
        while self.people[index].machine.poll().is_some() {}
        let offline = if self.random.chance(30) {
            OFFLINE_MS_MAX
        } else {
            RECONNECT_MS_MAX
        };
        let ms = self.random.below(offline) as u64;
        self.later(ms, Event::Connect(index));
    }

    pub(super) fn connect(&mut self, index: usize) -> Result<(), Failure> {
        if self.people[index].connection.is_some() {
            return Ok(());
        }
        if self.server.room.is_none() {
            let ms = self.random.below(RECONNECT_MS_MAX) as u64;
            self.later(ms, Event::Connect(index));
            return Ok(());
        }
        let connection = self.next_connection;
        self.next_connection += 1;
        let person = &mut self.people[index];
        person.connection = Some(connection);
        person.timeout_at = None;
        self.client_handles(index, Input::Connected)
    }

    pub(super) fn client_takes(
        &mut self,
        connection: Connection,
        message: FromServer,
    ) -> Result<(), Failure> {
        let Some(index) = self.owner(connection) else {
            return Ok(());
        };
        let input = match message {
            FromServer::Answer(request, answer) => Input::Answer { request, answer },
            FromServer::Committed(json) => Input::Committed {
                message: serde_json::from_value(json).expect("the server writes what is read here"),
            },
            FromServer::Head(revision, hash) => Input::Head { revision, hash },
            FromServer::Ended(session, error) => Input::SessionEnded { session, error },
        };
        self.client_handles(index, input)
    }

    pub(super) fn client_timeout(
        &mut self,
        index: usize,
        connection: Connection,
    ) -> Result<(), Failure> {
        if self.people[index].connection != Some(connection) {
            return Ok(());
        }
        self.people[index].timeout_at = None;
        self.client_handles(index, Input::Timeout)
    }

    pub(super) fn fetched(
        &mut self,
        index: usize,
        connection: Connection,
        snapshot: Option<Box<Snapshot>>,
    ) -> Result<(), Failure> {
        if self.people[index].connection != Some(connection) {
            return Ok(());
        }
        let input = match snapshot {
            Some(snapshot) => Input::Snapshot {
                snapshot: *snapshot,
            },
            None => Input::SnapshotFailed,
        };
        self.client_handles(index, input)
    }

    fn owner(&self, connection: Connection) -> Option<usize> {
        self.people
            .iter()
            .position(|person| person.connection == Some(connection))
    }

    fn client_handles(&mut self, index: usize, input: Input) -> Result<(), Failure> {
        let now = self.now;
        self.people[index].machine.handle(now, input);
        self.drain(index)
    }

    fn drain(&mut self, index: usize) -> Result<(), Failure> {
        while let Some(output) = self.people[index].machine.poll() {
            self.do_for_client(index, output)?;
        }
        let now = self.now;
        let person = &mut self.people[index];
        if let (Some(due), Some(connection)) = (person.machine.next_timeout(), person.connection)
            && person.timeout_at.is_none_or(|at| due < at)
        {
            person.timeout_at = Some(due);
            let index = person.index;
            let ms = due.ms_since(now);
            self.later(ms, Event::ClientTimeout(index, connection));
        }
        Ok(())
    }

    fn do_for_client(&mut self, index: usize, output: Output) -> Result<(), Failure> {
        match output {
            Output::Request { request, message } => self.request(index, request, message),
            Output::FetchSnapshot { url, .. } => self.fetch(index, &url),
            Output::Changed(changed) => self.people[index].mirror(changed),
            Output::Ack { id, revision } => {
                let before = self.people[index].acked.insert(id.clone(), revision);
                if before.is_some_and(|before| before != revision) {
                    let seen = format!("{id:?} was at {before:?}, then at {revision}");
                    return Err(self.failure("durable_ack", seen));
                }
            }
            Output::Conflicts {
                id,
                revision,
                conflicts,
            } => self.people[index].met.push((id, revision, conflicts)),
            Output::Reject { id, .. } => {
                self.people[index].rejected.insert(id);
            }
            Output::Diverged { revision } => {
                let who = &self.people[index].client;
                let seen = format!("{who} has another document at {revision}");
                return Err(self.failure("converged", seen));
            }
            Output::Ended { error } => {
                return Err(self.failure("liveness", format!("the document ended: {error:?}")));
            }
            Output::Session { .. } | Output::Status(_) => {}
        }
        Ok(())
    }

    fn request(&mut self, index: usize, number: u64, message: Request) {
        let person = &self.people[index];
        let Some(connection) = person.connection else {
            return;
        };
        let message = match message {
            Request::Join(join) => Message::Join(number, person.client.clone(), join),
            Request::Submit(submit) => {
                let operations = submit.operations.iter();
                let operations = operations.map(|op| serde_json::to_value(op).expect("JSON"));
                Message::Submit(number, submit.session, operations.collect())
            }
            Request::CatchUp(request) => Message::CatchUp(number, request.session, request.since),
        };
        self.send_to_server(connection, message);
    }

    fn fetch(&mut self, index: usize, url: &str) {
        let Some(connection) = self.people[index].connection else {
            return;
        };
        let revision = url.rsplit('=').next().and_then(|text| text.parse().ok());
        let failed =
            self.server.room.is_none() || self.random.chance(self.plan.snapshot_failed_percent);
        let snapshot = revision
            .filter(|_| !failed)
            .and_then(|revision: Revision| self.log.snapshots.get(&revision).map(|d| (revision, d)))
            .map(|(revision, document)| {
                Box::new(Snapshot {
                    lineage: "l1".to_owned(),
                    document: document_id(),
                    revision,
                    content: document.clone(),
                })
            });
        let ms = self.latency();
        self.later(ms, Event::Fetched(index, connection, snapshot));
    }
}
