//! Revisions go from 1 without a gap; the operations of a client stand in the order they were made.

use std::collections::BTreeMap;

use super::Verdict;
use crate::world::World;

pub(super) fn check(world: &World) -> Verdict {
    let mut last = BTreeMap::new();
    for (index, entry) in world.log.entries.iter().enumerate() {
        if entry.revision != index as u64 + 1 {
            return Err(format!("revision {} stands at {index}", entry.revision));
        }
        let before = last.insert(&entry.id.client, entry.id.sequence);
        if before.is_some_and(|before| before >= entry.id.sequence) {
            return Err(format!("{:?} comes after {before:?}", entry.id));
        }
    }
    Ok(())
}
