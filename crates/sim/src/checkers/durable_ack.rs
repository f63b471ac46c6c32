//! What was acknowledged is in the log at the revision that was told, also after crashes. What a
//! backup lacks is out of this: it was taken off the list when the server went back to it.

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.everybody() {
        for (sequence, revision) in &person.acked {
            let id = person.id(*sequence);
            let entry = world.log.after(revision - 1).first();
            if entry.is_none_or(|entry| entry.id != id) {
                return Err(format!(
                    "{id:?} was acknowledged at {revision}, where {:?} stands",
                    entry.map(|entry| &entry.id)
                ));
            }
        }
    }
    Ok(())
}
