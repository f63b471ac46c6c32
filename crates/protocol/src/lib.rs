//! What crosses the wire: identifiers, messages, codec, error codes, limits.
//!
//! Decoding is validation: a value that came out of [`codec`] is valid by its type, and nothing
//! behind this crate checks it again. `docs/protocol.md` says the same in prose.
//!
//! ```
//! use coboard_protocol::Operation;
//!
//! let text = r#"{"id":{"client":"c1","sequence":1},"base":0,
//!     "components":{"cells":{"@0/title":{"s":[[],"Nodes"]}}},"meta":{"kind":"edit"}}"#;
//! let operation: Operation = serde_json::from_str(text)?;
//! assert_eq!(operation.components.len(), 1);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Not here: how messages travel, and what they mean to a room.

mod catalogue;
pub mod codec;
pub mod decode;
mod error;
mod id;
pub mod limits;
pub mod message;
mod operation;
mod policy;
mod snapshot;
pub mod strict;

pub use catalogue::{Catalogue, PreviewWidget};
pub use coboard_ot as ot;
pub use error::{ErrorBody, ErrorCode, Retry};
pub use id::{
    ClientId, DocumentId, IdError, OperationId, ROOM_CLIENT, Revision, SERVER_CLIENT, SessionId,
    User, UserId,
};
pub use operation::{Kind, LogEntry, Meta, Operation, cut};
pub use policy::{Conflict, PathPolicy, PolicyWord};
pub use snapshot::Snapshot;
