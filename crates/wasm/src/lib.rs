//! Bindings of the engine's client machine for the browser.
//!
//! JSON text crosses the boundary: it is several times faster than building JavaScript values
//! one by one, and the frame of the socket goes into the engine as it came. The only logic of
//! this crate is the unit of text offsets: JavaScript counts UTF-16, the engine scalar values.
//!
//! Not here: sockets, timers, the plain view of the document. The SDK in `web/client` has them.

mod document;
mod layout;
mod texts;
mod utf16;

pub use document::DocumentCore;
pub use layout::compact;

/// That of the standard library is larger and takes twice as long.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
