//! What an item holds, and plain JSON as it enters and leaves.

use std::sync::Arc;

use crate::change::Change;
use crate::container::Container;
use crate::id::ListId;
use crate::map::Map;
use crate::path;
use crate::text::Text;

/// A map key.
pub type Key = Arc<str>;

/// Largest magnitude of an integer: beyond it JavaScript cannot tell neighbours apart.
pub const INTEGER_MAX: i64 = 9_007_199_254_740_991;

/// The value of an item or of a cell within it. Arrays appear as the id of their list.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// JSON `null`.
    Null,
    /// JSON `true` or `false`.
    Bool(bool),
    /// An integral number of magnitude up to [`INTEGER_MAX`].
    Int(i64),
    /// Any other number. Finite and not integral within the integer range; see [`Value::number`].
    Float(f64),
    /// A string.
    Str(Text),
    /// An object. Keys are sorted, so equal maps are the same on every replica.
    Map(Arc<Map>),
    /// An array: the items located in this list, by order key and id.
    List(ListId),
}

/// A plain JSON value, arrays included. This is what import takes and export gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// JSON `null`.
    Null,
    /// JSON `true` or `false`.
    Bool(bool),
    /// An integral number; see [`Value::Int`].
    Int(i64),
    /// Any other finite number; see [`Value::Float`].
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// An array.
    List(Vec<Self>),
    /// An object: keys sorted, none twice.
    Map(Vec<(Key, Self)>),
}

impl Value {
    /// The one form of a number: an `Int` if it is integral and within range, a `Float` otherwise.
    ///
    /// −0 becomes 0. `None` if the number is not finite.
    pub fn number(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        if number.fract() == 0.0 && number.abs() <= INTEGER_MAX as f64 {
            return Some(Self::Int(number as i64));
        }
        Some(Self::Float(number))
    }

    /// An empty map.
    pub fn map() -> Self {
        Self::Map(Arc::default())
    }

    /// The value at `pointer` (JSON Pointer text) within this one.
    pub fn at(&self, pointer: &str) -> Option<&Self> {
        let mut value = self;
        for key in path::keys(pointer) {
            match value {
                Self::Map(map) => value = map.get(&key)?,
                Self::Null
                | Self::Bool(_)
                | Self::Int(_)
                | Self::Float(_)
                | Self::Str(_)
                | Self::List(_) => return None,
            }
        }
        Some(value)
    }

    /// Calls `found` with every list this value holds.
    pub fn for_each_list(&self, found: &mut (impl FnMut(ListId) + ?Sized)) {
        match self {
            Self::List(list) => found(*list),
            Self::Map(map) => map.iter().for_each(|(_, value)| value.for_each_list(found)),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Str(_) => {}
        }
    }

    /// Puts `new` at `pointer`, or removes what stands there, and gives back what stood there.
    ///
    /// `Err` if a parent is not a map, or the whole value would be removed; nothing changes then.
    pub(crate) fn put(&mut self, pointer: &str, new: Option<Self>) -> Result<Option<Self>, Misfit> {
        if pointer.is_empty() {
            let new = new.ok_or(Misfit)?;
            return Ok(Some(std::mem::replace(self, new)));
        }
        let slash = pointer.rfind('/').ok_or(Misfit)?;
        let key = path::keys(&pointer[slash..]).next().ok_or(Misfit)?;
        let Some(Self::Map(map)) = self.at_mut(&pointer[..slash]) else {
            return Err(Misfit);
        };
        let map = Arc::make_mut(map);
        Ok(match (new, map.get_mut(&key)) {
            (Some(new), Some(here)) => Some(std::mem::replace(here, new)),
            (Some(new), None) => map.insert(key.as_ref().into(), new),
            (None, Some(_)) => map.remove(&key),
            (None, None) => None,
        })
    }

    /// The value at `pointer`, to be changed in place.
    fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        let mut value = self;
        for key in path::keys(pointer) {
            let Self::Map(map) = value else { return None };
            value = Arc::make_mut(map).get_mut(&key)?;
        }
        Some(value)
    }

    /// Applies one change at `pointer`. `Err` if it does not fit; nothing changes then.
    pub(crate) fn change(&mut self, pointer: &str, change: &Change) -> Result<(), Misfit> {
        match change {
            Change::Set { new, .. } => self.put(pointer, new.clone()).map(|_| ()),
            Change::Add(by) => {
                let here = self.at_mut(pointer).ok_or(Misfit)?;
                *here = here.plus(*by).ok_or(Misfit)?;
                Ok(())
            }
            Change::Text(delta) => match self.at_mut(pointer) {
                Some(Self::Str(text)) => text.edit(delta).then_some(()).ok_or(Misfit),
                Some(
                    Self::Null
                    | Self::Bool(_)
                    | Self::Int(_)
                    | Self::Float(_)
                    | Self::Map(_)
                    | Self::List(_),
                )
                | None => Err(Misfit),
            },
            Change::Ensure(container) => self.ensure(pointer, *container).map(|_| ()),
        }
    }

    /// Makes a container at `pointer` and gives back what it replaces. `Err` if it does not fit.
    pub(crate) fn ensure(
        &mut self,
        pointer: &str,
        container: Container,
    ) -> Result<Option<Self>, Misfit> {
        if !container.fits(self.at(pointer)) {
            return Err(Misfit);
        }
        self.put(pointer, Some(container.value()))
    }

    /// The sum, if this is an integer and the sum is in range.
    pub(crate) fn plus(&self, by: i64) -> Option<Self> {
        let Self::Int(number) = self else { return None };
        let sum = number.checked_add(by)?;
        (-INTEGER_MAX..=INTEGER_MAX)
            .contains(&sum)
            .then_some(Self::Int(sum))
    }
}

/// A change that does not fit the value it was applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Misfit;

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(Arc::new(
            entries
                .iter()
                .map(|(key, value)| (Arc::from(*key), value.clone()))
                .collect(),
        ))
    }

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(Value::number(1.0), Some(Value::Int(1)));
        assert_eq!(Value::number(-0.0), Some(Value::Int(0)));
        assert_eq!(Value::number(1.5), Some(Value::Float(1.5)));
        assert_eq!(Value::number(1e300), Some(Value::Float(1e300)));
        assert_eq!(Value::number(f64::NAN), None);
        assert_eq!(Value::number(f64::INFINITY), None);
    }

    #[test]
    fn put_gives_back_what_stood_there() {
        let mut value = map(&[("a", map(&[("x", Value::Int(1))]))]);
        assert_eq!(
            value.put("/a/x", Some(Value::Int(2))),
            Ok(Some(Value::Int(1)))
        );
        assert_eq!(value.put("/a/y", Some(Value::Null)), Ok(None));
        assert_eq!(value.put("/a/x", None), Ok(Some(Value::Int(2))));
        assert_eq!(value.put("/b/x", Some(Value::Null)), Err(Misfit));
        assert_eq!(value.put("/a/y/z", Some(Value::Null)), Err(Misfit));
        assert_eq!(value.put("", None), Err(Misfit));
        assert_eq!(value, map(&[("a", map(&[("y", Value::Null)]))]));
    }

    #[test]
    fn sums_stay_in_range() {
        assert_eq!(Value::Int(1).plus(2), Some(Value::Int(3)));
        assert_eq!(Value::Int(INTEGER_MAX).plus(1), None);
        assert_eq!(Value::Float(0.5).plus(1), None);
    }
}
