//! What was made after something was acknowledged to anybody comes after it in the log.

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.everybody() {
        for (sequence, made) in &person.made {
            let id = person.id(*sequence);
            let revision = world.log.revision_of(&id);
            if revision.is_some_and(|revision| revision <= made.after) {
                return Err(format!(
                    "{id:?} is at {revision:?} and was made after {} was acknowledged",
                    made.after
                ));
            }
        }
    }
    Ok(())
}
