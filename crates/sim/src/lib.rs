//! Deterministic simulation of clients, a room, storage and network, all from one seed.
//!
//! A [`World`] owns everything. It draws a [`FaultPlan`], lets people edit while messages are
//! lost, doubled, delayed and overtaken, connections break, appends fail and the server crashes.
//! Then the faults end, and within bounded time everybody must be at rest. [`checkers`] judge
//! from outside what is left: the log, what was acknowledged, what everybody sees.
//!
//! Not here: sockets, real storage, real time. Those are tested against real processes.

pub mod checkers;
mod log;
mod plan;
mod workload;
mod world;

pub use plan::FaultPlan;
pub use world::{Failure, Outcome, World};
