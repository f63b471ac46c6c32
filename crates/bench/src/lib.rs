//! Measures the core: one case for each row of the target table.
//!
//! The same cases run by the program `bench-core`, under criterion (`cargo bench -p coboard-bench`)
//! and under callgrind (the program `bench-instructions`), so that their figures can be compared.
//!
//! Nothing here asserts a time: machines are noisy, and only ratios of one run mean something.

pub mod algebra;
pub mod board;
pub mod case;
pub mod documents;
pub mod merges;
pub mod script;
pub mod server;
pub mod texts;

pub mod measure;

pub use case::{Case, Entry, find};

/// Every case, in the order of the table.
pub fn cases() -> Vec<Entry> {
    let mut all = documents::cases();
    all.extend(algebra::cases());
    all.extend(merges::cases());
    all.extend(server::cases());
    all.extend(texts::cases());
    all
}
