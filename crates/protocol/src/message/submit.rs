//! Sending operations, and what became of them.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::codec;
use crate::decode::Fields;
use crate::error::ErrorBody;
use crate::id::{DocumentId, OperationId, Revision, SessionId};
use crate::object;
use crate::operation::Operation;
use crate::policy::Conflict;

/// `submit`: operations of one base, each made on the one before.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Submit {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// The operations, in the order they were made.
    pub operations: Vec<Operation>,
}

object!(Submit {
    document: required,
    session: required,
    operations: required
});

/// The answer to `submit`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Submitted {
    /// One result for each operation, in the same order.
    pub results: Vec<SubmitResult>,
}

object!(Submitted { results: required });

/// What became of one operation: an Ack or a Reject.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub enum SubmitResult {
    /// It is committed and durable.
    Ack {
        /// The operation.
        id: OperationId,
        /// Its revision.
        revision: Revision,
        /// What it met on its way.
        #[serde(
            skip_serializing_if = "Vec::is_empty",
            serialize_with = "codec::conflicts::serialize"
        )]
        conflicts: Vec<Conflict>,
    },
    /// It is refused and not in the log.
    Reject {
        /// The operation.
        id: OperationId,
        /// Why.
        error: ErrorBody,
    },
}

impl<'de> Deserialize<'de> for SubmitResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let id = fields.required("id")?;
        match fields.optional("error")? {
            Some(error) => Ok(Self::Reject { id, error }),
            None => Ok(Self::Ack {
                id,
                revision: fields.required("revision")?,
                conflicts: codec::conflicts::from_json(&fields.json("conflicts"))
                    .map_err(D::Error::custom)?,
            }),
        }
    }
}
