//! What an own operation met is told at most once to each tab, and as it stands in the log.

use std::collections::BTreeSet;

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.everybody() {
        let mut told = BTreeSet::new();
        for met in &person.met {
            let (revision, conflicts) = (met.revision, &met.conflicts);
            let id = person.id(met.sequence);
            let again = !told.insert((met.life, met.sequence));
            // What went with a backup is offered again, though the log may still have it.
            if again && world.server.lineage == 0 {
                return Err(format!("what {id:?} met was told twice"));
            }
            let entry = world.log.entries.get(revision as usize - 1);
            let logged = entry.is_some_and(|entry| entry.id == id && entry.conflicts == *conflicts);
            if !logged {
                return Err(format!("{id:?} at {revision} did not meet {conflicts:?}"));
            }
        }
    }
    Ok(())
}
