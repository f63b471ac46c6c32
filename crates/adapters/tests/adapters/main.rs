//! Operations of other formats, read against documents.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the models read JSON of serde_json"
)]

mod json_patch;
mod merge_patch;
mod peers;
mod support;
