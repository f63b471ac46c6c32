//! People: each with a client machine, a mirror of what it told, and a memory of every promise.

use std::collections::{BTreeMap, BTreeSet};

use coboard_engine::Time;
use coboard_engine::client::{Changed, Client, Config};
use coboard_protocol::message::Role;
use coboard_protocol::{ClientId, Conflict, ErrorCode, OperationId, Revision, User, UserId};
use coboard_testkit::Random;
use serde_json::Value as Json;

use super::World;
use super::events::Connection;
use super::server::document_id;
use crate::device::Device;

/// Somebody at a dashboard.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) client: ClientId,
    pub(crate) user: User,
    pub(crate) machine: Client,
    /// What its machine was made with.
    pub(super) config: Config,
    /// What the device keeps of it, if it keeps anything.
    pub(crate) device: Option<Device>,
    /// How often its tab ended and went on.
    pub(super) life: u32,
    pub(super) random: Random,
    pub(super) connection: Option<Connection>,
    pub(super) timeout_at: Option<Time>,
    /// Until then everything on the way to and from this person is lost.
    pub(super) cut_until: Time,
    /// Gestures still to be made.
    pub(super) gestures: usize,
    pub(crate) notes: Vec<Note>,
    /// Operations that were made, by sequence.
    pub(crate) made: BTreeMap<u64, Made>,
    /// What the server promised to be durable.
    pub(crate) acked: BTreeMap<u64, Revision>,
    /// Of these, what was promised to a tab that ended: it may be promised once more.
    pub(super) acked_before: BTreeSet<u64>,
    pub(crate) rejected: BTreeMap<u64, ErrorCode>,
    pub(crate) met: Vec<Met>,
    /// How far the machine was when it was looked at last.
    pub(super) received: Revision,
    /// Operations of others that it told of since then.
    pub(super) told: u64,
    /// Whether it took a snapshot since then.
    pub(super) was_reset: bool,
    /// What the machine told about items and lists.
    pub(crate) items: BTreeMap<String, Json>,
    pub(crate) lists: BTreeMap<String, Vec<String>>,
}

/// An operation that somebody made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Made {
    /// It must come after this revision: it was promised to somebody before.
    pub(crate) after: Revision,
    /// Whether the server ever took it from somebody who may edit.
    pub(crate) admitted: bool,
    /// Whether a tab ended that alone had it.
    pub(crate) lost: bool,
    /// In which life of its client it was made, or taken over from the device: what goes on with its
    /// gesture may join it there.
    pub(super) life: u32,
}

/// Words that somebody added to the notes.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) words: String,
    /// The operation that did it.
    pub(crate) sequence: u64,
    /// Whether a tab ended before these words of it were kept or sent.
    pub(crate) lost: bool,
}

/// What an own operation met, as it was told.
#[derive(Clone, Debug)]
pub(crate) struct Met {
    /// In which life of the client: another may be told again.
    pub(crate) life: u32,
    pub(crate) sequence: u64,
    pub(crate) revision: Revision,
    pub(crate) conflicts: Vec<Conflict>,
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

    /// An operation of this client.
    pub(crate) fn id(&self, sequence: u64) -> OperationId {
        OperationId {
            client: self.client.clone(),
            sequence,
        }
    }

    /// The tab ends: what neither the device nor the server has is lost, and so is what was told.
    pub(super) fn end(&mut self, now: Time) {
        self.life += 1;
        self.acked_before = self.acked.keys().copied().collect();
        let Some(device) = &mut self.device else {
            return;
        };
        device.end(now);
        self.rejected
            .retain(|sequence, _| device.has_refused(*sequence));
        let (acked, rejected) = (&self.acked, &self.rejected);
        for (sequence, made) in &mut self.made {
            if device.has(*sequence) {
                made.life = self.life;
            }
            made.lost |= !device.has(*sequence)
                && !acked.contains_key(sequence)
                && !rejected.contains_key(sequence);
        }
        for note in &mut self.notes {
            note.lost |= !acked.contains_key(&note.sequence)
                && !device.has_words(note.sequence, &note.words);
        }
    }

    pub(super) fn mirror(&mut self, changed: Changed) {
        if changed.reset {
            self.items.clear();
            self.lists.clear();
        }
        self.items.extend(changed.items);
        self.lists.extend(changed.lists);
    }
}

impl World {
    /// A new tab is a new client; several clients in a row may be tabs of one user.
    pub(super) fn new_person(&mut self, seed: u64, index: usize, gestures: usize) -> Person {
        let number = self.people.len() + self.gone.len();
        let client = format!("c{index}-{number}");
        let client = ClientId::try_from(client).expect("a legal id");
        let user = format!("u{}", index / self.plan.tabs.max(1));
        let user = User {
            id: UserId::try_from(user.clone()).expect("a legal id"),
            name: user,
        };
        let mut config = Config::new(document_id(), client.clone(), user.clone());
        let mut device = self.plan.kept.then(|| self.new_device(number as u64));
        config.resume = device.as_mut().map(Device::go_on);
        config.keep = device.is_some();
        Person {
            machine: Client::new(config.clone()),
            config,
            device,
            life: 0,
            client,
            user,
            random: Random::new(seed, 100 + number as u64),
            connection: None,
            timeout_at: None,
            cut_until: Time::default(),
            gestures,
            notes: Vec::new(),
            made: BTreeMap::new(),
            acked: BTreeMap::new(),
            acked_before: BTreeSet::new(),
            rejected: BTreeMap::new(),
            met: Vec::new(),
            received: 0,
            told: 0,
            was_reset: false,
            items: BTreeMap::new(),
            lists: BTreeMap::new(),
        }
    }

    /// The person who uses a connection.
    pub(super) fn owner(&self, connection: Connection) -> Option<usize> {
        self.people
            .iter()
            .position(|person| person.connection == Some(connection))
    }

    /// The role of a user at present.
    pub(super) fn role_of(&self, user: &UserId) -> Role {
        self.operator
            .roles
            .get(user)
            .copied()
            .unwrap_or(Role::Editor)
    }
}
