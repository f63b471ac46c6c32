//! Places in plain JSON, found in a document.

use std::borrow::Cow;

use coboard_ot::{Document, ItemId, ListId, Path, Value};

use crate::error::Refusal;

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Step<'a> {
    /// Of an object.
    Key(Cow<'a, str>),
    /// Of an array.
    Index(usize),
    /// Of a JSON Pointer: what stands there decides how it is read.
    Token(Cow<'a, str>),
}

/// A cell: what every value of the document stands in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cell {
    pub(crate) item: ItemId,
    pub(crate) path: Path,
}

/// Where a value stands or may be put.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The whole document.
    Root,
    /// Under a key of an object, whether it is there or not.
    Key(Cell),
    /// In a list; the index is at most its length.
    Index(ListId, usize),
}

impl Cell {
    pub(crate) fn root() -> Self {
        Self::of_item(ItemId::ROOT)
    }

    pub(crate) fn of_item(item: ItemId) -> Self {
        let path = Path::whole();
        Self { item, path }
    }

    pub(crate) fn value<'d>(&self, document: &'d Document) -> Option<&'d Value> {
        document.value(self.item, self.path.as_str())
    }
}

/// Where `steps` lead to. All but the last must exist.
pub(crate) fn find(document: &Document, steps: &[Step<'_>]) -> Result<Place, Refusal> {
    let Some((last, parents)) = steps.split_last() else {
        return Ok(Place::Root);
    };
    let mut cell = Cell::root();
    for step in parents {
        cell = inside(document, &cell, step)?;
    }
    below(document, &cell, last)
}

/// The place one step below a cell.
pub(crate) fn below(document: &Document, cell: &Cell, step: &Step<'_>) -> Result<Place, Refusal> {
    match cell.value(document) {
        Some(Value::Map(_)) => match step {
            Step::Key(key) | Step::Token(key) => Ok(Place::Key(Cell {
                item: cell.item,
                path: cell.path.child(key),
            })),
            Step::Index(_) => Err(Refusal::WrongType("an array")),
        },
        Some(Value::List(list)) => {
            let length = document.list(*list).count();
            let index = match step {
                Step::Index(index) => *index,
                Step::Token(token) if token == "-" => length,
                Step::Token(token) => index_of(token)?,
                Step::Key(_) => return Err(Refusal::WrongType("an object")),
            };
            if index > length {
                return Err(Refusal::NoSuchIndex);
            }
            Ok(Place::Index(*list, index))
        }
        Some(Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_)) => {
            Err(Refusal::WrongType("an object or an array"))
        }
        None => Err(Refusal::NoSuchPath),
    }
}

/// The cell one step below another. It must exist.
pub(crate) fn inside(document: &Document, cell: &Cell, step: &Step<'_>) -> Result<Cell, Refusal> {
    existing(document, &below(document, cell, step)?)
}

/// The cell of a place that must exist.
pub(crate) fn existing(document: &Document, place: &Place) -> Result<Cell, Refusal> {
    match place {
        Place::Root => Ok(Cell::root()),
        Place::Key(cell) => match cell.value(document) {
            Some(_) => Ok(cell.clone()),
            None => Err(Refusal::NoSuchPath),
        },
        Place::Index(list, index) => match document.list(*list).nth(*index) {
            Some((_, item)) => Ok(Cell::of_item(item)),
            None => Err(Refusal::NoSuchIndex),
        },
    }
}

/// An index as RFC 6901 writes it: digits without leading zeros.
fn index_of(token: &str) -> Result<usize, Refusal> {
    let digits = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
    if !digits || (token.len() > 1 && token.starts_with('0')) {
        return Err(Refusal::NoSuchIndex);
    }
    token.parse().map_err(|_| Refusal::NoSuchIndex)
}
