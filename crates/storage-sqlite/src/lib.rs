//! Storage on an embedded SQLite database: one file, one writer thread, a few readers.
//!
//! What a write answered is on the disk: write-ahead log, `synchronous=FULL`, answer after COMMIT.
//! (With `synchronous=NORMAL` every simulated power cut lost acknowledged commits.) After an error of
//! the device nothing is written any more, because nobody knows what is on it: SQLite may report a
//! failed flush and show the rows again after the next opening. The process must end and start
//! from the disk.
//!
//! ```
//! use coboard_storage::Storage;
//! use coboard_storage_sqlite::SqliteStorage;
//!
//! # let directory = tempfile::tempdir()?;
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let storage = SqliteStorage::open(&directory.path().join("coboard.db"))?;
//! assert_eq!(storage.lineage().await?.len(), 32);
//! storage.close().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`backup()`] copies a database beside the server that uses it.
//!
//! Not here: joining the appends of many rooms (`coboard_storage::GroupCommit` does).

mod backup;
mod connection;
mod error;
pub mod limits;
mod lock;
mod readers;
mod reading;
mod rows;
mod schema;
mod sql;
mod storage;
mod writer;
mod writing;

pub use backup::{Backup, backup};
pub use error::{BackupError, OpenError};
pub use storage::SqliteStorage;
