//! Rooms on this node: one driver task per document, found through the registry.
//!
//! A driver is the only one who touches its room and the only one who broadcasts to its group, so
//! neither needs a lock. What it does not do: decide anything about operations. The engine does.

mod catalogue;
mod driver;
mod feed;
mod inbox;
mod load;
mod outbound;
mod registry;
mod rewrite;
mod storing;
mod waiting;
mod write;

pub(crate) use inbox::{JoinRequest, Message, NewPolicies, Restoring};
pub(crate) use registry::{Registry, RoomHandle, SendError};
pub(crate) use rewrite::{Rewrite, Since};
pub(crate) use write::{Change, View};
