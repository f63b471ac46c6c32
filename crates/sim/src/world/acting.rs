//! A person does something, and perhaps something breaks.

use coboard_engine::client::Edited;
use coboard_protocol::OperationId;
use serde_json::json;

use super::events::Event;
use super::person::{Made, Note};
use super::{Failure, Fault, World};
use crate::tape::Call;
use crate::workload::{Gesture, edit_to_json, gesture, note};

/// Pause of a person who has nothing to look at yet, in milliseconds.
const UNLOADED_MS: u64 = 50;

impl World {
    pub(super) fn schedule_act(&mut self, index: usize) {
        let ms = self.people[index].random.below(self.plan.pause_ms) as u64;
        self.later(ms, Event::Act(index));
    }

    pub(super) fn act(&mut self, index: usize) -> Result<(), Box<Failure>> {
        let Some(left) = self.people[index].gestures.checked_sub(1) else {
            return Ok(());
        };
        if !self.people[index].machine.is_loaded() {
            self.later(UNLOADED_MS, Event::Act(index));
            return Ok(());
        }
        self.people[index].gestures = left;
        self.gesture(index)?;
        self.schedule_act(index);
        self.break_something(index)
    }

    fn gesture(&mut self, index: usize) -> Result<(), Box<Failure>> {
        let undo = self.plan.undo;
        let person = &mut self.people[index];
        let words = format!("{} {};", person.client, person.notes.len());
        let noting = person.random.chance(20);
        let chosen = if noting {
            note(&mut person.random, person.machine.view(), &words)
        } else {
            gesture(&mut person.random, person.machine.view(), undo)
        };
        let Some(mut chosen) = chosen else {
            return Ok(());
        };
        if self.is_taped(index) {
            chosen.keep_first_text();
        }
        let (call, edited) = self.carry_out_gesture(index, &chosen);
        if let Some(id) = &edited.id {
            self.note_made(index, id, &edited.created)?;
            if noting {
                self.people[index].notes.push(Note {
                    words,
                    sequence: id.sequence,
                    lost: false,
                });
            }
        }
        self.drain(index, &call, Some(edited))
    }

    fn carry_out_gesture(&mut self, index: usize, gesture: &Gesture) -> (Call, Edited) {
        let (now, taped) = (self.now, self.is_taped(index));
        let machine = &mut self.people[index].machine;
        match gesture {
            Gesture::Edit(request) => {
                let call = match taped {
                    true => Call::Edit(edit_to_json(request, machine.view())),
                    false => Call::Untaped,
                };
                (call, machine.edit(now, request))
            }
            Gesture::Undo => (Call::Undo, machine.undo(now)),
            Gesture::Redo => (Call::Redo, machine.redo(now)),
        }
    }

    fn note_made(
        &mut self,
        index: usize,
        id: &OperationId,
        created: &[String],
    ) -> Result<(), Box<Failure>> {
        let after = self.acked_head;
        let person = &mut self.people[index];
        let life = person.life;
        let made = person.made.entry(id.sequence).or_insert(Made {
            life,
            ..Made::default()
        });
        made.after = after;
        let numbered_before = made.life != life;
        let numbers = [index as u64, id.sequence];
        self.journal
            .note(self.now, "invoke", &numbers, || json!({"id": id}));
        if numbered_before {
            return Err(self.failure("numbers", format!("{id:?} is numbered twice")));
        }
        for item in created {
            // A server that was restored from a backup gives the numbers of clients once more.
            if !self.created.insert(item.clone()) && self.server.lineage == 0 {
                return Err(self.failure("numbers", format!("item {item} is made twice")));
            }
        }
        Ok(())
    }

    fn break_something(&mut self, index: usize) -> Result<(), Box<Failure>> {
        if self.act_fault(index, Fault::Disconnect) {
            self.break_connection(index);
        }
        if self.act_fault(index, Fault::Partition) {
            self.partition(index);
        }
        if self.act_fault(index, Fault::Reload) {
            self.reload(index)?;
        }
        self.kill_soon(index);
        if self.act_fault(index, Fault::Role) {
            self.change_role();
        }
        if self.act_fault(index, Fault::Rewrite) {
            self.rewrite();
        }
        if self.act_fault(index, Fault::Compact) {
            self.compact();
        }
        if self.server.room.is_some() && self.act_fault(index, Fault::Crash) {
            self.crash();
        }
        if self.act_fault(index, Fault::Rewind) {
            self.rewind();
        }
        Ok(())
    }

    /// Every fault has its own dice, so that one that is off does not move the others.
    fn act_fault(&mut self, index: usize, fault: Fault) -> bool {
        let chance = self.people[index].random.below(100);
        chance < self.faults.percent(fault)
    }
}
