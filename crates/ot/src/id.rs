//! Identifiers of items and lists. They never repeat within a document.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// Most client numbers a document hands out; the number fills the upper half of an id.
pub const CLIENT_NUMBER_MAX: u32 = u32::MAX;

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

impl ItemId {
    /// The root of every document: always present, always reachable, never moved.
    pub const ROOT: Self = Self(0);
}
