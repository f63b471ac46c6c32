//! Operations of other formats as our own: JSON Patch, JSON Merge Patch, json0 and json1.
//!
//! All of them speak of places in plain JSON. Read against a [`Document`](coboard_ot::Document)
//! they become [`Components`](coboard_ot::Components), which speak of items: an element that is
//! moved stays itself, one that is replaced keeps its identity where the difference of the two
//! values allows, and what others do at the same time merges as always.
//!
//! An operation is read as a whole or refused as a whole, with the number of the part that does
//! not fit. What is not here: nothing is sent, committed or transformed.
//!
//! ```
//! use coboard_adapters::json_patch;
//! use coboard_ot::Document;
//! use coboard_protocol::codec::{plain_from_json, plain_to_json};
//! use serde_json::json;
//!
//! let mut document = Document::import(&plain_from_json(&json!({"panels": ["a", "b"]})).unwrap());
//! let patch = json!([{"op": "move", "from": "/panels/1", "path": "/panels/0"}]);
//! let mut id = 100;
//! let op = json_patch(&document, &patch, &mut || { id += 1; id }).unwrap();
//! document.apply(&op);
//! assert_eq!(plain_to_json(&document.export()), json!({"panels": ["b", "a"]}));
//! ```

mod draft;
mod error;
mod json0;
mod json1;
mod json_patch;
mod merge_patch;
mod place;
mod text;

pub use error::{AdapterError, Refusal};
pub use json_patch::json_patch;
pub use json0::json0;
pub use json1::json1;
pub use merge_patch::merge_patch;

/// Most operations in one patch, and most components in one json0 operation. A guess.
pub const OPERATIONS_MAX: usize = 2_000;
/// Most values that one patch may read and write, counted with all that is inside of them: a
/// large dashboard a few times over. A guess.
pub const VALUES_MAX: usize = 200_000;
