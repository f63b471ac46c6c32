//! What a client was told, checked as it comes.

use coboard_protocol::{ErrorCode, OperationId, Revision};
use serde_json::json;

use super::{Failure, World};

impl World {
    /// A client goes from revision to revision: what it told of others and what is its own is all
    /// that the log has in between.
    pub(super) fn check_received(&mut self, index: usize) -> Result<(), Box<Failure>> {
        let person = &mut self.people[index];
        let (from, to) = (person.received, person.machine.revision());
        let told = std::mem::take(&mut person.told);
        person.received = to;
        if std::mem::take(&mut person.was_reset) || (from == to && told == 0) {
            return Ok(());
        }
        let client = &self.people[index].client;
        let passed = self
            .log
            .after(from)
            .iter()
            .take_while(|entry| entry.revision <= to);
        let own = passed.filter(|entry| entry.id.client == *client).count() as Revision;
        let all = to.wrapping_sub(from);
        if to >= from && told <= all && all <= told + own {
            return Ok(());
        }
        let seen = format!("{client} went from {from} to {to}, told of {told} and has {own}");
        Err(self.failure("received", seen))
    }

    pub(super) fn note_ack(
        &mut self,
        index: usize,
        id: &OperationId,
        revision: Revision,
    ) -> Result<(), Box<Failure>> {
        let numbers = [index as u64, id.sequence, revision];
        let detail = || json!({"id": id, "revision": revision});
        self.journal.note(self.now, "ack", &numbers, detail);
        self.acked_head = self.acked_head.max(revision);
        let before = self.people[index].acked.insert(id.sequence, revision);
        // After going back to a backup an operation is offered again, though the log may still have it.
        let told_before = self.people[index].acked_before.remove(&id.sequence);
        let again = before == Some(revision) && (self.server.lineage > 0 || told_before);
        if before.is_some() && !again {
            let seen = format!("{id:?} was at {before:?}, then at {revision}");
            return Err(self.failure("durable_ack", seen));
        }
        Ok(())
    }

    pub(super) fn note_reject(
        &mut self,
        index: usize,
        id: &OperationId,
        code: ErrorCode,
    ) -> Result<(), Box<Failure>> {
        let numbers = [index as u64, id.sequence];
        let detail = || json!({"id": id, "code": code});
        self.journal.note(self.now, "reject", &numbers, detail);
        let before = self.people[index].rejected.insert(id.sequence, code);
        match before {
            None => Ok(()),
            Some(_) => Err(self.failure("answers", format!("{id:?} was refused twice"))),
        }
    }
}
