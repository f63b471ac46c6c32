//! The binary `coboard`.
fn main() {}
