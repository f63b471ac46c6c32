//! Deterministic simulation of clients, a room, storage and network, all from one seed.
//!
//! A [`Plan`] says how many people work and what goes wrong. A [`World`] owns everything: it lets
//! people edit, undo, reload and lose their rights while messages are lost, doubled, delayed and
//! overtaken, people are cut off, appends fail, the server crashes, forgets old entries or goes back
//! to a backup. Then the faults end, and within bounded time everybody must be at rest. `checkers`
//! judge from outside what is left: the log, what was acknowledged, what everybody sees.
//!
//! The same seed and plan give the same run to the last event; the trace of an [`Outcome`] shows it.
//!
//! Not here: sockets, real storage, real time. Those are tested against real processes.

mod checkers;
mod device;
mod journal;
mod log;
mod outcome;
mod plan;
mod tape;
mod workload;
mod world;

pub use outcome::{Failure, Outcome};
pub use plan::{Fault, Faults, Mode, Plan, Sabotage};
pub use world::World;
