//! Judges of a finished run. They look from outside and ask nobody who took part.
//!
//! Two more judge while it goes on: `received`, whether each client goes from revision to revision
//! without a gap, and `liveness`, whether everybody comes to rest.

use crate::outcome::Failure;
use crate::world::World;

mod answers;
mod conflicts;
mod converged;
mod device;
mod durable_ack;
mod exactly_once;
mod log_order;
mod no_lost_edit;
mod real_time;
mod rights;
mod server_writes;

/// What a checker saw if it is not content.
type Verdict = Result<(), String>;
type Checker = fn(&World) -> Verdict;

/// Asks every checker.
///
/// # Errors
/// [`Failure`] of the first that is not content.
pub(crate) fn check(world: &World) -> Result<(), Box<Failure>> {
    let checkers: [(&'static str, Checker); 11] = [
        ("log_order", log_order::check),
        ("exactly_once", exactly_once::check),
        ("durable_ack", durable_ack::check),
        ("device", device::check),
        ("answers", answers::check),
        ("real_time", real_time::check),
        ("rights", rights::check),
        ("server_writes", server_writes::check),
        ("conflicts", conflicts::check),
        ("converged", converged::check),
        ("no_lost_edit", no_lost_edit::check),
    ];
    for (name, checker) in checkers {
        checker(world).map_err(|seen| world.failure(name, seen))?;
    }
    Ok(())
}
