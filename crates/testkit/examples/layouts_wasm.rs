//! The same edits of layouts as the program `layouts`, compiled for WebAssembly and called by Node:
//! both must come to the same line.

use coboard_testkit::layouts::{EDITS_PER_CASE, play};
use wasm_bindgen::prelude::wasm_bindgen;

/// Plays the edits of a seed; gives the line of the tally.
#[wasm_bindgen]
pub fn layouts(seed: u32, edits: u32) -> String {
    let cases = u64::from(edits).div_ceil(EDITS_PER_CASE);
    play(u64::from(seed), 0, cases).line()
}
