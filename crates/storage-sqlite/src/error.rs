//! What SQLite's errors mean for whoever asked.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use coboard_protocol::{DocumentId, Revision};
use coboard_storage::{Cause, StorageError};
use rusqlite::ErrorCode;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has this database open.
    #[error("another server uses this database: {} is locked", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The directory or the lock file could not be made.
    #[error("cannot create {}", path.display())]
    Create {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is a database of something else.
    #[error("{} is not a database of Coboard", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer version.
    #[error("the database has schema version {found}, this program knows versions up to {known}")]
    Newer {
        /// The version of the database.
        found: usize,
        /// The newest version this program knows.
        known: usize,
    },
    /// The file system does not support what a write-ahead log needs.
    #[error("the file system of {} does not support a write-ahead log", path.display())]
    NoWriteAheadLog {
        /// The database.
        path: PathBuf,
    },
    /// SQLite could not open or prepare the database.
    #[error("cannot open the database")]
    Database(#[from] rusqlite::Error),
    /// The writer's thread could not be started.
    #[error("cannot start the thread of the writer")]
    Thread(#[source] std::io::Error),
}

/// Why there is no copy of a database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("there is no database at {}", path.display())]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{} is not a database of Coboard", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer version.
    #[error("the database has schema version {found}, this program knows versions up to {known}")]
    Newer {
        /// The version of the database.
        found: usize,
        /// The newest version this program knows.
        known: usize,
    },
    /// The copy would replace a file.
    #[error("{} exists", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Another backup to the same place is under way, or was killed.
    #[error("{} exists: another backup writes it, or was killed", path.display())]
    Unfinished {
        /// What that one has written so far.
        path: PathBuf,
    },
    /// The copy could not be made or flushed.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database does not hold what was written to it.
    #[error("the database is damaged: {finding}")]
    Damaged {
        /// What was found first.
        finding: String,
    },
    /// SQLite could not read the database or write the copy.
    #[error("cannot copy the database")]
    Database(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                finding: error.to_string(),
            },
            Some(_) | None => Self::Database(error),
        }
    }
}

/// Why a job on a connection failed.
#[derive(Debug)]
pub(crate) enum JobError {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// A row does not pass its check.
    Damaged {
        document: DocumentId,
        revision: Revision,
    },
}

impl From<rusqlite::Error> for JobError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// The storage was closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the storage is closed")]
pub(crate) struct Closed;

/// The thread that did the work is gone: a defect of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the thread of the database ended in the middle of its work")]
pub(crate) struct ThreadLost;

/// Remembers the first failure of the device. Once there is one, nothing is written any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure(Arc<OnceLock<Cause>>);

impl Failure {
    /// `Fatal` if the device has failed.
    pub(crate) fn check(&self) -> Result<(), StorageError> {
        match self.0.get() {
            Some(cause) => Err(StorageError::Fatal(cause.clone())),
            None => Ok(()),
        }
    }

    /// Records a failure. The first one stays.
    pub(crate) fn fatal(&self, cause: Cause) -> StorageError {
        StorageError::Fatal(self.0.get_or_init(|| cause).clone())
    }

    /// What to answer after `error`; a failure of the device is recorded.
    pub(crate) fn judge(&self, error: JobError) -> StorageError {
        let error = match error {
            JobError::Damaged { document, revision } => {
                return StorageError::Damaged { document, revision };
            }
            JobError::Sqlite(error) => error,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StorageError::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StorageError::Unavailable(Arc::new(error))
            }
            // An error of the device, a damaged database, or a statement of ours that cannot be right:
            // in none of these cases is it known what the database holds.
            Some(_) | None => self.fatal(Arc::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn judged(code: i32) -> (StorageError, bool) {
        let failure = Failure::default();
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let judged = failure.judge(error.into());
        (judged, failure.check().is_err())
    }

    #[test]
    fn a_full_disk_and_a_lock_pass_and_everything_else_is_the_end() {
        assert!(matches!(
            judged(ffi::SQLITE_FULL),
            (StorageError::Full, false)
        ));
        for code in [
            ffi::SQLITE_BUSY,
            ffi::SQLITE_BUSY_SNAPSHOT,
            ffi::SQLITE_LOCKED,
        ] {
            assert!(
                matches!(judged(code), (StorageError::Unavailable(_), false)),
                "{code}"
            );
        }
        for code in [
            ffi::SQLITE_IOERR,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_SHMSIZE,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_READONLY,
            ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
        ] {
            assert!(
                matches!(judged(code), (StorageError::Fatal(_), true)),
                "{code}"
            );
        }
    }

    #[test]
    fn the_first_failure_stays() {
        let failure = Failure::default();
        failure.fatal(Arc::new(ThreadLost));
        failure.fatal(Arc::new(Closed));
        let Err(StorageError::Fatal(cause)) = failure.check() else {
            panic!("a failure is remembered");
        };
        assert_eq!(cause.to_string(), ThreadLost.to_string());
    }
}
