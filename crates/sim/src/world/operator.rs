//! Who acts from outside of the room: gives roles, keeps storage small, restores backups.

use std::collections::BTreeMap;

use coboard_engine::room::{Answer, Input};
use coboard_protocol::message::Role;
use coboard_protocol::{ClientId, ErrorBody, ErrorCode, Revision, SessionId, UserId};
use coboard_testkit::Random;
use serde_json::json;

use super::World;
use super::events::Message;

/// Furthest way back of what is brought back, in revisions.
pub(super) const BACK_MAX: usize = 12;

/// Somebody without a session.
#[derive(Debug)]
pub(crate) struct Operator {
    pub(super) random: Random,
    /// Those who are no editors.
    pub(super) roles: BTreeMap<UserId, Role>,
    /// Sequence of the newest operation of the server itself.
    sequence: u64,
    /// What was asked for: the sequences and what came of it.
    pub(crate) writes: BTreeMap<u64, Written>,
}

/// A change that the server was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// How many operations it may be.
    pub(crate) parts: u64,
    /// `None` while nobody knows, or when the server crashed.
    pub(crate) result: Option<Result<Revision, ErrorCode>>,
    open: bool,
}

impl Operator {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed, 3),
            roles: BTreeMap::new(),
            sequence: 0,
            writes: BTreeMap::new(),
        }
    }

    pub(super) fn is_at_rest(&self) -> bool {
        self.writes.values().all(|written| !written.open)
    }

    pub(super) fn answered(&mut self, number: u64, answer: &Answer) {
        let Answer::Written(result) = answer else {
            return;
        };
        if let Some(written) = self.writes.get_mut(&number) {
            written.open = false;
            written.result = Some(result.clone().map_err(|error| error.code));
        }
    }

    /// Nobody will answer any more.
    pub(super) fn server_is_gone(&mut self) {
        self.writes
            .values_mut()
            .for_each(|written| written.open = false);
    }

    pub(super) fn new_write(&mut self, parts: u64) -> u64 {
        let first = self.sequence + 1;
        self.sequence += parts;
        let written = Written {
            parts,
            result: None,
            open: true,
        };
        self.writes.insert(first, written);
        first
    }
}

/// The name under which the server itself writes.
pub(crate) fn server_client() -> ClientId {
    ClientId::try_from("server").expect("a legal id")
}

impl World {
    /// Gives somebody another role. Their sessions end at once.
    pub(super) fn change_role(&mut self) {
        let index = self.operator.random.below(self.people.len());
        let user = self.people[index].user.id.clone();
        let role = match self.role_of(&user) {
            Role::Editor | Role::Admin => Role::Viewer,
            Role::Viewer | Role::Commenter => Role::Editor,
        };
        self.journal
            .note(self.now, "role", &[index as u64], || json!({"role": role}));
        self.operator.roles.insert(user.clone(), role);
        let sessions = self.server.sessions.iter();
        let ended: Vec<SessionId> = sessions
            .filter(|(_, (_, of))| *of == user)
            .map(|(session, _)| session.clone())
            .collect();
        for session in ended {
            let Some((connection, _)) = self.server.sessions.remove(&session) else {
                continue;
            };
            self.room_takes(Input::Leave {
                session: session.clone(),
            });
            let error = ErrorBody::new(ErrorCode::Forbidden, "the role has changed");
            self.send_to_client(connection, Message::Ended(session, error));
        }
    }

    /// Storage makes a snapshot and forgets the log before some revision.
    pub(super) fn compact(&mut self) {
        let upto = self.operator.random.below(self.log.entries.len() + 1) as Revision;
        self.journal
            .note(self.now, "compact", &[upto], || json!({"upto": upto}));
        self.log.compact(upto);
    }

    /// The server is restored from a backup that lacks what came last.
    pub(super) fn rewind(&mut self) {
        if self.server.room.is_none() {
            return;
        }
        self.crash();
        let back = self.operator.random.below(BACK_MAX) as Revision;
        let to = self.log.head().saturating_sub(back).max(1);
        self.journal
            .note(self.now, "rewind", &[to], || json!({"to": to}));
        self.rewound.extend(self.log.rewind(to));
        self.server.lineage += 1;
        self.acked_head = self.acked_head.min(to);
        for person in self.people.iter_mut().chain(&mut self.gone) {
            person.acked.retain(|_, revision| *revision <= to);
            person.met.retain(|met| met.revision <= to);
            person
                .made
                .values_mut()
                .for_each(|made| made.after = made.after.min(to));
        }
    }
}
