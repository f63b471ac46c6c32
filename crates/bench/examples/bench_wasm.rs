//! The cases for JavaScript. Node measures the time, for wasm has no clock.

use std::cell::RefCell;

use coboard_bench::case::Case;
use wasm_bindgen::prelude::wasm_bindgen;

/// That of `crates/wasm`.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    static CASE: RefCell<Option<Box<dyn Case>>> = const { RefCell::new(None) };
}

/// The names of the cases, one a line.
#[wasm_bindgen]
pub fn names() -> String {
    let names = coboard_bench::cases().into_iter().map(|entry| entry.name);
    names.collect::<Vec<_>>().join("\n")
}

/// Makes a case and gives how many operations one run of it is; 0 if there is none of this name.
#[wasm_bindgen]
pub fn load(name: &str) -> usize {
    let case = coboard_bench::find(name).map(|entry| (entry.make)());
    let units = case.as_ref().map_or(0, |case| case.units());
    CASE.with_borrow_mut(|slot| *slot = case);
    units
}

/// Makes the input of the next run.
#[wasm_bindgen]
pub fn prepare() {
    CASE.with_borrow_mut(|slot| {
        if let Some(case) = slot {
            case.prepare();
        }
    });
}

/// Runs the case once.
#[wasm_bindgen]
pub fn run() {
    CASE.with_borrow_mut(|slot| {
        if let Some(case) = slot {
            case.run();
        }
    });
}
