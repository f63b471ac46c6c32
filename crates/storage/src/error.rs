//! What can go wrong, one enum per operation.

use std::error::Error;
use std::sync::Arc;

use coboard_protocol::{DocumentId, OperationId, Revision};

/// The error underneath. Shared, because one failed transaction fails many callers.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why storage could not read or write.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The disk is full. Nothing was written; reading goes on, writing may work later.
    #[error("the disk is full")]
    Full,
    /// Storage does not answer now. Nothing was written.
    #[error("storage is not available")]
    Unavailable(#[source] Cause),
    /// What is stored of a document does not pass its check.
    #[error("document {document} is damaged at revision {revision}")]
    Damaged {
        /// Which document.
        document: DocumentId,
        /// Where.
        revision: Revision,
    },
    /// The device failed. What is on it is not known any more: the process must end and start from the disk.
    #[error("storage failed for good")]
    Fatal(#[source] Cause),
}

/// Why a document could not be made.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The identifier is taken, perhaps by a deleted document.
    #[error("the identifier of the document is taken")]
    Exists,
    /// The first entry is not at revision 1.
    #[error("the first entry is at revision {revision}")]
    NotFirst {
        /// Where it claims to be.
        revision: Revision,
    },
    /// As [`StorageError::Full`].
    #[error("the disk is full")]
    Full,
    /// As [`StorageError::Unavailable`].
    #[error("storage is not available")]
    Unavailable(#[source] Cause),
    /// As [`StorageError::Fatal`].
    #[error("storage failed for good")]
    Fatal(#[source] Cause),
}

/// Why a run was not appended. Nothing of the run is in the log then, except after `UnknownResult` and `Fatal`.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The log goes on beyond the revision that the run follows, or does not reach it: reload the room.
    #[error("the log ends at revision {head}")]
    RevisionTaken {
        /// Where the log ends.
        head: Revision,
    },
    /// An operation of the run is committed already.
    #[error("operation {id} is committed at revision {revision}")]
    OperationKnown {
        /// Which.
        id: OperationId,
        /// Where it stands.
        revision: Revision,
    },
    /// The id of an operation of the run belongs to another operation.
    #[error("operation {id} is committed with another payload")]
    OperationConflict {
        /// Which.
        id: OperationId,
    },
    /// The entries do not follow each other.
    #[error("an entry is at revision {found} where {expected} belongs")]
    Gap {
        /// The revision that belongs there.
        expected: Revision,
        /// The revision that stands there.
        found: Revision,
    },
    /// An operation is in the run twice.
    #[error("operation {id} is in the run twice")]
    Repeated {
        /// Which.
        id: OperationId,
    },
    /// There is not one fingerprint per entry.
    #[error("{entries} entries come with {fingerprints} fingerprints")]
    Uneven {
        /// How many entries.
        entries: usize,
        /// How many fingerprints.
        fingerprints: usize,
    },
    /// There is no such document, or it is deleted.
    #[error("the document is deleted")]
    Deleted,
    /// As [`StorageError::Full`].
    #[error("the disk is full")]
    Full,
    /// As [`StorageError::Unavailable`].
    #[error("storage is not available")]
    Unavailable(#[source] Cause),
    /// The link broke while committing: find the operations, then answer.
    #[error("whether the run was committed is not known")]
    UnknownResult(#[source] Cause),
    /// As [`StorageError::Fatal`].
    #[error("storage failed for good")]
    Fatal(#[source] Cause),
}

/// Why a client has no number.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssignError {
    /// The client belongs to another user.
    #[error("the client belongs to another user")]
    OtherUser,
    /// There is no such document, or it is deleted.
    #[error("the document is deleted")]
    Deleted,
    /// Every client number of the document is given away.
    #[error("the document has no client number left")]
    Exhausted,
    /// As [`StorageError::Full`].
    #[error("the disk is full")]
    Full,
    /// As [`StorageError::Unavailable`].
    #[error("storage is not available")]
    Unavailable(#[source] Cause),
    /// As [`StorageError::Fatal`].
    #[error("storage failed for good")]
    Fatal(#[source] Cause),
}

/// Why a snapshot was not stored.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveSnapshotError {
    /// There is no such document, or it is deleted.
    #[error("the document is deleted")]
    Deleted,
    /// The log does not reach the revision of the snapshot.
    #[error("the log ends at revision {head}")]
    Ahead {
        /// Where the log ends.
        head: Revision,
    },
    /// As [`StorageError::Full`].
    #[error("the disk is full")]
    Full,
    /// As [`StorageError::Unavailable`].
    #[error("storage is not available")]
    Unavailable(#[source] Cause),
    /// As [`StorageError::Fatal`].
    #[error("storage failed for good")]
    Fatal(#[source] Cause),
}

macro_rules! from_storage_error {
    ($($name:ident),*) => {$(
        impl From<StorageError> for $name {
            /// A damaged document is a failure of the device: nothing may be built on it.
            fn from(error: StorageError) -> Self {
                match error {
                    StorageError::Full => Self::Full,
                    StorageError::Unavailable(cause) => Self::Unavailable(cause),
                    StorageError::Damaged { .. } => Self::Fatal(Arc::new(error)),
                    StorageError::Fatal(cause) => Self::Fatal(cause),
                }
            }
        }
    )*};
}

from_storage_error!(CreateError, AppendError, AssignError, SaveSnapshotError);
