//! Identifiers of items and lists. They never repeat within a document.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// Most client numbers a document hands out; the number fills the upper half of an id. The numbers
/// above it are those of lists that are ensured.
pub const CLIENT_NUMBER_MAX: u32 = i32::MAX as u32;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(u64);

        impl $name {
            /// The id made by client number `client` as its `counter`-th.
            pub const fn new(client: u32, counter: u32) -> Self {
                Self(((client as u64) << 32) | counter as u64)
            }

            /// The id as one number: client number in the upper 32 bits, counter in the lower.
            pub const fn as_u64(self) -> u64 {
                self.0
            }

            /// The number of the client that made the id; 0 is the import of the document.
            pub const fn client(self) -> u32 {
                (self.0 >> 32) as u32
            }

            /// The place of the id among those of its client.
            pub const fn counter(self) -> u32 {
                self.0 as u32
            }
        }

        impl From<u64> for $name {
            fn from(number: u64) -> Self {
                Self(number)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            /// Reads the decimal form that `Display` writes.
            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// Identity of an array item. Item 0 is the root of the document.
    ItemId
);
id!(
    /// Identity of an array. Replacing an array makes a new one.
    ListId
);

impl ListId {
    /// The list of a cell that is ensured: the same for everybody, and no client makes another of this id.
    ///
    /// 63 bits of a hash (FNV-1a, mixed as in MurmurHash3): among a thousand such lists of one
    /// document two are the same once in 10¹³ documents, and then commit refuses the second one.
    pub fn ensured(item: ItemId, pointer: &str) -> Self {
        let bytes = item.0.to_le_bytes().into_iter().chain(pointer.bytes());
        let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
            hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
        }
        Self(hash ^ (hash >> 33) | 1 << 63)
    }

    /// Whether the id is one of a list that is ensured.
    pub fn is_ensured(self) -> bool {
        self.client() > CLIENT_NUMBER_MAX
    }
}

impl ItemId {
    /// The root of every document: always present, always reachable, never moved.
    pub const ROOT: Self = Self(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ensured_list_has_the_id_that_the_protocol_tells() {
        let list = ListId::ensured(ItemId::ROOT, "/links");
        assert_eq!(list.as_u64(), 17516767526426805461);
        assert!(list.is_ensured() && !ListId::new(CLIENT_NUMBER_MAX, 1).is_ensured());
        assert_ne!(list, ListId::ensured(ItemId::from(1), "/links"));
        assert_ne!(list, ListId::ensured(ItemId::ROOT, "/link"));
    }
}
