//! Cases for the differential oracles: what this build makes of them, for the peers' own packages
//! to make the same of.
//!
//! The program `oracle` prints them as JSON lines; `oracle/replay.mjs` replays them with
//! `ot-text-unicode` and `ot-json1` and compares.

pub mod json;
pub mod text;

mod facts;
mod place;
