//! What the room does by itself: short order keys, and an end for what was deleted long ago.
//!
//! It writes ordinary entries of kind `fixup`, so every replica does the same.

use std::collections::BTreeSet;

use coboard_ot::{Components, Document, ItemChange, ItemId, ListId, Location, renumbering};
use coboard_protocol::{
    ClientId, Kind, LogEntry, Meta, Operation, OperationId, ROOM_CLIENT, User, UserId,
};

use super::append::Run;
use super::commit::{Candidate, commit_next};
use super::{Room, size};
use crate::time::Time;

/// Longest order key in bytes that stays. A longer one has its neighbourhood renumbered. Source:
/// design of 2026-11; about 750 inserts at one place reach it.
const KEPT_KEY_BYTES_MAX: usize = 128;
/// Most deleted items that are kept for undo and restore. A guess.
pub(super) const DELETED_ITEMS_MAX: usize = 5_000;
/// Most bytes of deleted items that are kept. A guess.
pub(super) const DELETED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most items that one operation purges, unless one of them holds more: its entry stays small.
const PURGED_ITEMS_MAX: usize = 1_000;

/// Whether an entry was written by the room itself.
pub(super) fn is_by_room(client: &ClientId) -> bool {
    client.as_str() == ROOM_CLIENT
}

/// Whether the room looks for what was deleted long ago.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purging {
    /// Not before the next snapshot.
    Rests,
    /// It is time to see whether there is too much.
    Due,
    /// There was too much, and what is to go has not gone yet.
    GoesOn,
}

impl Room {
    /// Adds to the run what the room itself has to do after it.
    pub(super) fn keep_up(&mut self, now: Time, run: &mut Run) {
        for list in long_keyed_lists(&run.entries) {
            let moves = renumbering(&run.document, list, KEPT_KEY_BYTES_MAX);
            write(now, run, moves);
        }
        if self.purging != Purging::Rests {
            let (purges, next) = self.purges(run);
            write(now, run, purges);
            self.purging = next;
        }
    }

    /// Purges of as many deleted items as one operation takes, and how it goes on.
    fn purges(&self, run: &Run) -> (Components, Purging) {
        let deleted = Deleted::of(&run.document);
        let (mut items, mut bytes) = (deleted.items, deleted.bytes);
        let mut purges = Vec::new();
        let within = items <= DELETED_ITEMS_MAX && bytes <= DELETED_BYTES_MAX;
        if within && self.purging == Purging::Due {
            return (Components::new(), Purging::Rests);
        }
        let recent = self.recently_touched(run);
        for tree in deleted.trees {
            // Down to a half, so that the next time is not near.
            if items <= DELETED_ITEMS_MAX / 2 && bytes <= DELETED_BYTES_MAX / 2 {
                break;
            }
            if tree.iter().any(|item| recent.contains(item)) {
                continue;
            }
            if !purges.is_empty() && purges.len() + tree.len() > PURGED_ITEMS_MAX {
                return (of_items(purges), Purging::GoesOn);
            }
            items = items.saturating_sub(tree.len());
            for item in tree {
                bytes = bytes.saturating_sub(size::of_item(&run.document, item));
                purges.push(item);
            }
        }
        (of_items(purges), Purging::Rests)
    }

    /// Items that entries in memory touch: somebody may be about to bring them back.
    fn recently_touched(&self, run: &Run) -> BTreeSet<ItemId> {
        let tail = self.tail.since(self.tail.start()).into_iter().flatten();
        tail.chain(&run.entries)
            .flat_map(|entry| entry.components.touched())
            .collect()
    }
}

fn of_items(items: Vec<ItemId>) -> Components {
    let purges = items.into_iter().map(|item| (item, ItemChange::Purge));
    Components::from_parts([], purges).unwrap_or_default()
}

/// Commits what the room does itself. What is refused for a limit is tried again another time.
fn write(now: Time, run: &mut Run, components: Components) {
    let (Ok(client), Ok(user)) = (
        ClientId::try_from(ROOM_CLIENT),
        UserId::try_from(ROOM_CLIENT),
    ) else {
        return;
    };
    if components.is_empty() {
        return;
    }
    let operation = Operation {
        id: OperationId {
            client,
            // Revisions never repeat, and this is its own.
            sequence: run.next_revision(),
        },
        base: run.next_revision() - 1,
        components,
        meta: Meta {
            kind: Kind::Fixup,
            ..Meta::default()
        },
    };
    let author = User {
        id: user,
        name: String::new(),
    };
    let candidate = Candidate {
        author: &author,
        client_number: None,
        submitted: operation.components.wants(),
        fingerprint: operation.fingerprint(),
        operation,
        conflicts: Vec::new(),
        past: None,
    };
    let _refused = commit_next(run, now, candidate);
}

/// The lists in which entries put something under a key that is too long to stay.
fn long_keyed_lists(entries: &[LogEntry]) -> BTreeSet<ListId> {
    let mut lists = BTreeSet::new();
    for (_, change) in entries.iter().flat_map(|entry| entry.components.items()) {
        if let ItemChange::New { location, .. } | ItemChange::Move { new: location, .. } = change
            && let Location::At(list, key) = location
            && key.as_str().len() > KEPT_KEY_BYTES_MAX
        {
            lists.insert(*list);
        }
    }
    lists
}

/// What cannot be reached any more.
struct Deleted {
    /// Each deleted item with everything inside, oldest ids first.
    trees: Vec<Vec<ItemId>>,
    items: usize,
    bytes: usize,
}

impl Deleted {
    /// Cost: O(items · log items).
    fn of(document: &Document) -> Self {
        let mut deleted = Self {
            trees: Vec::new(),
            items: 0,
            bytes: 0,
        };
        for (id, item) in document.items() {
            let in_place = match &item.location {
                Location::At(list, _) => document.holder(*list).is_some(),
                Location::Trash => false,
            };
            if id == ItemId::ROOT || in_place {
                continue;
            }
            let tree = tree_of(document, id);
            deleted.items += tree.len();
            let bytes = tree.iter().map(|item| size::of_item(document, *item));
            deleted.bytes += bytes.sum::<usize>();
            deleted.trees.push(tree);
        }
        deleted
    }
}

/// An item and everything inside. It ends, for commit keeps items a tree.
fn tree_of(document: &Document, id: ItemId) -> Vec<ItemId> {
    let mut tree = vec![id];
    let mut at = 0;
    while let Some(item) = tree.get(at).and_then(|id| document.item(*id)) {
        item.value.for_each_list(&mut |list| {
            tree.extend(document.list(list).map(|(_, item)| item));
        });
        at += 1;
    }
    tree
}
