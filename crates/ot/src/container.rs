//! Containers that several people may make at the same time, each for what they put in.

use crate::id::{ItemId, ListId};
use crate::path::Path;
use crate::value::Value;

/// What an ensured cell comes to hold where its key is absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Container {
    /// An empty map.
    Map,
    /// A list: that of [`ListId::ensured`], the same for everybody who ensures this cell.
    List(ListId),
    /// A map in the place of this list, which another person ensured at the same time. Only
    /// transform makes it, so that both orders come to one document; commit drops it, for
    /// something stands there already.
    MapOver(ListId),
}

impl Container {
    /// The list that an ensured cell holds.
    pub fn list(item: ItemId, path: &Path) -> Self {
        Self::List(ListId::ensured(item, path.as_str()))
    }

    /// What the cell holds once it is made.
    pub fn value(self) -> Value {
        match self {
            Self::Map | Self::MapOver(_) => Value::map(),
            Self::List(list) => Value::List(list),
        }
    }

    /// What stood in the cell before it was made.
    pub(crate) fn replaced(self) -> Option<Value> {
        match self {
            Self::Map | Self::List(_) => None,
            Self::MapOver(list) => Some(Value::List(list)),
        }
    }

    /// Whether it is made where `here` stands.
    pub(crate) fn fits(self, here: Option<&Value>) -> bool {
        here == self.replaced().as_ref()
    }

    /// `here` with the container made, if it fits.
    pub(crate) fn made_in(self, here: Option<Value>) -> Option<Value> {
        if self.fits(here.as_ref()) {
            Some(self.value())
        } else {
            here
        }
    }

    /// Both, one after the other.
    pub(crate) fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::List(list), Self::MapOver(over)) if list == over => Self::Map,
            (Self::Map | Self::List(_) | Self::MapOver(_), _) => self,
        }
    }

    /// This one after a concurrent `over`; `None` if that one does for both. A map stands above a
    /// list: a list has no cells inside, so what is lost of it can be named.
    pub(crate) fn after(self, over: Self) -> Option<Self> {
        match (self, over) {
            (Self::Map, Self::List(list)) => Some(Self::MapOver(list)),
            (Self::MapOver(_), Self::Map | Self::List(_)) => Some(self),
            (Self::Map | Self::MapOver(_), Self::Map | Self::MapOver(_)) | (Self::List(_), _) => {
                None
            }
        }
    }
}
