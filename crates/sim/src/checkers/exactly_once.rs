//! Every operation is in the log once, or was refused. Of those who closed their tab, and of
//! what a tab alone had that ended, at most once; of what went with a backup, it may be offered again.

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
    for person in world.everybody() {
        let refused = person.rejected.keys().map(|sequence| person.id(*sequence));
        if let Some(id) = refused.into_iter().find(|id| logged.contains(id)) {
            return Err(format!("{id:?} was refused and is in the log"));
        }
    }
    for person in &world.people {
        for (sequence, made) in &person.made {
            let id = person.id(*sequence);
            let known = logged.contains(&id)
                || person.rejected.contains_key(sequence)
                || made.lost
                || world.rewound.contains(&id);
            if !known {
                return Err(format!("{id:?} is nowhere"));
            }
        }
    }
    Ok(())
}
