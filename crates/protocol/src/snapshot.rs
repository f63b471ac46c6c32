//! The whole document at a revision, as it is stored and fetched.

use coboard_ot::Document;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::codec;
use crate::decode::Fields;
use crate::id::{DocumentId, Revision};

/// A document at a revision.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Snapshot {
    /// Identity of the database's history.
    pub lineage: String,
    /// Which document.
    pub document: DocumentId,
    /// At which revision.
    pub revision: Revision,
    /// What it held.
    #[serde(serialize_with = "codec::content::serialize")]
    pub content: Document,
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let content = fields.json("content");
        Ok(Self {
            lineage: fields.required("lineage")?,
            document: fields.required("document")?,
            revision: fields.required("revision")?,
            content: codec::content::from_json(&content).map_err(D::Error::custom)?,
        })
    }
}
