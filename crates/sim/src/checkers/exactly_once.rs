//! Every operation is in the log once, or was refused. Of those who closed their tab, at most once.

use std::collections::BTreeSet;

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    let mut logged = BTreeSet::new();
    for entry in &world.log.entries {
        if !logged.insert(&entry.id) {
            return Err(format!("{:?} is in the log twice", entry.id));
        }
    }
    for person in world.people.iter().chain(&world.gone) {
        if let Some(id) = person.rejected.iter().find(|id| logged.contains(id)) {
            return Err(format!("{id:?} was refused and is in the log"));
        }
    }
    for person in &world.people {
        let lost = person
            .made
            .iter()
            .find(|id| !logged.contains(id) && !person.rejected.contains(id));
        if let Some(id) = lost {
            return Err(format!("{id:?} is nowhere"));
        }
    }
    Ok(())
}
