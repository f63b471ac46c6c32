//! One thing that somebody did.

use coboard_protocol::message::{Origin, Verb};
use coboard_protocol::ot::{ConflictKind, ItemId, Winner};
use coboard_protocol::{ClientId, Kind, Revision, UserId};
use serde_json::Value as Json;

use crate::object::Object;
use crate::part::Part;

/// Items of one event that are kept by name; of more only the number is told.
pub(crate) const OBJECTS_NAMED_MAX: usize = 2;

/// What somebody did to one thing, or to several in the same way, with one operation.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// The revision that did it; absent if it is not in the log.
    pub(crate) revision: Option<Revision>,
    /// Its place among the events of that revision.
    pub(crate) index: usize,
    pub(crate) at_ms: u64,
    pub(crate) actor: UserId,
    pub(crate) client: Option<ClientId>,
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
    /// What it was done to; the first few, never none.
    pub(crate) objects: Vec<Object>,
    /// All that it was done to.
    pub(crate) items: Vec<ItemId>,
    /// To how many things it was done.
    pub(crate) objects_count: usize,
    pub(crate) doing: Doing,
    /// Address of the one cell that it wrote.
    pub(crate) path: Option<String>,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
}

/// What was done.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Doing {
    /// The dashboard was made, with so many widgets.
    Begun { widgets: usize },
    /// Another version was brought in over this one.
    Imported(Tally),
    /// The dashboard, or a part, went back to what it was.
    BackTo { revision: Revision, whole: bool },
    /// What one person did was taken back.
    TakenBack { author: UserId, since: Revision },
    /// It was made; of something that was there already if it is a copy.
    Added { copy: bool },
    /// It was taken away, with so many widgets in it.
    Deleted { widgets: usize },
    /// It came back after it was taken away.
    Restored,
    /// It got another title.
    Renamed { from: String, to: String },
    /// It stands elsewhere on the grid, or has another size.
    Placed { from: Rect, to: Rect },
    /// It went into a row, or out of one.
    Into { row: Object },
    /// It went out of a row.
    OutOf { row: Object },
    /// A row was folded, or unfolded.
    Folded(bool),
    /// A list of elements got one more.
    ElementAdded { part: Part, name: Option<String> },
    /// A list of elements got one less.
    ElementRemoved { part: Part, name: Option<String> },
    /// Elements of a list stand in another order.
    Reordered { part: Part },
    /// A value was set; `said` is how the new one is said after "to".
    Set { part: Part, said: Option<String> },
    /// A switch was turned.
    Switched { part: Part, on: bool },
    /// A text was edited.
    Wrote { part: Part },
    /// Several parts were changed.
    Parts(Vec<Part>),
    /// It met what somebody else did at the same time.
    Met {
        kind: ConflictKind,
        winner: Winner,
        part: Option<Part>,
    },
    /// The policies were changed.
    Policies,
    /// Somebody came.
    Joined,
    /// Somebody went.
    Left,
}

/// How many widgets an import added, took away and changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) added: usize,
    pub(crate) deleted: usize,
    pub(crate) changed: usize,
}

/// A place on the grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Rect {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) w: i64,
    pub(crate) h: i64,
}

impl Event {
    /// Who did it.
    pub fn actor(&self) -> &UserId {
        &self.actor
    }

    /// The revision that did it; absent if it is not in the log.
    pub fn revision(&self) -> Option<Revision> {
        self.revision
    }

    /// Whether it was done to `item`, among others.
    pub fn concerns(&self, item: ItemId) -> bool {
        self.items.contains(&item)
    }

    /// The person it speaks of besides the one who did it.
    pub fn about(&self) -> Option<&UserId> {
        if let Doing::TakenBack { author, .. } = &self.doing {
            Some(author)
        } else {
            None
        }
    }

    /// What it was done to, first of all.
    pub(crate) fn object(&self) -> &Object {
        self.objects.first().expect("an event is about something")
    }

    pub(crate) fn item(&self) -> ItemId {
        self.object().item
    }
}

impl Doing {
    pub(crate) fn verb(&self) -> Verb {
        match self {
            Self::Begun { .. } | Self::Added { .. } => Verb::Added,
            Self::Imported(_) => Verb::Imported,
            Self::BackTo { .. } | Self::TakenBack { .. } | Self::Restored => Verb::Restored,
            Self::Deleted { .. } => Verb::Deleted,
            Self::Renamed { .. } => Verb::Renamed,
            Self::Placed { from, to } if (from.w, from.h) != (to.w, to.h) => Verb::Resized,
            Self::Placed { .. } | Self::Into { .. } | Self::OutOf { .. } => Verb::Moved,
            Self::Folded(_)
            | Self::ElementAdded { .. }
            | Self::ElementRemoved { .. }
            | Self::Reordered { .. }
            | Self::Set { .. }
            | Self::Switched { .. }
            | Self::Wrote { .. }
            | Self::Parts(_) => Verb::Edited,
            Self::Met { .. } => Verb::Merged,
            Self::Policies => Verb::Policies,
            Self::Joined => Verb::Joined,
            Self::Left => Verb::Left,
        }
    }

    /// The part it is about, if it is one.
    pub(crate) fn part(&self) -> Option<Part> {
        match self {
            Self::ElementAdded { part, .. }
            | Self::ElementRemoved { part, .. }
            | Self::Reordered { part }
            | Self::Set { part, .. }
            | Self::Switched { part, .. }
            | Self::Wrote { part } => Some(*part),
            Self::Met { part, .. } => *part,
            Self::Parts(_)
            | Self::Begun { .. }
            | Self::Imported(_)
            | Self::BackTo { .. }
            | Self::TakenBack { .. }
            | Self::Added { .. }
            | Self::Deleted { .. }
            | Self::Restored
            | Self::Renamed { .. }
            | Self::Placed { .. }
            | Self::Into { .. }
            | Self::OutOf { .. }
            | Self::Folded(_)
            | Self::Policies
            | Self::Joined
            | Self::Left => None,
        }
    }

    /// The parts that an edit changed; none if it is no edit of parts.
    pub(crate) fn parts(&self) -> Vec<Part> {
        if let Self::Parts(parts) = self {
            return parts.clone();
        }
        let part = self.part().filter(|_| self.verb() == Verb::Edited);
        part.into_iter().collect()
    }
}
