//! What the server wrote itself and reported as failed is not in the log, and nothing of it was
//! written that nobody asked for.

use coboard_protocol::OperationId;

use super::Verdict;
use crate::world::{World, server_client};

pub(super) fn check(world: &World) -> Verdict {
    for (first, written) in &world.operator.writes {
        if !matches!(written.result, Some(Err(_))) {
            continue;
        }
        for sequence in *first..first + written.parts {
            let id = OperationId {
                client: server_client(),
                sequence,
            };
            if world.log.revision_of(&id).is_some() {
                return Err(format!("{id:?} failed and is in the log"));
            }
        }
    }
    Ok(())
}
