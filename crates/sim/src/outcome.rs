//! What came of a run.

/// A run in which every promise was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Events that happened.
    pub events: u64,
    /// Operations in the log.
    pub operations: u64,
    /// Conflicts in the log.
    pub conflicts: u64,
    /// Operations that were refused and listed to their author.
    pub refused: u64,
    /// Operations with which machines went on from what a device kept.
    pub restored: u64,
    /// Time from the last fault until everybody was at rest, in milliseconds.
    pub rest_ms: u64,
    /// A number over everything that happened: equal runs have equal ones.
    pub trace: u64,
    /// The hash of the document that everybody has in the end.
    pub hash: String,
    /// What the first client was told, as lines for another engine, if the world was taped.
    pub tape: Option<String>,
}

/// A promise that was not kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// Which checker found it.
    pub checker: &'static str,
    /// What it saw.
    pub seen: String,
    /// A number over everything that happened up to then.
    pub trace: u64,
    /// The log, each entry as JSON.
    pub log: Vec<String>,
}
