//! What was acknowledged is in the log at the revision that was told, also after crashes.

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.people.iter().chain(&world.gone) {
        for (id, revision) in &person.acked {
            let entry = world.log.since(revision - 1).first();
            if entry.is_none_or(|entry| entry.id != *id) {
                return Err(format!(
                    "{id:?} was acknowledged at {revision}, where {:?} stands",
                    entry.map(|entry| &entry.id)
                ));
            }
        }
    }
    Ok(())
}
