//! Storage answers: late, not at all, or with a failure.

use coboard_engine::room::{AppendFailure, Input, Join, RequestId};
use coboard_protocol::ot::Document;
use coboard_protocol::{OperationId, Revision};

use super::events::{Connection, Event};
use super::{Fault, World};
use crate::log::Entries;
use crate::plan::Sabotage;

/// Longest time of a slow append in milliseconds.
const SLOW_MS_MAX: usize = 8_000;

/// What storage was asked for.
#[derive(Debug)]
pub(super) enum Stored {
    /// What is outstanding is to be appended.
    Append,
    Read(RequestId, Revision, usize),
    Find(RequestId, Vec<OperationId>),
    Snapshot(Revision, Box<Document>),
    /// A join needs the client's number and what is known of it.
    Join(Box<Join>, Connection),
}

impl Stored {
    /// What tells it from others, for the journal.
    pub(super) fn number(&self) -> u64 {
        match self {
            Self::Append => 0,
            Self::Read(request, ..) | Self::Find(request, _) => *request,
            Self::Snapshot(revision, _) => *revision,
            Self::Join(join, _) => join.request,
        }
    }
}

impl World {
    pub(super) fn append(&mut self, head: Revision, entries: Entries) {
        self.server.appending = Some((head, entries));
        let slow = self.storage_fault(Fault::SlowStorage);
        let longest = if slow {
            SLOW_MS_MAX
        } else {
            self.plan.append_ms
        };
        let ms = 1 + self.storage.below(longest) as u64;
        self.store_later(ms, Stored::Append);
    }

    pub(super) fn store_soon(&mut self, stored: Stored) {
        let ms = self.storage_ms();
        self.store_later(ms, stored);
    }

    pub(super) fn store_later(&mut self, ms: u64, stored: Stored) {
        let incarnation = self.server.incarnation;
        self.later(ms, Event::Stored(incarnation, stored));
    }

    pub(super) fn storage_ms(&mut self) -> u64 {
        self.storage.below(self.plan.append_ms) as u64
    }

    pub(super) fn stored(&mut self, incarnation: u64, stored: Stored) {
        if incarnation != self.server.incarnation || self.server.room.is_none() {
            return;
        }
        match stored {
            Stored::Append => self.appended(),
            Stored::Read(request, since, limit) => {
                let entries = self.log.read(since, limit);
                self.room_takes(Input::LogRead { request, entries });
            }
            Stored::Find(request, ids) => {
                let known = match self.forgets() {
                    true => Vec::new(),
                    false => self.log.find(&ids),
                };
                self.room_takes(Input::Found { request, known });
            }
            Stored::Snapshot(revision, document) => {
                if self.storage_fault(Fault::SnapshotFailed) {
                    self.room_takes(Input::SnapshotFailed);
                    return;
                }
                self.log.snapshots.insert(revision, *document);
                self.room_takes(Input::SnapshotSaved { revision });
            }
            Stored::Join(join, connection) => self.join_known(*join, connection),
        }
    }

    fn appended(&mut self) {
        if self.storage_fault(Fault::AppendUnknown) {
            // The process ends; whether the entries are there is seen when it starts again.
            self.crash();
            return;
        }
        let Some((head, entries)) = self.server.appending.take() else {
            return;
        };
        let failed = self.storage_fault(Fault::AppendFailed);
        let result = if failed {
            let full = self.storage.chance(30);
            Err(if full {
                AppendFailure::Full
            } else {
                AppendFailure::Unavailable
            })
        } else if self.log.append(head, entries) {
            Ok(())
        } else {
            Err(AppendFailure::RevisionTaken)
        };
        self.room_takes(Input::Appended { result });
    }

    fn join_known(&mut self, mut join: Join, connection: Connection) {
        if self.server.dead.contains(&connection) {
            return;
        }
        join.client_number = self.log.client_number(&join.client);
        if !self.forgets() {
            join.last_sequence = self.log.last_sequence(&join.client);
            join.known = self.log.find(&join.inflight);
        }
        // Rights as they are now, not as they were when the request came.
        join.role = self.role_of(&join.user.id);
        let session = (connection, join.user.id.clone());
        self.server.sessions.insert(join.session.clone(), session);
        self.room_takes(Input::Join(join));
    }

    fn forgets(&self) -> bool {
        self.plan.sabotage == Some(Sabotage::Dedupe)
    }
}
