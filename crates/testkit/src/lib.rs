//! Generators, a naive model and fixtures for tests, fuzzing and simulation.
//!
//! Everything random comes from one [`Random`], so a seed and a case number repeat a case on any
//! machine. The [`Model`] says what an edit means without calling `apply`, `compose` or
//! `transform`; [`laws`] compares the two.

pub mod fuzz;
pub mod histories;
pub mod laws;
pub mod layouts;
pub mod oracle;
pub mod vectors;

mod edit;
mod generate;
mod merge;
mod model;
mod random;
mod shrink;
mod versions;

pub use edit::{Cell, Edit, build};
pub use generate::{Generator, Taste};
pub use merge::merge;
pub use model::Model;
pub use random::Random;
pub use shrink::shrink;
pub use versions::Versions;
