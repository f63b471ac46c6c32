//! The whole document at a revision, as it is stored and fetched.

use coboard_ot::Document;
use serde::{Deserialize, Serialize};

use crate::codec;
use crate::id::{DocumentId, Revision};

/// A document at a revision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Identity of the database's history.
    pub lineage: String,
    /// Which document.
    pub document: DocumentId,
    /// At which revision.
    pub revision: Revision,
    /// What it held.
    #[serde(with = "codec::content")]
    pub content: Document,
}
