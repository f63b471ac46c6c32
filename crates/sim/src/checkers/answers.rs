//! Nobody was told that an operation is durable and that it is refused.

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.everybody() {
        let both = person
            .acked
            .keys()
            .find(|sequence| person.rejected.contains_key(sequence));
        if let Some(sequence) = both {
            return Err(format!(
                "{:?} was acknowledged and refused",
                person.id(*sequence)
            ));
        }
    }
    Ok(())
}
