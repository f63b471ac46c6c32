//! The durable layer: the [`Storage`] trait, [`MemoryStorage`], [`GroupCommit`], and the contract
//! that every backend keeps (feature `contract`).
//!
//! What a method answered is durable: it is there after a crash. Nobody may acknowledge, broadcast or
//! publish an operation before [`Storage::append`], or [`GroupCommit::append`] above it, said yes.
//!
//! ```
//! use coboard_storage::{MemoryStorage, Storage};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let storage = MemoryStorage::new("lineage");
//! let document = "d1".try_into()?;
//! assert!(storage.load_snapshot(&document, None).await?.is_none());
//! assert!(storage.head(&[document]).await?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Not here: a database, and any idea of what an operation means. Storage keeps entries in
//! order and each operation once; the rest is for the room to decide.

#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod error;
mod group_commit;
pub mod limits;
mod memory;
pub mod packed;
mod record;
mod search;
mod storage;

pub use error::{AppendError, AssignError, Cause, CreateError, SaveSnapshotError, StorageError};
pub use group_commit::GroupCommit;
pub use memory::{Closed, MemoryStorage};
pub use record::{Assigned, DashboardQuery, DashboardRow, Found, NewDocument, Run};
pub use search::{search_text, search_words};
pub use storage::Storage;
