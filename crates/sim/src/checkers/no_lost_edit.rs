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
        for (note, sequence) in &person.notes {
            let logged = usize::from(world.log.revision_of(&person.id(*sequence)).is_some());
            let there = found.remove(note.as_str()).unwrap_or(0);
            if logged != there {
                return Err(format!("{note:?} stands {there} times in {notes:?}"));
            }
        }
    }
    match found.first_key_value() {
        Some((words, _)) => Err(format!("nobody noted {words:?} of {notes:?}")),
        None => Ok(()),
    }
}
