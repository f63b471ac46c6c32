//! The real server on a port of its own, with memory for storage, and clients that know only the wire.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends at the first thing that is not as it must be"
)]

mod activity;
mod devices;
mod documented;
mod faults;
mod garbage;
mod http;
mod limits;
mod policies;
mod polling;
mod restore;
mod rewrite;
mod sharing;
mod socket;
mod stopping;
mod support;
mod sync;
