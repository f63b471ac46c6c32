//! See `coboard_testkit::fuzz::decode`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| coboard_testkit::fuzz::decode(bytes));
