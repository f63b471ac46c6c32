//! What people did to a dashboard, as events and as sentences.
//!
//! [`events`] reads one committed operation against the document before it; [`Feed`] folds events
//! into entries, [`Entry::tell`] puts one into words. The server alone does this, once, so that the
//! REST interface, the live feed and every SDK say the same.
//!
//! What changed nothing gives no event: containers that were ensured, values that were written again,
//! corrections by the server, cells that only programs read.
//!
//! # What is not here
//!
//! No log, no clock, nobody's name: whoever asks brings those. Nothing is stored.

mod derive;
mod entry;
mod event;
mod leaves;
mod object;
mod part;
mod phrase;
mod subsume;
mod told;
mod touched;
mod words;

pub use derive::{events, joined, left, policies_changed};
pub use entry::{Entry, Feed, Names, TOGETHER_MS, VALUE_BYTES_MAX};
pub use event::Event;
