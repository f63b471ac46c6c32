//! The Storage trait, the in-memory Storage, group commit and the contract every backend keeps.
