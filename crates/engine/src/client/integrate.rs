//! Entries of the log arrive: the committed document advances, own operations move onto it.

use coboard_ot::{Components, Document, compose, follow, invert, rebase};
use coboard_protocol::message::{Composed, Segment};
use coboard_protocol::{Kind, LogEntry, OperationId, Revision};

use super::io::Touched;
use super::outbox::{Pending, Stage};
use super::{Change, Client, Origin, Output};
use crate::covered::Covered;
use crate::difference::{difference, give_way, gives_way};

impl Client {
    /// Applies the segments after `from` that are new. The view is rebuilt once, so that nobody
    /// sees half of it, and each entry is told as a change of its own.
    pub(super) fn take_segments(&mut self, from: Revision, segments: Vec<Segment>) {
        if from > self.revision {
            return;
        }
        self.refuse_passed(&segments);
        let was_behind = self.check.is_behind(self.revision);
        let mut touched = Touched {
            anew: was_behind,
            ..Touched::default()
        };
        let mut changes = Vec::new();
        for segment in segments {
            match segment {
                Segment::Entry { mut entry } if entry.revision == self.revision + 1 => {
                    let own = self.integrate(&mut entry, &mut touched);
                    if !own && !self.check.is_rebased_over(entry.revision) {
                        changes.push(change_of(&entry));
                    }
                }
                Segment::Composed(composed)
                    if composed.from == self.revision && !self.check.is_split_by(&composed) =>
                {
                    self.integrate_composed(&composed, &mut touched);
                    if !self.check.is_rebased_over(composed.to) {
                        changes_of(&composed, &mut changes);
                    }
                }
                // Known already, made for somebody who has less, or begun below what the own
                // operations stand on: what lacks is asked for again.
                Segment::Entry { .. } | Segment::Composed(_) => {}
            }
        }
        self.head = self.head.max(self.revision);
        if self.check.is_behind(self.revision) {
            return;
        }
        if was_behind {
            self.rebuild_view();
            self.tell_everything();
        }
        self.rebuild_view_and_tell(touched, changes);
    }

    /// Own operations that are not in the log where a later one is were refused before; the device
    /// ended before it kept that. They go before the segments change what they stand on.
    fn refuse_passed(&mut self, segments: &[Segment]) {
        let (mut revision, mut index) = (self.revision, 0);
        for segment in segments {
            if segment.from() != revision {
                continue;
            }
            revision = segment.to();
            if let Segment::Entry { entry } = segment {
                index = self.refuse_before(index, &entry.id);
            }
        }
    }

    /// Refuses what stands from `index` on before an operation that is in the log. Gives the place
    /// behind that one, or `index` if it is not in the queue.
    fn refuse_before(&mut self, index: usize, id: &OperationId) -> usize {
        while let Some(pending) = self.outbox.queue.get(index)
            && pending.id.client == id.client
            && pending.id.sequence <= id.sequence
        {
            if pending.id == *id {
                return index + 1;
            }
            self.reject_passed(index);
        }
        index
    }

    /// Advances the committed document by one entry. True if it is an own one.
    fn integrate(&mut self, entry: &mut LogEntry, touched: &mut Touched) -> bool {
        self.committed.apply(&entry.components);
        self.revision = entry.revision;
        let own = self
            .outbox
            .queue
            .front()
            .is_some_and(|front| front.id == entry.id);
        if own {
            self.integrate_own(entry, touched);
        } else if entry.meta.kind == Kind::Fixup {
            self.meet_fixup(&entry.components, touched);
        } else {
            self.meet_foreign(&entry.components, touched);
        }
        own
    }

    /// Advances the committed document by several entries of others at once.
    fn integrate_composed(&mut self, composed: &Composed, touched: &mut Touched) {
        self.committed.apply(&composed.components);
        self.revision = composed.to;
        self.meet_foreign(&composed.components, touched);
    }

    /// Moves the own operations over what others did up to now, unless they stand on it already.
    fn meet_foreign(&mut self, foreign: &Components, touched: &mut Touched) {
        if !self.check.is_rebased_over(self.revision) {
            let (over, covered) = self.rebase_queue_behind(foreign.clone());
            self.undo.transform_over(&over);
            self.undo.uncover(&covered);
        }
        touched.anew = true;
        touched.add(foreign);
    }

    /// Moves the own operations over what the server tidied up: places in between follow it.
    fn meet_fixup(&mut self, fixup: &Components, touched: &mut Touched) {
        touched.anew = true;
        touched.add(fixup);
        if self.check.is_rebased_over(self.revision) {
            return;
        }
        let over = self.rebase_queue(0, fixup.clone());
        for pending in &mut self.outbox.queue {
            let made = std::mem::take(&mut pending.components);
            touched.add(&made);
            pending.components = follow(made, fixup);
        }
        self.undo.follow(fixup, &over);
    }

    /// Moves the queue over what others did. An undo in it loses, as it will in the room, and
    /// brings back what they wrote where the edit that it takes back is in the queue as well. Gives
    /// what they did as it applies to the view, and what of it the queue covers.
    fn rebase_queue_behind(&mut self, over: Components) -> (Components, Covered) {
        let mut over = over;
        let mut covered = Covered::default();
        for pending in &mut self.outbox.queue {
            let mine = &mut pending.components;
            if gives_way(pending.meta.kind) {
                let (kept, behind, _) = give_way(std::mem::take(mine), &over);
                let (kept, below) = covered.uncover(kept);
                *mine = kept;
                over = compose(behind, &below);
            } else {
                let before = mine.clone();
                over = rebase([&mut *mine], over);
                covered.note(&before, mine);
            }
        }
        (over, covered)
    }

    fn integrate_own(&mut self, entry: &mut LogEntry, touched: &mut Touched) {
        let Some(front) = self.outbox.queue.pop_front() else {
            return;
        };
        self.outbox.gone.push_back(front.gone(entry.revision));
        if !front.stage.is_acked() {
            self.outputs.push_back(Output::Ack {
                id: entry.id.clone(),
                revision: entry.revision,
            });
        }
        if !front.told {
            let conflicts = std::mem::take(&mut entry.conflicts);
            self.tell_conflicts(&entry.id, entry.revision, conflicts);
        }
        if front.components != entry.components {
            // The server made something else of it: the difference is foreign to what follows.
            let difference = difference(&front.components, &entry.components);
            let over = self.rebase_queue(0, difference);
            self.undo.absorb(&entry.id, &over);
            touched.add(&front.components);
            touched.add(&entry.components);
            touched.anew = true;
        }
        if !self.outbox.has_steps() {
            self.undo.committed(&entry.id, &entry.components);
        }
    }

    /// Moves the queue from `start` on over a foreign change. Gives that change as the view sees it.
    fn rebase_queue(&mut self, start: usize, over: Components) -> Components {
        let queue = self.outbox.queue.iter_mut().skip(start);
        rebase(queue.map(|pending| &mut pending.components), over)
    }

    /// Takes a refused operation out of the queue and its effect out of the view.
    pub(super) fn take_back(&mut self, index: usize) {
        let Some(refused) = self.outbox.queue.remove(index) else {
            return;
        };
        self.outbox.gone.push_back(refused.gone(0));
        let later = self.outbox.queue.iter_mut().skip(index);
        later.for_each(Pending::unkeep);
        let over = self.rebase_queue(index, invert(&refused.components));
        self.undo.forget(&refused.id);
        self.undo.transform_over(&over);
        let mut touched = Touched {
            anew: true,
            ..Touched::default()
        };
        touched.add(&refused.components);
        self.rebuild_view_and_tell(touched, Vec::new());
    }

    /// Drops own operations that the committed document turns out to hold: a snapshot brought them,
    /// of another history or when what told so was not kept. Their entries will not come, and what was made on them stands on them.
    pub(super) fn drop_held(&mut self) {
        let mut touched = Touched {
            anew: true,
            ..Touched::default()
        };
        let (revision, before) = (self.revision, self.outbox.queue.len());
        let gone = &mut self.outbox.gone;
        self.outbox.queue.retain(|pending| {
            let held = matches!(pending.stage, Stage::Acked(at) if at <= revision);
            if held {
                touched.add(&pending.components);
                gone.push_back(pending.gone(0));
            }
            !held
        });
        if self.outbox.queue.len() == before {
            return;
        }
        self.outbox.queue.iter_mut().for_each(Pending::unkeep);
        self.rebuild_view_and_tell(touched, Vec::new());
    }

    /// Puts the queue on top of the committed document. Cost: O(queue).
    pub(super) fn rebuild_view(&mut self) {
        self.view = self.on_top();
    }

    fn on_top(&self) -> Document {
        let mut view = self.committed.clone();
        for pending in &self.outbox.queue {
            view.apply(&pending.components);
        }
        view
    }

    /// Brings the view to where the committed document and the queue are. Own entries that come as
    /// they were predicted leave it as it is: of a long queue they come by the hundred.
    fn bring_view(&mut self, touched: &Touched) {
        if touched.anew || self.outbox.queue.is_empty() {
            self.rebuild_view();
        } else {
            debug_assert_eq!(self.view, self.on_top(), "the view is the queue on top");
        }
    }

    fn rebuild_view_and_tell(&mut self, mut touched: Touched, changes: Vec<Change>) {
        if !self.loaded {
            // It is being restored, and shown when it is complete.
            return;
        }
        touched.note_lists(&self.view);
        self.bring_view(&touched);
        touched.note_lists(&self.view);
        let mut changed = self.mirror(&touched);
        if changes.is_empty() {
            if !touched.items.is_empty() {
                self.outputs.push_back(Output::Changed(changed));
            }
            return;
        }
        for change in changes {
            changed.change = Some(change);
            self.outputs
                .push_back(Output::Changed(std::mem::take(&mut changed)));
        }
    }
}

/// What listeners are told about an entry of somebody else.
fn change_of(entry: &LogEntry) -> Change {
    Change {
        revision: Some(entry.revision),
        origin: Origin::Remote,
        author: entry.author.clone(),
        client: entry.id.client.clone(),
        at_ms: entry.server_time_ms,
        label: entry.meta.label.clone().unwrap_or_default(),
        kind: entry.meta.kind,
        count: 1,
        paths: super::mirror::paths(&entry.components),
        items: super::mirror::items(&entry.components),
    }
}

/// What listeners are told about operations that came as one: a change for each author, the oldest
/// first. Which of the cells somebody changed is known only if there was nobody else.
fn changes_of(composed: &Composed, changes: &mut Vec<Change>) {
    let alone = composed.authors.len() == 1;
    let touched = |of: fn(&Components) -> Vec<String>| match alone {
        true => of(&composed.components),
        false => Vec::new(),
    };
    for contribution in composed.authors.iter().rev() {
        changes.push(Change {
            revision: Some(composed.to),
            origin: Origin::Remote,
            author: contribution.author.clone(),
            client: contribution.client.clone(),
            at_ms: contribution.server_time_ms,
            label: contribution.label.clone().unwrap_or_default(),
            kind: Kind::Edit,
            count: contribution.count,
            paths: touched(super::mirror::paths),
            items: touched(super::mirror::items),
        });
    }
}
