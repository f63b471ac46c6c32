//! Nothing is in the log that the server only ever got from somebody who may not edit.

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.everybody() {
        let mut forbidden = person.made.iter().filter(|(_, made)| !made.admitted);
        let logged =
            forbidden.find(|(sequence, _)| world.log.revision_of(&person.id(**sequence)).is_some());
        if let Some((sequence, _)) = logged {
            return Err(format!("{:?} came from a viewer", person.id(*sequence)));
        }
    }
    Ok(())
}
