//! Every note that was made and not refused stands in the notes, once and whole.
//!
//! Convergence alone would be content with replicas that all lost the same words.

use std::collections::BTreeMap;

use coboard_protocol::ot::{ItemId, Value};

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    let document = world.log.replay(world.log.head());
    let Some(Value::Str(notes)) = document.value(ItemId::ROOT, "/notes") else {
        return Err("the notes are gone".to_owned());
    };
    if !world.plan.keeps_notes() {
        return Ok(());
    }
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for note in notes.split_inclusive(';') {
        *found.entry(note).or_default() += 1;
    }
    for person in world.everybody() {
        for note in &person.notes {
            let id = person.id(note.sequence);
            let logged = usize::from(world.log.revision_of(&id).is_some());
            let there = found.remove(note.words.as_str()).unwrap_or(0);
            // What the device had of the operation then may be from before these words.
            if there > logged || (there < logged && !note.lost) {
                let words = &note.words;
                return Err(format!("{words:?} stands {there} times in {notes:?}"));
            }
        }
    }
    match found.first_key_value() {
        Some((words, _)) => Err(format!("nobody noted {words:?} of {notes:?}")),
        None => Ok(()),
    }
}
