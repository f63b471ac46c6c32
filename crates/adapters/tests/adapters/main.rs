//! Operations of other formats, read against documents.

mod json_patch;
mod merge_patch;
mod peers;
mod support;
