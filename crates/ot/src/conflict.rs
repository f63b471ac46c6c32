//! A record that two operations met, and what came of it.

use crate::delta::Delta;
use crate::document::Location;
use crate::id::ItemId;
use crate::path::Path;
use crate::value::Value;

/// What kind of meeting it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ConflictKind {
    /// Both wrote one cell; the earlier write is gone.
    LostWrite,
    /// One changed a cell inside of what the other replaced.
    EditInReplaced,
    /// One edited a text that the other replaced.
    TextVsSet,
    /// One added to a number that the other replaced later.
    AddLost,
    /// Both moved one item to different places.
    ConcurrentMove,
    /// One moved an item that the other deleted.
    MoveVsDelete,
    /// An item was changed that is deleted, or inside something deleted.
    EditInDeleted,
    /// An item was moved into something deleted.
    MoveIntoDeleted,
    /// A move would have put an item inside itself, or a list into two places.
    Cycle,
    /// A rule about the whole dashboard does not allow what both together come to.
    Schema,
    /// Both edited one place of a text. Both edits stand; the winner's came later.
    TextOverlap,
}

/// Which of the two intents stands in the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Winner {
    /// The one of the operation that carries the record.
    Mine,
    /// The one it met.
    Theirs,
}

/// One of the contents that met.
#[derive(Clone, PartialEq, Debug)]
pub enum Intent {
    /// The key is absent, or is removed.
    Absent,
    /// The cell holds this value, or is set to it.
    Value(Value),
    /// The integer is raised by this.
    Add(i64),
    /// The text is edited so.
    Text(Delta),
    /// The item stands here, or is moved here.
    Location(Location),
}

impl Intent {
    /// The intent to set a cell to `value`, absent if `None`.
    pub fn of_value(value: Option<Value>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

/// Two intents that met at one place. Equal intents are not a conflict.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    /// What kind of meeting it was.
    pub kind: ConflictKind,
    /// Where: the item.
    pub item: ItemId,
    /// Where: the cell of `mine` within the item; `None` if the item as a whole.
    pub path: Option<Path>,
    /// What stood there before `mine`.
    pub before: Intent,
    /// What the operation that carries the record wanted.
    pub mine: Intent,
    /// What the other one wanted.
    pub theirs: Intent,
    /// Which of the two stands.
    pub winner: Winner,
}
