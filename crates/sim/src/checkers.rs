//! Judges of a finished run. They look from outside and ask nobody who took part.

use crate::world::{Failure, World};

mod conflicts;
mod converged;
mod durable_ack;
mod exactly_once;
mod log_order;
mod no_lost_edit;

/// What a checker saw if it is not content.
type Verdict = Result<(), String>;
type Checker = fn(&World) -> Verdict;

/// Asks every checker.
///
/// # Errors
/// [`Failure`] of the first that is not content.
pub(crate) fn check(world: &World) -> Result<(), Failure> {
    let checkers: [(&'static str, Checker); 6] = [
        ("log_order", log_order::check),
        ("exactly_once", exactly_once::check),
        ("durable_ack", durable_ack::check),
        ("conflicts", conflicts::check),
        ("converged", converged::check),
        ("no_lost_edit", no_lost_edit::check),
    ];
    for (name, checker) in checkers {
        checker(world).map_err(|seen| world.failure(name, seen))?;
    }
    Ok(())
}
