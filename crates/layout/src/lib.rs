//! Where widgets stand on a grid of columns and rows.
//!
//! Three questions, three functions. [`breaches`] is asked by whoever commits, before all others:
//! what does an operation do that no dashboard allows? [`settle`] is asked next: which widgets must
//! make way so that the operation leaves none on another and none outside? [`compact`] is asked by
//! whoever shows a grid: where does each widget rest when all sink towards the top?
//!
//! ```
//! use coboard_layout::{COLUMNS, Rect, compact};
//!
//! let rect = |x, y, w, h| Rect { x, y, w, h };
//! // Two widgets at one place, and one that hangs in the air.
//! let stored = [(1, rect(0, 0, 12, 4)), (2, rect(0, 0, 12, 4)), (3, rect(12, 9, 12, 2))];
//! let shown = compact(&stored, COLUMNS);
//! assert_eq!(shown, [rect(0, 0, 12, 4), rect(0, 4, 12, 4), rect(12, 0, 12, 2)]);
//! ```
//!
//! # What a widget is
//!
//! An item whose value has a place: Grafana's `gridPos {x, y, w, h}`, which is also what our own
//! application writes, or a `GridLayoutItem` of Grafana's schema v2 with
//! `spec {x, y, width, height}`. Its grid is the list that it stands in: the dashboard's own, one
//! inside a collapsed row, or one inside a row or tab of schema v2. Each list is a grid of its own.
//! A row header stands across all columns and is one row high, whatever is written.
//!
//! # What is not here
//!
//! No pixels, no folding of rows, no repair of grids that nobody touches. Integers only, and no
//! order but that of the document: the result is the same on every machine and in the browser.

mod compact;
mod occupied;
mod rect;
mod schema;
mod settle;
mod widget;

pub use compact::compact;
pub use rect::{COLUMNS, HEIGHT_MAX, Rect, TOP_MAX};
pub use schema::breaches;
pub use settle::settle;
pub use widget::{Widget, widgets};
