//! What was saved on a device is in the log or was refused, whatever became of the tab.

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    for person in world.everybody() {
        let saved = person.device.iter().flat_map(|device| &device.saved);
        for sequence in saved {
            let id = person.id(*sequence);
            let known = world.log.revision_of(&id).is_some()
                || person.rejected.contains_key(sequence)
                || world.rewound.contains(&id);
            if !known {
                return Err(format!("{id:?} was saved on the device and is nowhere"));
            }
        }
    }
    Ok(())
}
