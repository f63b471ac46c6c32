//! The vectors, compiled for WebAssembly and called by `web/client/test/vectors.test.ts`: every line
//! must come out as the native build wrote it.

use coboard_testkit::vectors::File;
use wasm_bindgen::prelude::wasm_bindgen;

/// A line of the file as this build writes it, or why it cannot.
#[wasm_bindgen]
pub fn again(file: &str, line: &str) -> String {
    let found = File::ALL
        .into_iter()
        .find(|candidate| candidate.name() == file);
    match found.map(|file| file.again(line)) {
        Some(Ok(line)) => line,
        Some(Err(error)) => error.to_string(),
        None => "there is no such file".to_owned(),
    }
}
