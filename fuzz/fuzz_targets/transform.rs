//! See `coboard_testkit::fuzz::transform_any`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| coboard_testkit::fuzz::transform_any(bytes));
