//! A room, its storage and its clients, joined by queues that a test empties as it likes.

use std::collections::{BTreeMap, VecDeque};

use coboard_engine::client::{self, Client, EditRequest, Edited};
use coboard_engine::room::{self, KnownOperation, Room, RoomState};
use coboard_engine::{Time, import_components};
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use coboard_protocol::message::{Join, Role};
use coboard_protocol::ot::{Document, ItemChange, ItemId};
use coboard_protocol::{
    ClientId, Conflict, DocumentId, ErrorBody, LogEntry, Meta, OperationId, PathPolicy, Revision,
    SessionId, Snapshot, User, UserId,
};
use serde_json::{Value as Json, json};

mod device;

use device::Device;

/// What storage holds, and nothing else survives a crash.
pub(crate) struct Store {
    lineage: String,
    pub(crate) log: Vec<LogEntry>,
    /// Of each entry's payload as it was submitted.
    fingerprints: Vec<u64>,
    pub(crate) snapshots: BTreeMap<Revision, Document>,
    numbers: BTreeMap<ClientId, u32>,
    policies: Vec<PathPolicy>,
}

/// One client with the two directions of its connection.
pub(crate) struct Peer {
    pub(crate) machine: Client,
    id: ClientId,
    session: Option<SessionId>,
    connected: bool,
    up: VecDeque<Up>,
    down: VecDeque<client::Input>,
    pub(crate) acked: Vec<(OperationId, Revision)>,
    pub(crate) rejected: Vec<(OperationId, ErrorBody)>,
    /// What was refused, as it was told.
    pub(crate) refused: Vec<client::Kept>,
    /// Why it was not restored.
    pub(crate) unrestored: Vec<ErrorBody>,
    /// What own operations met, as it was told.
    pub(crate) met: Vec<(OperationId, Revision, Vec<Conflict>)>,
    pub(crate) made: Vec<OperationId>,
    /// What it asked the server while there was a connection.
    pub(crate) asked: Vec<client::Request>,
    /// Where it found its document to differ.
    pub(crate) diverged: Vec<Revision>,
    /// How often it took the document anew for that.
    pub(crate) renewed: usize,
    /// What keeps it, if something does.
    device: Option<Device>,
}

impl Peer {
    /// Puts a message on its way to the client.
    pub(crate) fn hears(&mut self, input: client::Input) {
        self.down.push_back(input);
    }

    /// Takes the oldest message on its way to the client away.
    pub(crate) fn take_down(&mut self) -> Option<client::Input> {
        self.down.pop_front()
    }

    /// The oldest message on its way to the client.
    pub(crate) fn next_down(&mut self) -> Option<&mut client::Input> {
        self.down.front_mut()
    }
}

enum Up {
    Request(u64, client::Request),
    Fetch(String),
}

pub(crate) struct World {
    pub(crate) now: Time,
    pub(crate) room: Room,
    pub(crate) store: Store,
    pub(crate) peers: Vec<Peer>,
    appends: VecDeque<(Vec<LogEntry>, Vec<u64>)>,
    requests: BTreeMap<u64, (usize, u64)>,
    next: u64,
}

pub(crate) fn document_id() -> DocumentId {
    DocumentId::try_from("board").expect("legal")
}

fn client_id(index: usize) -> ClientId {
    ClientId::try_from(format!("c{index}")).expect("legal")
}

pub(crate) fn user(index: usize) -> User {
    User {
        id: UserId::try_from(format!("u{index}")).expect("legal"),
        name: format!("User {index}"),
    }
}

/// A client that was never here.
pub(crate) fn config(index: usize) -> client::Config {
    client::Config::new(document_id(), client_id(index), user(index))
}

impl Store {
    fn open_room(&self) -> Room {
        let (snapshot, document) = self.snapshots.last_key_value().expect("there is one");
        let mut document = document.clone();
        let tail: Vec<LogEntry> = self
            .log
            .iter()
            .filter(|e| e.revision > *snapshot)
            .cloned()
            .collect();
        tail.iter()
            .for_each(|entry| document.apply(&entry.components));
        Room::open(RoomState {
            document_id: document_id(),
            lineage: self.lineage.clone(),
            document,
            revision: self.log.len() as Revision,
            tail,
            snapshot: *snapshot,
            policies: self.policies.clone(),
        })
    }

    fn known(&self, ids: &[OperationId]) -> Vec<KnownOperation> {
        self.log
            .iter()
            .filter(|entry| ids.contains(&entry.id))
            .map(|entry| KnownOperation {
                id: entry.id.clone(),
                revision: entry.revision,
                fingerprint: self.fingerprints[entry.revision as usize - 1],
            })
            .collect()
    }
}

impl World {
    pub(crate) fn new(content: &Json, peers: usize) -> Self {
        Self::with(content, peers, false)
    }

    fn with(content: &Json, peers: usize, keep: bool) -> Self {
        let plain = plain_from_json(content).expect("legal");
        let mut document = Document::new();
        let components = import_components(&plain);
        document.apply(&components);
        let entry = LogEntry {
            id: OperationId {
                client: ClientId::try_from("import").expect("legal"),
                sequence: 1,
            },
            revision: 1,
            components,
            meta: Meta::default(),
            author: user(0).id,
            server_time_ms: 0,
            conflicts: Vec::new(),
        };
        let store = Store {
            lineage: "l1".to_owned(),
            log: vec![entry],
            fingerprints: vec![0],
            snapshots: BTreeMap::from([(1, document)]),
            numbers: BTreeMap::new(),
            policies: Vec::new(),
        };
        let mut world = Self {
            now: Time::from_ms(1_000),
            room: store.open_room(),
            store,
            peers: Vec::new(),
            appends: VecDeque::new(),
            requests: BTreeMap::new(),
            next: 1,
        };
        for index in 0..peers {
            let id = client_id(index);
            let config = client::Config {
                keep,
                ..config(index)
            };
            world.peers.push(Peer {
                machine: Client::new(config),
                id,
                session: None,
                connected: false,
                up: VecDeque::new(),
                down: VecDeque::new(),
                acked: Vec::new(),
                met: Vec::new(),
                rejected: Vec::new(),
                refused: Vec::new(),
                unrestored: Vec::new(),
                made: Vec::new(),
                asked: Vec::new(),
                diverged: Vec::new(),
                renewed: 0,
                device: keep.then(Device::new),
            });
            world.connect(index);
        }
        world.settle();
        world
    }

    /// Gives the document policies, each a path and a word.
    pub(crate) fn policies(&mut self, policies: &[(&str, &str)]) {
        let rules = policies.iter().map(|(path, policy)| {
            let json = json!({"path": path, "policy": policy});
            serde_json::from_value(json).expect("a rule")
        });
        self.store.policies = rules.collect();
        let input = room::Input::Policies {
            policies: self.store.policies.clone(),
            author: user(0),
        };
        self.room.handle(self.now, input);
        self.drain_room();
    }

    pub(crate) fn connect(&mut self, index: usize) {
        if !self.peers[index].connected {
            self.peers[index].connected = true;
            self.give(index, client::Input::Connected);
        }
    }

    /// The connection breaks: what is under way in either direction is lost.
    pub(crate) fn disconnect(&mut self, index: usize) {
        self.cut(index);
        self.give(index, client::Input::Disconnected);
    }

    fn cut(&mut self, index: usize) {
        let peer = &mut self.peers[index];
        peer.connected = false;
        peer.up.clear();
        peer.down.clear();
        self.requests.retain(|_, (of, _)| *of != index);
        if let Some(session) = self.peers[index].session.take() {
            self.room.handle(self.now, room::Input::Leave { session });
            self.drain_room();
        }
    }

    /// The server dies: what is not in storage is gone.
    pub(crate) fn crash(&mut self) {
        self.appends.clear();
        self.room = self.store.open_room();
        for index in 0..self.peers.len() {
            self.peers[index].session = None;
            self.disconnect(index);
        }
    }

    /// The server is set up again from a backup that ends at `revision`.
    pub(crate) fn set_back(&mut self, revision: Revision) {
        self.store.lineage.push('+');
        self.store.log.truncate(revision as usize);
        self.store.fingerprints.truncate(revision as usize);
        self.store.snapshots.retain(|at, _| *at <= revision);
        self.crash();
    }

    pub(crate) fn edit(&mut self, index: usize, label: &str, steps: Json) -> Edited {
        self.edit_request(index, &json!({ "label": label, "steps": steps }))
    }

    pub(crate) fn edit_request(&mut self, index: usize, request: &Json) -> Edited {
        let request: EditRequest =
            serde_json::from_value(request.clone()).expect("an edit request");
        let edited = self.peers[index].machine.edit(self.now, &request);
        self.note_made(index, &edited);
        edited
    }

    pub(crate) fn discard(&mut self, index: usize, id: OperationId) {
        self.give(index, client::Input::Discard { id });
    }

    pub(crate) fn undo(&mut self, index: usize) -> Edited {
        let edited = self.peers[index].machine.undo(self.now);
        self.note_made(index, &edited);
        edited
    }

    pub(crate) fn redo(&mut self, index: usize) -> Edited {
        let edited = self.peers[index].machine.redo(self.now);
        self.note_made(index, &edited);
        edited
    }

    fn note_made(&mut self, index: usize, edited: &Edited) {
        let peer = &mut self.peers[index];
        if let (Some(device), Some(id)) = (&mut peer.device, &edited.id) {
            device.made(id, &edited.created);
        }
        peer.made.extend(edited.id.clone());
        self.drain_client(index);
    }

    fn give(&mut self, index: usize, input: client::Input) {
        let peer = &mut self.peers[index];
        if let Some(device) = &mut peer.device {
            device.hear(&input);
        }
        peer.machine.handle(self.now, input);
        self.drain_client(index);
    }

    fn drain_client(&mut self, index: usize) {
        let peer = &mut self.peers[index];
        while let Some(output) = peer.machine.poll() {
            if let Some(device) = &mut peer.device {
                device.note(&peer.machine, &output);
            }
            match &output {
                client::Output::Request { request, message } if peer.connected => {
                    let renews = |join: &Join| join.diverged.is_some();
                    peer.renewed +=
                        usize::from(matches!(message, client::Request::Join(join) if renews(join)));
                    peer.asked.push(message.clone());
                    peer.up.push_back(Up::Request(*request, message.clone()));
                }
                client::Output::FetchSnapshot { url, .. } if peer.connected => {
                    peer.up.push_back(Up::Fetch(url.clone()));
                }
                client::Output::Ack { id, revision } => peer.acked.push((id.clone(), *revision)),
                client::Output::Conflicts {
                    id,
                    revision,
                    conflicts,
                } => peer.met.push((id.clone(), *revision, conflicts.clone())),
                client::Output::Diverged { revision } => peer.diverged.push(*revision),
                client::Output::Reject { kept, error } => {
                    let id = kept.operation.id.clone();
                    peer.rejected.push((id, error.clone()));
                    peer.refused.push(kept.clone());
                }
                client::Output::RestoreFailed { error } => peer.unrestored.push(error.clone()),
                client::Output::Request { .. }
                | client::Output::FetchSnapshot { .. }
                | client::Output::Keep(_)
                | client::Output::Session { .. }
                | client::Output::Changed(_)
                | client::Output::Status(_)
                | client::Output::Ended { .. } => {}
            }
        }
        if let Some(device) = &mut peer.device {
            device.end_of_input(peer.machine.revision());
        }
    }

    /// Delivers the oldest message of a client to the server. False if there is none.
    pub(crate) fn deliver_up(&mut self, index: usize) -> bool {
        let Some(up) = self.peers[index].up.pop_front() else {
            return false;
        };
        match up {
            Up::Fetch(url) => {
                let revision: Revision = url
                    .rsplit('=')
                    .next()
                    .and_then(|r| r.parse().ok())
                    .expect("a revision");
                let snapshot = Snapshot {
                    lineage: self.store.lineage.clone(),
                    document: document_id(),
                    revision,
                    content: self.store.snapshots[&revision].clone(),
                };
                let text = serde_json::to_string(&snapshot).expect("JSON");
                let snapshot = serde_json::from_str(&text).expect("a snapshot");
                self.peers[index]
                    .down
                    .push_back(client::Input::Snapshot { snapshot });
            }
            Up::Request(request, message) => self.request(index, request, message),
        }
        true
    }

    fn request(&mut self, index: usize, request: u64, message: client::Request) {
        let number = self.next;
        self.next += 1;
        self.requests.insert(number, (index, request));
        let input = match message {
            client::Request::Join(join) => {
                let count = self.store.numbers.len() as u32 + 1;
                let client = self.peers[index].id.clone();
                let client_number = *self.store.numbers.entry(client.clone()).or_insert(count);
                let session = SessionId::try_from(format!("s{number}")).expect("legal");
                self.peers[index].session = Some(session.clone());
                room::Input::Join(room::Join {
                    request: number,
                    session,
                    client_number,
                    last_sequence: self.last_sequence(&client),
                    client,
                    user: user(index),
                    role: Role::Editor,
                    revision: join.revision,
                    lineage: join.lineage,
                    known: self.store.known(&join.inflight),
                    inflight: join.inflight,
                })
            }
            client::Request::Submit(submit) => {
                let text = serde_json::to_string(&submit.operations).expect("JSON");
                let operations: Vec<coboard_protocol::Operation> =
                    serde_json::from_str(&text).expect("operations");
                room::Input::Submit {
                    request: number,
                    session: submit.session,
                    operations: operations.into_iter().map(Ok).collect(),
                }
            }
            client::Request::CatchUp(ask) => room::Input::CatchUp {
                request: number,
                session: ask.session,
                since: ask.since,
                entries: ask.entries,
            },
        };
        self.room.handle(self.now, input);
        self.drain_room();
    }

    fn last_sequence(&self, client: &ClientId) -> u64 {
        let of = self
            .store
            .log
            .iter()
            .filter(|entry| entry.id.client == *client);
        of.map(|entry| entry.id.sequence).max().unwrap_or(0)
    }

    pub(crate) fn drain_room(&mut self) {
        while let Some(output) = self.room.poll() {
            match output {
                room::Output::Answer { request, answer } => self.answer(request, answer),
                room::Output::Append {
                    head,
                    entries,
                    fingerprints,
                    ..
                } => {
                    assert_eq!(entries.len(), fingerprints.len());
                    assert_eq!(entries[0].revision, head + 1);
                    self.appends.push_back((entries, fingerprints));
                }
                room::Output::ReadLog {
                    request,
                    since,
                    limit,
                } => {
                    let entries = self
                        .store
                        .log
                        .iter()
                        .filter(|e| e.revision > since)
                        .take(limit)
                        .cloned()
                        .collect();
                    self.room
                        .handle(self.now, room::Input::LogRead { request, entries });
                }
                room::Output::Find { request, ids } => {
                    let known = self.store.known(&ids);
                    self.room
                        .handle(self.now, room::Input::Found { request, known });
                }
                room::Output::SaveSnapshot { revision, document } => {
                    self.store.snapshots.insert(revision, document);
                    self.room
                        .handle(self.now, room::Input::SnapshotSaved { revision });
                }
                room::Output::Committed(message) => {
                    let text = serde_json::to_string(&message).expect("JSON");
                    for peer in self.peers.iter_mut().filter(|peer| peer.session.is_some()) {
                        let message = serde_json::from_str(&text).expect("committed");
                        peer.down.push_back(client::Input::Committed { message });
                    }
                }
                room::Output::Head(head) => {
                    for peer in self.peers.iter_mut().filter(|peer| peer.session.is_some()) {
                        peer.down.push_back(client::Input::Head {
                            revision: head.revision,
                            hash: head.hash.clone(),
                        });
                    }
                }
                room::Output::PoliciesChanged(_)
                | room::Output::Presence(_)
                | room::Output::Ended { .. } => {}
            }
        }
    }

    fn answer(&mut self, request: u64, answer: room::Answer) {
        let Some((index, request)) = self.requests.remove(&request) else {
            return;
        };
        fn wire<T: serde::Serialize>(result: Result<T, ErrorBody>) -> Json {
            serde_json::to_value(coboard_protocol::message::Answer::from(result)).expect("JSON")
        }
        let answer = match answer {
            room::Answer::Joined(result) => wire(result),
            room::Answer::Submitted(result) => wire(result),
            room::Answer::CaughtUp(result) => wire(result),
            room::Answer::Written(result) => wire(result),
        };
        self.peers[index]
            .down
            .push_back(client::Input::Answer { request, answer });
    }

    /// Delivers the oldest message of the server to a client. False if there is none.
    pub(crate) fn deliver_down(&mut self, index: usize) -> bool {
        match self.peers[index].down.pop_front() {
            Some(input) => {
                self.give(index, input);
                true
            }
            None => false,
        }
    }

    /// Loses the next message to a client, if it is one that may be lost.
    pub(crate) fn lose_down(&mut self, index: usize) {
        let lossy = matches!(
            self.peers[index].down.front(),
            Some(client::Input::Committed { .. } | client::Input::Head { .. })
        );
        if lossy {
            self.peers[index].down.pop_front();
        }
    }

    /// Storage finishes the outstanding append. False if there is none.
    pub(crate) fn store_append(&mut self, result: Result<(), room::AppendFailure>) -> bool {
        let Some((entries, fingerprints)) = self.appends.pop_front() else {
            return false;
        };
        if result.is_ok() {
            assert_eq!(
                entries[0].revision,
                self.store.log.len() as Revision + 1,
                "the log has no gaps"
            );
            self.store.log.extend(entries);
            self.store.fingerprints.extend(fingerprints);
        }
        self.room.handle(self.now, room::Input::Appended { result });
        self.drain_room();
        true
    }

    /// Storage has the outstanding append, but the room is told that it failed.
    pub(crate) fn store_unheard(&mut self, failure: room::AppendFailure) {
        let (entries, fingerprints) = self.appends.pop_front().expect("an append");
        self.store.log.extend(entries);
        self.store.fingerprints.extend(fingerprints);
        let result = Err(failure);
        self.room.handle(self.now, room::Input::Appended { result });
        self.drain_room();
    }

    /// Lets `ms` pass and gives timeouts that are due.
    pub(crate) fn pass(&mut self, ms: u64) {
        self.now = self.now + ms;
        if self.room.next_timeout().is_some_and(|due| due <= self.now) {
            self.room.handle(self.now, room::Input::Timeout);
            self.drain_room();
        }
        for index in 0..self.peers.len() {
            if self.peers[index]
                .machine
                .next_timeout()
                .is_some_and(|due| due <= self.now)
            {
                self.give(index, client::Input::Timeout);
            }
        }
    }

    /// Delivers everything until nothing is under way.
    pub(crate) fn settle(&mut self) {
        loop {
            let mut moved = self.store_append(Ok(()));
            for index in 0..self.peers.len() {
                moved |= self.deliver_up(index);
                moved |= self.deliver_down(index);
            }
            if !moved {
                return;
            }
        }
    }

    pub(crate) fn content(&self, index: usize) -> Json {
        plain_to_json(&self.peers[index].machine.view().export())
    }

    /// Everybody is connected and has everything: all see the same, each operation is in the log once.
    pub(crate) fn check_converged(&mut self) {
        for index in 0..self.peers.len() {
            self.connect(index);
        }
        for _ in 0..12 {
            self.settle();
            self.pass(6_000);
        }
        self.settle();
        let mut replayed = Document::new();
        self.store
            .log
            .iter()
            .for_each(|entry| replayed.apply(&entry.components));
        assert_eq!(
            &replayed,
            self.room.document(),
            "the log replays to the room's document"
        );
        let mut ids: Vec<&OperationId> = self.store.log.iter().map(|entry| &entry.id).collect();
        ids.sort();
        assert!(
            ids.windows(2).all(|pair| pair[0] != pair[1]),
            "no operation is in the log twice"
        );
        let made = self.store.log.iter().flat_map(|entry| {
            let new = |(_, change): &(_, &_)| matches!(change, ItemChange::New { .. });
            entry.components.items().filter(new).map(|(item, _)| item)
        });
        let mut made: Vec<ItemId> = made.collect();
        made.sort_unstable();
        let twice = made.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None, "no item is made twice");
        for peer in &self.peers {
            assert!(
                peer.machine.queue().is_empty(),
                "{} has sent everything: {:?}",
                peer.id,
                peer.machine.queue()
            );
            assert_eq!(
                peer.machine.committed(),
                &replayed,
                "{} has the committed document",
                peer.id
            );
            assert_eq!(
                peer.machine.view(),
                &replayed,
                "{} sees the committed document",
                peer.id
            );
            for (id, revision) in &peer.acked {
                let entry = &self.store.log[*revision as usize - 1];
                assert_eq!(&entry.id, id, "an acknowledged operation is in the log");
            }
            let mut told: Vec<&OperationId> = Vec::new();
            for (id, revision, conflicts) in &peer.met {
                let entry = &self.store.log[*revision as usize - 1];
                assert_eq!((&entry.id, &entry.conflicts), (id, conflicts));
                assert!(!told.contains(&id), "what {id} met is told once");
                told.push(id);
            }
            for id in &peer.made {
                let fate =
                    ids.binary_search(&id).is_ok() || peer.rejected.iter().any(|(r, _)| r == id);
                assert!(fate, "{id} is committed or was refused with a reason");
            }
        }
    }
}
