//! Judges a dashboard from outside: what clients saw against the log, and the final content
//! against what the edits were meant to do. It asks no code under test for its expectations.

use std::fmt;

use coboard_protocol::{ClientId, ErrorBody, LogEntry, OperationId, Revision};
use serde_json::Value as Json;

use crate::record::Record;

mod content;
mod order;
#[cfg(test)]
mod tests;

/// Everything that is known about one dashboard when it is at rest.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// The log as a client read it.
    pub(crate) log: Vec<LogEntry>,
    /// The server's export.
    pub(crate) export: Json,
    /// The export of the replayed log.
    pub(crate) replayed: Json,
    /// The export of the newest stored snapshot with the rest of the log on top.
    pub(crate) from_snapshot: Json,
    pub(crate) clients: Vec<Witness>,
}

/// What one client knows about the dashboard.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    pub(crate) client: ClientId,
    /// The revision it loaded at first.
    pub(crate) loaded: Revision,
    pub(crate) records: Vec<Record>,
    /// Its export.
    pub(crate) export: Json,
}

/// Something that must never be.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Violation {
    /// An acknowledged operation is not in the log where the Ack said.
    Lost { id: OperationId, revision: Revision },
    /// An operation is in the log more than once.
    Doubled {
        id: OperationId,
        revisions: Vec<Revision>,
    },
    /// The log has another revision where this one belongs.
    Hole { expected: Revision, found: Revision },
    /// Operations of one client are not in the order they were made.
    Disorder { id: OperationId, after: u64 },
    /// An operation came to rest without Ack or Reject.
    NoFate { id: OperationId },
    /// An operation was acknowledged more than once, or acknowledged and refused.
    TwoFates { id: OperationId },
    /// A refused operation is in the log, or an operation is that nobody made.
    Stray { id: OperationId, revision: Revision },
    /// An operation made after an Ack was heard stands before the acknowledged one.
    Overtaken {
        id: OperationId,
        revision: Revision,
        acknowledged: Revision,
    },
    /// An edit was refused although nothing was wrong with it.
    Refused {
        client: ClientId,
        error: Option<ErrorBody>,
    },
    /// A client got other revisions than all since it loaded, each once and in order.
    Heard {
        client: ClientId,
        expected: Revision,
        heard: Revision,
    },
    /// A client was told of an operation by another client than the log has.
    Impostor {
        client: ClientId,
        revision: Revision,
    },
    /// A client had to take the whole document anew: it was ahead of the server.
    Reset { client: ClientId },
    /// A client missed events of its own.
    Missed { client: ClientId, count: u64 },
    /// A counter is not the sum of what was added.
    Counter {
        counter: usize,
        expected: i64,
        found: Json,
    },
    /// A word or a panel is there another number of times than it was put there.
    Count {
        what: String,
        expected: usize,
        found: usize,
    },
    /// A view differs from the server's export.
    Diverged { view: String },
}

/// Everything that is wrong.
pub(crate) fn check(evidence: &Evidence) -> Vec<Violation> {
    let mut found = order::check(evidence);
    found.extend(content::check(evidence));
    found
}

impl Violation {
    /// Whether an acknowledged operation is gone.
    pub(crate) fn is_loss(&self) -> bool {
        matches!(self, Self::Lost { .. })
            || matches!(self, Self::Count { expected, found, .. } if found < expected)
    }

    /// Whether an operation was applied more than once.
    pub(crate) fn is_double(&self) -> bool {
        matches!(self, Self::Doubled { .. })
            || matches!(self, Self::Count { expected, found, .. } if found > expected)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { id, revision } => {
                write!(
                    f,
                    "lost: {id} was acknowledged at {revision} and is not there"
                )
            }
            Self::Doubled { id, revisions } => write!(f, "doubled: {id} is at {revisions:?}"),
            Self::Hole { expected, found } => {
                write!(f, "hole: revision {found} stands where {expected} belongs")
            }
            Self::Disorder { id, after } => {
                write!(
                    f,
                    "disorder: {id} comes after sequence {after} of its client"
                )
            }
            Self::NoFate { id } => write!(f, "no fate: {id} was neither acknowledged nor refused"),
            Self::TwoFates { id } => write!(f, "two fates: {id} was answered more than once"),
            Self::Stray { id, revision } => {
                write!(f, "stray: {id} at {revision} ought not to be in the log")
            }
            Self::Overtaken {
                id,
                revision,
                acknowledged,
            } => write!(
                f,
                "overtaken: {id} at {revision} was made after {acknowledged} was acknowledged"
            ),
            Self::Refused { client, error } => {
                write!(f, "refused: an edit of {client}: ")?;
                match error {
                    Some(error) => write!(f, "{} {}", error.code.as_str(), error.message),
                    None => f.write_str("it changed nothing"),
                }
            }
            Self::Heard {
                client,
                expected,
                heard,
            } => write!(
                f,
                "heard: {client} got revision {heard} instead of {expected}"
            ),
            Self::Impostor { client, revision } => {
                write!(
                    f,
                    "impostor: {client} was told of another author of {revision}"
                )
            }
            Self::Reset { client } => write!(f, "reset: {client} was ahead of the server"),
            Self::Missed { client, count } => write!(f, "missed: {client} missed {count} events"),
            Self::Counter {
                counter,
                expected,
                found,
            } => write!(f, "counter {counter}: {found} instead of {expected}"),
            Self::Count {
                what,
                expected,
                found,
            } => write!(
                f,
                "count: {what} is there {found} times instead of {expected}"
            ),
            Self::Diverged { view } => write!(f, "diverged: {view} differs from the server"),
        }
    }
}
