//! What met what: how often a component of one kind met one of another, and where they stood.

use coboard_ot::{Change, Components, ItemChange, ItemId, Location, Path};

/// Kinds of components.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Writes a value.
    Set,
    /// Removes a key.
    Remove,
    /// Adds to an integer.
    Add,
    /// Edits a string.
    Text,
    /// Makes a container where there is none.
    Ensure,
    /// Makes an item.
    New,
    /// Moves an item from one place to another.
    Move,
    /// Moves an item to trash.
    Delete,
    /// Moves an item out of trash.
    Restore,
    /// Forgets an item.
    Purge,
}

/// Where the component of the one stands, seen from that of the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    /// The very same cell, or the same item as a whole.
    Same,
    /// A cell above.
    Above,
    /// A cell below.
    Below,
    /// Another cell of the same item.
    Beside,
    /// The same item, one a cell of it and one the item as a whole.
    OtherRegister,
    /// Another item.
    OtherItem,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Set,
        Self::Remove,
        Self::Add,
        Self::Text,
        Self::Ensure,
        Self::New,
        Self::Move,
        Self::Delete,
        Self::Restore,
        Self::Purge,
    ];

    fn of_cell(change: &Change) -> Self {
        match change {
            Change::Set { new: Some(_), .. } => Self::Set,
            Change::Set { new: None, .. } => Self::Remove,
            Change::Add(_) => Self::Add,
            Change::Text(_) => Self::Text,
            Change::Ensure(_) => Self::Ensure,
        }
    }

    /// `None` for an item that was in trash and stays there.
    fn of_item(change: &ItemChange) -> Option<Self> {
        Some(match change {
            ItemChange::New { .. } => Self::New,
            ItemChange::Purge => Self::Purge,
            ItemChange::Move { old, new } => match (old, new) {
                (Location::Trash, Location::Trash) => return None,
                (Location::Trash, Location::At(..)) => Self::Restore,
                (Location::At(..), Location::Trash) => Self::Delete,
                (Location::At(..), Location::At(..)) => Self::Move,
            },
        })
    }

    /// Whether it changes a cell, not an item as a whole.
    fn is_cell(self) -> bool {
        match self {
            Self::Set | Self::Remove | Self::Add | Self::Text | Self::Ensure => true,
            Self::New | Self::Move | Self::Delete | Self::Restore | Self::Purge => false,
        }
    }

    /// Whether the cell held an integer or a string, so that nothing stands below it.
    fn is_in_leaf(self) -> bool {
        matches!(self, Self::Add | Self::Text)
    }
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 6] = [
        Self::Same,
        Self::Above,
        Self::Below,
        Self::Beside,
        Self::OtherRegister,
        Self::OtherItem,
    ];
}

/// A component and its place.
type Place<'a> = (Kind, ItemId, Option<&'a Path>);

/// How often each kind met each other in each relation.
#[derive(Clone, PartialEq, Debug)]
pub struct Coverage(Vec<u64>);

impl Default for Coverage {
    fn default() -> Self {
        Self(vec![
            0;
            Kind::ALL.len() * Kind::ALL.len() * Relation::ALL.len()
        ])
    }
}

impl Coverage {
    /// Counts what of `op` met what of `over`.
    pub fn count(&mut self, op: &Components, over: &Components) {
        for mine in places(op) {
            for theirs in places(over) {
                let relation = relation(&mine, &theirs);
                self.0[cell(mine.0, theirs.0, relation)] += 1;
            }
        }
    }

    /// Adds what another part of the run counted.
    pub fn join(&mut self, other: &Self) {
        for (sum, hits) in self.0.iter_mut().zip(&other.0) {
            *sum += hits;
        }
    }

    /// How often `op` met `over` so.
    pub fn hits(&self, op: Kind, over: Kind, relation: Relation) -> u64 {
        self.0[cell(op, over, relation)]
    }
}

/// Every combination.
pub fn all() -> impl Iterator<Item = (Kind, Kind, Relation)> {
    Kind::ALL.into_iter().flat_map(|op| {
        Kind::ALL
            .into_iter()
            .flat_map(move |over| Relation::ALL.map(|relation| (op, over, relation)))
    })
}

/// Why two components of one document can never stand so; `None` if they can.
pub fn unreachable(op: Kind, over: Kind, relation: Relation) -> Option<&'static str> {
    let cells = (op.is_cell(), over.is_cell());
    let either = |kind: Kind| op == kind || over == kind;
    match relation {
        Relation::Above | Relation::Below | Relation::Beside if cells != (true, true) => {
            return Some("only cells stand above, below or beside each other");
        }
        Relation::OtherRegister if cells.0 == cells.1 => {
            return Some("registers of one item differ only between a cell and the item");
        }
        Relation::Same if cells.0 != cells.1 => {
            return Some("a cell and an item are never the same register");
        }
        Relation::Same
        | Relation::Above
        | Relation::Below
        | Relation::Beside
        | Relation::OtherRegister
        | Relation::OtherItem => {}
    }
    if relation != Relation::OtherItem && either(Kind::New) {
        return Some("nobody else knows an item that is only made here");
    }
    match relation {
        Relation::Above if op.is_in_leaf() => Some("nothing stands below a number or a text"),
        Relation::Below if over.is_in_leaf() => Some("nothing stands below a number or a text"),
        Relation::Same => unreachable_on_one_register(op, over),
        Relation::Above
        | Relation::Below
        | Relation::Beside
        | Relation::OtherRegister
        | Relation::OtherItem => unreachable_below(op, over, relation),
    }
}

fn unreachable_on_one_register(op: Kind, over: Kind) -> Option<&'static str> {
    let either = |kind: Kind| op == kind || over == kind;
    if either(Kind::Add) && either(Kind::Text) {
        return Some("a cell holds a number or a text");
    }
    if either(Kind::Ensure) && (either(Kind::Add) || either(Kind::Text)) {
        return Some("what is ensured was absent, what is edited was there");
    }
    if either(Kind::Restore) && (either(Kind::Move) || either(Kind::Delete)) {
        return Some("an item is in trash or it is not");
    }
    None
}

fn unreachable_below(op: Kind, over: Kind, relation: Relation) -> Option<&'static str> {
    let (above, below) = match relation {
        Relation::Above => (op, over),
        Relation::Below => (over, op),
        Relation::Same | Relation::Beside | Relation::OtherRegister | Relation::OtherItem => {
            return None;
        }
    };
    if above == Kind::Ensure && below.is_in_leaf() {
        return Some("what is ensured was absent, and nothing stood below it to be edited");
    }
    None
}

fn cell(op: Kind, over: Kind, relation: Relation) -> usize {
    (op as usize * Kind::ALL.len() + over as usize) * Relation::ALL.len() + relation as usize
}

fn places(op: &Components) -> impl Iterator<Item = Place<'_>> {
    let cells = op
        .cells()
        .map(|(item, path, change)| (Kind::of_cell(change), item, Some(path)));
    let items = op
        .items()
        .filter_map(|(item, change)| Some((Kind::of_item(change)?, item, None)));
    cells.chain(items)
}

fn relation((_, item, path): &Place<'_>, (_, other, other_path): &Place<'_>) -> Relation {
    if item != other {
        return Relation::OtherItem;
    }
    match (path, other_path) {
        (None, None) => Relation::Same,
        (Some(path), Some(other)) if path == other => Relation::Same,
        (Some(path), Some(other)) if path.is_above(other) => Relation::Above,
        (Some(path), Some(other)) if other.is_above(path) => Relation::Below,
        (Some(_), Some(_)) => Relation::Beside,
        (Some(_), None) | (None, Some(_)) => Relation::OtherRegister,
    }
}
