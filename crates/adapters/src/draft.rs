//! Steps on a copy of the document that become one operation.

use coboard_ot::{
    Change, Components, Delta, Document, INTEGER_MAX, ItemChange, ItemId, Json as Plain, ListId,
    Location, OrderKey, Value, compose, diff, plant,
};
use coboard_protocol::codec::DecodeError;

use crate::VALUES_MAX;
use crate::error::Refusal;
use crate::place::{Cell, Place, existing};

/// The document after the steps so far, and the operation they are.
pub(crate) struct Draft<'n> {
    pub(crate) document: Document,
    pub(crate) made: Components,
    next_id: &'n mut dyn FnMut() -> u64,
    values_left: usize,
}

/// What was taken out of its place.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Taken {
    /// An element of a list, now in trash.
    Item(ItemId),
    /// What stood under a key. The lists in it are nobody's until it is put somewhere.
    Value(Value),
}

impl<'n> Draft<'n> {
    pub(crate) fn new(document: &Document, next_id: &'n mut dyn FnMut() -> u64) -> Self {
        Self {
            document: document.clone(),
            made: Components::new(),
            next_id,
            values_left: VALUES_MAX,
        }
    }

    /// The plain value of a cell.
    pub(crate) fn plain(&mut self, cell: &Cell) -> Result<Plain, Refusal> {
        let value = cell.value(&self.document).ok_or(Refusal::NoSuchPath)?;
        let plain = self.document.plain(value);
        self.spend(size(&plain))?;
        Ok(plain)
    }

    /// Lets the cell hold `new`; what is the same stays as it is.
    pub(crate) fn write(&mut self, cell: &Cell, new: &Plain) -> Result<(), Refusal> {
        self.spend(size(new))?;
        if cell.value(&self.document).is_some() {
            self.plain(cell)?;
        }
        let op = diff(&self.document, cell.item, &cell.path, new, self.next_id);
        self.take(&op);
        Ok(())
    }

    /// Puts a value where `place` is: over what stands under a key, between elements of a list.
    pub(crate) fn add(&mut self, place: &Place, new: &Plain) -> Result<(), Refusal> {
        match place {
            Place::Root => self.write(&Cell::root(), new),
            Place::Key(cell) => self.write(cell, new),
            Place::Index(list, index) => {
                self.spend(size(new))?;
                let (value, items) = plant(new, &mut || (self.next_id)());
                let made = items.into_iter().map(|(id, item)| {
                    let (value, location) = (item.value, item.location);
                    (id, ItemChange::New { value, location })
                });
                let made = Components::from_parts([], made);
                self.take(&made.map_err(|_| Refusal::Malformed("ids are used twice"))?);
                self.insert(*list, *index, value)
            }
        }
    }

    /// Takes out what stands at `place`.
    pub(crate) fn take_out(&mut self, place: &Place) -> Result<Taken, Refusal> {
        match place {
            Place::Root => Err(Refusal::Root),
            Place::Key(cell) => {
                let value = cell.value(&self.document).ok_or(Refusal::NoSuchPath)?;
                let value = value.clone();
                self.set(cell, None);
                Ok(Taken::Value(value))
            }
            Place::Index(..) => {
                let item = existing(&self.document, place)?.item;
                Ok(self.take_out_item(item))
            }
        }
    }

    /// Takes an element out of its list.
    pub(crate) fn take_out_item(&mut self, item: ItemId) -> Taken {
        self.relocate(item, Location::Trash);
        Taken::Item(item)
    }

    /// Puts what was taken out somewhere else.
    pub(crate) fn put(&mut self, place: &Place, taken: Taken) -> Result<(), Refusal> {
        match (place, taken) {
            (Place::Index(list, index), Taken::Item(item)) => {
                let key = self.key(*list, *index)?;
                self.relocate(item, Location::At(*list, key));
                Ok(())
            }
            (Place::Index(list, index), Taken::Value(value)) => self.insert(*list, *index, value),
            (Place::Root, Taken::Value(value)) => {
                self.set(&Cell::root(), Some(value));
                Ok(())
            }
            (Place::Key(cell), Taken::Value(value)) => {
                self.set(cell, Some(value));
                Ok(())
            }
            // A key holds no item: the value goes, the identity of the element stays in trash.
            (Place::Root | Place::Key(_), Taken::Item(item)) => {
                let plain = self.plain(&Cell::of_item(item))?;
                self.add(place, &plain)
            }
        }
    }

    /// Adds to a number.
    pub(crate) fn add_number(&mut self, cell: &Cell, by: &Plain) -> Result<(), Refusal> {
        let not_a_number = Refusal::WrongType("a number");
        let float = |plain: &Plain| match plain {
            Plain::Int(i) => Some(*i as f64),
            Plain::Float(f) => Some(*f),
            Plain::Null | Plain::Bool(_) | Plain::Str(_) | Plain::List(_) | Plain::Map(_) => None,
        };
        match (self.plain(cell)?, by) {
            (Plain::Int(old), Plain::Int(by)) => {
                // Beyond them the add would not apply, and nobody would be told.
                let sum = old.checked_add(*by).filter(is_exact);
                sum.ok_or(INEXACT)?;
                self.change(cell, Change::Add(*by));
                Ok(())
            }
            (old, by) => {
                let sum = float(&old).zip(float(by)).map(|(old, by)| old + by);
                let sum = sum.ok_or(not_a_number)?;
                let sum = Value::number(sum).ok_or(Refusal::WrongType("a finite sum"))?;
                if matches!(sum, Value::Float(sum) if is_inexact(sum)) {
                    return Err(INEXACT);
                }
                self.set(cell, Some(sum));
                Ok(())
            }
        }
    }

    /// Edits a string.
    pub(crate) fn edit_text(&mut self, cell: &Cell, delta: &Delta) -> Result<(), Refusal> {
        let Some(Value::Str(text)) = cell.value(&self.document) else {
            return Err(Refusal::WrongType("a string"));
        };
        let delta = delta.filled(text).ok_or(Refusal::TextMisfit)?;
        let length = text.len();
        self.spend(length / 8)?;
        self.change(cell, Change::Text(delta));
        Ok(())
    }

    /// Counts values against the limit.
    pub(crate) fn spend(&mut self, values: usize) -> Result<(), Refusal> {
        let max = VALUES_MAX;
        let left = self.values_left.checked_sub(values);
        self.values_left = left.ok_or(Refusal::TooMuch { max })?;
        Ok(())
    }

    fn insert(&mut self, list: ListId, index: usize, value: Value) -> Result<(), Refusal> {
        let location = Location::At(list, self.key(list, index)?);
        let id = ItemId::from((self.next_id)());
        self.take_item(id, ItemChange::New { value, location });
        Ok(())
    }

    /// An order key for the place `index` of a list.
    fn key(&mut self, list: ListId, index: usize) -> Result<OrderKey, Refusal> {
        let keys: Vec<&OrderKey> = self.document.list(list).map(|(key, _)| key).collect();
        let left = index
            .checked_sub(1)
            .and_then(|left| keys.get(left))
            .copied();
        let right = keys.get(index).copied();
        let unique = ItemId::from((self.next_id)());
        let unique = (unique.client(), unique.counter());
        let key = OrderKey::between(left, right, unique);
        let fits = |(left, right): (&OrderKey, &OrderKey)| left < right;
        let in_order = left.is_none_or(|left| fits((left, &key)))
            && right.is_none_or(|right| fits((&key, right)));
        let length = keys.len();
        // Two elements with equal keys leave no room; only documents from elsewhere have them.
        let key = in_order.then_some(key).ok_or(Refusal::NoSuchIndex)?;
        self.spend(length / 8)?;
        Ok(key)
    }

    fn relocate(&mut self, item: ItemId, new: Location) {
        let Some(old) = self.document.item(item).map(|item| item.location.clone()) else {
            return;
        };
        self.take_item(item, ItemChange::Move { old, new });
    }

    fn set(&mut self, cell: &Cell, new: Option<Value>) {
        let old = cell.value(&self.document).cloned();
        self.change(cell, Change::Set { old, new });
    }

    fn change(&mut self, cell: &Cell, change: Change) {
        let components = Components::of_cell(cell.item, cell.path.clone(), change);
        self.take(&components);
    }

    fn take_item(&mut self, item: ItemId, change: ItemChange) {
        self.take(&Components::of_item(item, change));
    }

    fn take(&mut self, components: &Components) {
        self.document.apply(components);
        self.made = compose(std::mem::take(&mut self.made), components);
    }
}

/// A number that the wire refuses.
const INEXACT: Refusal = Refusal::Value(DecodeError::BadNumber);

/// Whether JavaScript would write this as an integer of 64 bits beyond the exact ones.
fn is_inexact(sum: f64) -> bool {
    let range = i64::MIN as f64..=u64::MAX as f64;
    sum.fract() == 0.0 && range.contains(&sum)
}

/// Whether doubles tell this integer from its neighbours.
fn is_exact(integer: &i64) -> bool {
    (-INTEGER_MAX..=INTEGER_MAX).contains(integer)
}

/// How many values there are, with all that is inside.
pub(crate) fn size(plain: &Plain) -> usize {
    match plain {
        Plain::Null | Plain::Bool(_) | Plain::Int(_) | Plain::Float(_) => 1,
        Plain::Str(text) => 1 + text.len() / 32,
        Plain::List(list) => 1 + list.iter().map(size).sum::<usize>(),
        Plain::Map(map) => 1 + map.iter().map(|(_, plain)| size(plain)).sum::<usize>(),
    }
}
