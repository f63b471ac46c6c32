//! Heads of documents: the beacon, and the ping that measures the way there and back.

use serde::Serialize;

use crate::id::{DocumentId, Revision};
use crate::object;

/// `head`: the beacon that repairs a lost last message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Head {
    /// Which document.
    pub document: DocumentId,
    /// The head revision.
    pub revision: Revision,
    /// The hash of the document there: see [`DocumentHash`](coboard_ot::DocumentHash).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

object!(Head {
    document: required,
    revision: required,
    hash: optional
});

/// `ping`: measures the way there and back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ping {
    /// The clock of the client in milliseconds.
    pub sent_ms: u64,
    /// What the client has.
    pub sessions: Vec<Head>,
}

object!(Ping {
    sent_ms: required,
    sessions: optional
});

/// The answer to `ping`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Pong {
    /// The clock of the server in milliseconds since 1970.
    pub server_time_ms: u64,
    /// Heads of the joined documents that the ping named.
    pub heads: Vec<Head>,
}

object!(Pong {
    server_time_ms: required,
    heads: required
});
