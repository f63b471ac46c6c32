//! The durable layer: the [`Storage`] trait, [`MemoryStorage`], [`GroupCommit`], and the contract
//! that every backend keeps (feature `contract`).
//!
//! What a method answered is durable: it is there after a crash. Nobody may acknowledge, broadcast or
//! publish an operation before [`Storage::append`], or [`GroupCommit::append`] above it, said yes.
//!
//! Not here: a database, and any idea of what an operation means. Storage keeps entries in
//! order and each operation once; the rest is for the room to decide.

mod error;
pub mod limits;
mod record;
mod storage;

pub use error::{AppendError, AssignError, Cause, CreateError, SaveSnapshotError, StorageError};
pub use record::{Assigned, DashboardQuery, DashboardRow, Found, NewDocument, Run};
pub use storage::Storage;
