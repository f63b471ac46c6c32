//! Primitive edits: what one gesture does, in the model and as a component.

use coboard_ot::{
    Change, Components, Container, Delta, ItemChange, ItemId, Key, Location, Part, Path, Value,
    compose,
};

use crate::model::Model;

/// A cell: an item and the keys within its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Cell {
    /// The item.
    pub item: ItemId,
    /// The keys, outermost first; none for the whole value.
    pub keys: Vec<Key>,
}

/// The smallest thing a person does.
#[derive(Clone, PartialEq, Debug)]
pub enum Edit {
    /// Writes a cell; `None` removes it.
    Set(Cell, Option<Value>),
    /// Adds to an integer.
    Add(Cell, i64),
    /// Replaces a stretch of a text.
    Splice {
        /// The cell that holds the text.
        cell: Cell,
        /// Where, in scalar values.
        at: usize,
        /// How many scalar values go.
        delete: usize,
        /// What comes in their place.
        insert: String,
    },
    /// Makes a container where the key is absent.
    Ensure(Cell, Container),
    /// Makes an item.
    New(ItemId, Value, Location),
    /// Moves an item, also to trash and back.
    Move(ItemId, Location),
    /// Forgets an item.
    Purge(ItemId),
}

impl Edit {
    /// Does the edit in the model. False, and nothing done, if it does not fit there.
    pub fn apply(&self, model: &mut Model) -> bool {
        match self {
            Self::Set(cell, new) => model.set(cell.item, &cell.keys, new.clone()),
            Self::Add(cell, by) => model.add(cell.item, &cell.keys, *by),
            Self::Splice {
                cell,
                at,
                delete,
                insert,
            } => model.splice(cell.item, &cell.keys, *at, *delete, insert),
            Self::Ensure(cell, container) => model.ensure(cell.item, &cell.keys, *container),
            Self::New(id, value, location) => model.make(*id, value.clone(), location.clone()),
            Self::Move(id, location) => model.relocate(*id, location.clone()),
            Self::Purge(id) => model.purge(*id),
        }
    }

    /// The edit as an operation of one component with the old value filled in.
    ///
    /// It is meant for an edit that fits `model`, the state before it.
    pub fn components(&self, model: &Model) -> Components {
        match self {
            Self::Set(cell, new) => {
                let old = model.value(cell.item, &cell.keys).cloned();
                let new = new.clone();
                one_cell(cell, Change::Set { old, new })
            }
            Self::Add(cell, by) => one_cell(cell, Change::Add(*by)),
            Self::Splice {
                cell,
                at,
                delete,
                insert,
            } => {
                let gone = match model.value(cell.item, &cell.keys) {
                    Some(Value::Str(text)) => text.chars().skip(*at).take(*delete).collect(),
                    _ => String::new(),
                };
                let delta = Delta::from_parts([
                    Part::Skip(*at),
                    Part::Insert(insert.clone()),
                    Part::Delete {
                        count: *delete,
                        text: Some(gone),
                    },
                ]);
                one_cell(cell, Change::Text(delta))
            }
            Self::Ensure(cell, container) => one_cell(cell, Change::Ensure(*container)),
            Self::Purge(id) => Components::of_item(*id, ItemChange::Purge),
            Self::New(id, value, location) => Components::of_item(
                *id,
                ItemChange::New {
                    value: value.clone(),
                    location: location.clone(),
                },
            ),
            Self::Move(id, new) => {
                let old = model.items.get(id).map(|item| item.location.clone());
                Components::of_item(
                    *id,
                    ItemChange::Move {
                        old: old.unwrap_or(Location::Trash),
                        new: new.clone(),
                    },
                )
            }
        }
    }
}

/// Does `edits` in turn and gives them as one operation. Edits that do not fit are left out.
pub fn build(model: &mut Model, edits: &[Edit]) -> Components {
    let mut op = Components::new();
    for edit in edits {
        let components = edit.components(model);
        if edit.apply(model) {
            op = compose(op, &components);
        }
    }
    op
}

fn one_cell(cell: &Cell, change: Change) -> Components {
    let path = Path::of(cell.keys.iter().map(|key| &**key));
    Components::of_cell(cell.item, path, change)
}
