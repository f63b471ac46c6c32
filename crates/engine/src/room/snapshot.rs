//! When a snapshot is stored: often enough that a room opens quickly, seldom enough to be cheap.

use coboard_protocol::Revision;
use coboard_protocol::limits::SNAPSHOT_COMMITS;

use super::Room;
use super::io::Output;
use super::upkeep::Purging;

/// Bytes of log between two stored snapshots at least; more for a larger document, so that
/// snapshots write no more than the log does. Source: design of 2026-11.
const SNAPSHOT_LOG_BYTES: usize = 64 * 1024;

/// What is known about stored snapshots.
#[derive(Debug)]
pub(super) struct Snapshots {
    /// Revision of the newest one.
    pub(super) stored: Revision,
    /// Whether one is being stored.
    saving: bool,
    /// Revision of the newest one that was tried.
    tried: Revision,
    /// Bytes of log since then.
    log_bytes: usize,
}

impl Snapshots {
    pub(super) fn new(stored: Revision, log_bytes: usize) -> Self {
        Self {
            stored,
            saving: false,
            tried: stored,
            log_bytes,
        }
    }

    pub(super) fn is_saving(&self) -> bool {
        self.saving
    }
}

impl Room {
    /// Takes note of `bytes` more in the log and asks for a snapshot if it is time for one.
    pub(super) fn save_snapshot(&mut self, bytes: usize) {
        let revision = self.revision();
        let snapshot = &mut self.snapshot;
        snapshot.log_bytes += bytes;
        let due = revision >= snapshot.tried + SNAPSHOT_COMMITS
            || snapshot.log_bytes >= SNAPSHOT_LOG_BYTES.max(self.document_bytes);
        if snapshot.saving || !due {
            return;
        }
        snapshot.saving = true;
        if self.purging == Purging::Rests {
            self.purging = Purging::Due;
        }
        snapshot.tried = revision;
        snapshot.log_bytes = 0;
        let document = self.document.clone();
        self.outputs
            .push_back(Output::SaveSnapshot { revision, document });
    }

    pub(super) fn snapshot_saved(&mut self, revision: Revision) {
        self.snapshot.saving = false;
        self.snapshot.stored = self.snapshot.stored.max(revision);
    }

    /// The next one is tried in its own time: a full disk is not helped by more attempts.
    pub(super) fn snapshot_failed(&mut self) {
        self.snapshot.saving = false;
    }
}
