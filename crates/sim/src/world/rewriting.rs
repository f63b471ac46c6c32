//! The server itself changes the document: a title, something former, another version.

use coboard_engine::room::{Input, restore_parts};
use coboard_protocol::ot::{Change, Components, Document, ItemId, Path, Value, commit, revert};
use coboard_protocol::{Kind, Meta, OperationId, Revision, User, UserId};

use super::World;
use super::operator::{BACK_MAX, server_client};
use super::server::Asker;

impl World {
    /// The server brings a former version back, or another version of a former one, or a title.
    pub(super) fn rewrite(&mut self) {
        let Some(room) = &self.server.room else {
            return;
        };
        let (head, now) = (room.revision(), room.document().clone());
        let back = self.operator.random.below(BACK_MAX) as Revision;
        let former = head.saturating_sub(back).max(1);
        match self.operator.random.below(3) {
            0 => self.write_title(),
            1 => self.restore(head, &now, former),
            _ => self.replace(former),
        }
    }

    fn write_title(&mut self) {
        let sequence = self.operator.new_write(1);
        let change = Change::Set {
            old: None,
            new: Some(Value::Str(format!("title {sequence}").as_str().into())),
        };
        let components = Components::of_cell(ItemId::ROOT, Path::of(["title"]), change);
        let request = self.server.ask(Asker::Operator(sequence));
        self.room_takes(Input::Write {
            request,
            id: server_id(sequence),
            author: operator(),
            components,
            meta: Meta::edit("rename dashboard"),
        });
    }

    fn restore(&mut self, head: Revision, now: &Document, former: Revision) {
        let made = self.revert(now, &self.log.replay(former));
        let components = commit(now, made).components;
        self.write_parts(&components, |request, id, parts, meta| Input::Restore {
            request,
            id,
            author: operator(),
            base: head,
            parts,
            meta,
        });
    }

    fn replace(&mut self, base: Revision) {
        let (then, exact) = (self.log.replay(base), self.operator.random.chance(20));
        let back = self.operator.random.below(BACK_MAX) as Revision;
        let components = self.revert(&then, &self.log.replay(base.saturating_sub(back).max(1)));
        self.write_parts(&components, |request, id, parts, meta| Input::Replace {
            request,
            id,
            author: operator(),
            base,
            exact,
            parts,
            meta,
        });
    }

    /// What makes `now` what it was; without the notes, where these are judged in the end.
    fn revert(&self, now: &Document, then: &Document) -> Components {
        let all = !self.plan.keeps_notes();
        revert(now, then, |id| all || id != ItemId::ROOT)
    }

    fn write_parts(
        &mut self,
        components: &Components,
        input: impl FnOnce(u64, OperationId, Vec<Components>, Meta) -> Input,
    ) {
        let Ok(parts) = restore_parts(components) else {
            return;
        };
        if parts.is_empty() {
            return;
        }
        let sequence = self.operator.new_write(parts.len() as u64);
        let request = self.server.ask(Asker::Operator(sequence));
        let meta = Meta {
            kind: Kind::Restore,
            ..Meta::edit("restore")
        };
        self.room_takes(input(request, server_id(sequence), parts, meta));
    }
}

fn server_id(sequence: u64) -> OperationId {
    OperationId {
        client: server_client(),
        sequence,
    }
}

fn operator() -> User {
    User {
        id: UserId::try_from("operator").expect("a legal id"),
        name: "Operator".to_owned(),
    }
}
