//! The algebra of Coboard: documents of identified items, operations on them, and their laws.
//!
//! A [`Document`] is a tree of identified items; an array is a list that items are located in.
//! [`Components`] are the content of an operation in normal form: one [`Change`] per cell, one
//! [`ItemChange`] per item. Because cells are addressed by item and key, never by index, nothing
//! is ever shifted, and everything commutes except what touches the very same register.
//!
//! ```
//! use coboard_ot::{Change, Components, Document, ItemId, Path, Side, Value, transform};
//!
//! let x = Path::of(["x"]);
//! let set = |number| {
//!     let change = Change::Set { old: None, new: Some(Value::Int(number)) };
//!     Components::of_cell(ItemId::ROOT, x.clone(), change)
//! };
//! // Two people set one cell on the same document; the server has `first` before `second`.
//! let (first, second) = (set(1), set(2));
//! let (mut here, mut there) = (Document::new(), Document::new());
//! here.apply(&first);
//! here.apply(&transform(second.clone(), &first, Side::Later).components);
//! there.apply(&second);
//! there.apply(&transform(first, &second, Side::Earlier).components);
//! assert_eq!(here, there);
//! assert_eq!(here.value(ItemId::ROOT, "/x"), Some(&Value::Int(2)));
//! ```
//!
//! # The transform table
//!
//! Both changed the same cell; `op` stands [`Side::Earlier`] or [`Side::Later`] in server order:
//!
//! | op \ over | set | add | text | ensure |
//! |---|---|---|---|---|
//! | **set** | Later: kept, replaces `over`'s value. Earlier: dropped | kept; Earlier: the add comes on top | kept | kept, replaces the container |
//! | **add** | Later: kept. Earlier: dropped | kept | kept, one of the two does not fit | kept, one of the two does not fit |
//! | **text** | dropped | kept, one of the two does not fit | delta transform; at one place the Earlier insert goes first | kept, one of the two does not fit |
//! | **ensure** | dropped | kept, one of the two does not fit | kept, one of the two does not fit | the same container: dropped, it is there. A map over a list: [`Container::MapOver`]; a list over a map: dropped |
//!
//! A change below a cell that `over` sets is dropped on either side; one below a cell that `over`
//! ensures is kept, so two people can make one container and each put something in. An item's
//! location is a register: Later wins, also against a delete. What is done to an item that the
//! other one purges is dropped on either side, and a purge is kept. Everything else commutes.
//!
//! Composed, an ensure and then a set are a set of an absent key; a set and then an ensure are the
//! set with the container as its value, if it left the key absent. A move or a cell change and then
//! a purge are the purge; a new item and then its purge are nothing.
//!
//! # The touch rule
//!
//! A set that writes an equal value is kept. If it were dropped, a third write between the two
//! would win or lose depending on how the log was grouped.
//!
//! # What is not here
//!
//! No time, no peers, no text format: operations are plain values, and whoever commits them
//! decides, by [`rule`] if there are [`Policies`]. Source of the delta's tie rule and unit: ottypes/text-unicode.

mod apply;
pub mod attribution;
mod change;
mod commit;
mod compose;
mod conflict;
mod container;
mod delta;
mod diff;
mod document;
mod hash;
mod id;
mod invert;
mod keep_newer;
mod map;
mod order_key;
mod own;
mod path;
mod plain;
mod policy;
mod position;
mod rebase;
mod renumber;
mod revert;
mod rollback;
mod text;
mod transform;
mod tree;
mod trie;
mod value;

pub use change::{Change, Components, ItemChange, NormalFormError};
pub use commit::{Committed, commit};
pub use compose::compose;
pub use conflict::{Conflict, ConflictKind, Intent, Winner};
pub use container::Container;
pub use delta::{Delta, Part};
pub use diff::diff;
pub use document::{Document, Item, LIST_DEPTH_MAX, Location};
pub use hash::DocumentHash;
pub use id::{CLIENT_NUMBER_MAX, ItemId, ListId};
pub use invert::invert;
pub use keep_newer::{keep_newer, pass_newer};
pub use map::Map;
pub use order_key::{ORDER_KEY_BYTES_MAX, OrderKey};
pub use path::Path;
pub use plain::plant;
pub use policy::{
    Case, Contest, Decided, PATTERN_BYTES_MAX, PATTERN_KEYS_MAX, PathPattern, PatternError,
    Policies, Policy, Ruled, rule,
};
pub use position::Assoc;
pub use rebase::{pass, rebase};
pub use renumber::{follow, renumbering};
pub use revert::{items_below, revert, revert_cell};
pub use rollback::Rollback;
pub use text::Text;
pub use transform::{Side, Transformed, transform, transform_pair};
pub use value::{INTEGER_MAX, Json, Key, Value};
