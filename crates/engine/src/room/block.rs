//! Runs of the log as one operation each, kept for the next client that missed the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use coboard_ot::{Components, compose};
use coboard_protocol::limits::{AUTHORS_PER_SEGMENT_MAX, CATCH_UP_BYTES_MAX};
use coboard_protocol::message::{Composed, Contribution};
use coboard_protocol::{ClientId, LogEntry, Revision, UserId, codec};

use super::upkeep::is_by_room;

/// The smallest blocks that are kept hold two to the power of this many operations: to compose
/// fewer costs less than to keep them.
const LEVEL_MIN: u32 = 4;
/// The largest ones.
const LEVEL_MAX: u32 = 12;
/// Most bytes of blocks that a room keeps. A guess: a few times what one client is sent.
const KEPT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Most entries that are read from storage at a time.
const READ_ENTRIES_MAX: Revision = 512;
/// Bytes of what surrounds one contribution.
const CONTRIBUTION_BYTES: usize = 120;

/// Operations that follow each other, as one.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The revision before the first of them.
    pub(super) from: Revision,
    /// The revision of the last of them.
    pub(super) to: Revision,
    components: Components,
    /// Bytes of the JSON of it all; may be less in truth, for what is composed may cancel out.
    pub(super) bytes: usize,
    authors: BTreeMap<UserId, Contribution>,
    clients: BTreeSet<ClientId>,
}

impl Block {
    pub(super) fn of(entry: &LogEntry) -> Self {
        let mut block = Self::unmeasured(entry);
        block.measure();
        block
    }

    /// One that is to be measured when more is in it.
    fn unmeasured(entry: &LogEntry) -> Self {
        let contribution = Contribution {
            author: entry.author.clone(),
            client: entry.id.client.clone(),
            count: 1,
            server_time_ms: entry.server_time_ms,
            label: entry.meta.label.clone(),
        };
        Self {
            from: entry.revision - 1,
            to: entry.revision,
            bytes: 0,
            components: entry.components.clone(),
            authors: BTreeMap::from([(entry.author.clone(), contribution)]),
            clients: BTreeSet::from([entry.id.client.clone()]),
        }
    }

    /// Puts what follows on top.
    pub(super) fn extend(&mut self, next: &Self) {
        debug_assert_eq!(self.to, next.from, "blocks follow each other");
        self.to = next.to;
        self.components = compose(std::mem::take(&mut self.components), &next.components);
        self.bytes += next.bytes;
        for (author, theirs) in &next.authors {
            let count = self.authors.get(author).map_or(0, |mine| mine.count);
            let merged = Contribution {
                count: count + theirs.count,
                ..theirs.clone()
            };
            self.authors.insert(author.clone(), merged);
        }
        self.clients.extend(next.clients.iter().cloned());
    }

    /// Whether an operation of the client is in it.
    pub(super) fn has(&self, client: &ClientId) -> bool {
        // What the room wrote comes apart too: clients have to see of which kind it is.
        self.clients.contains(client) || self.clients.iter().any(is_by_room)
    }

    /// Measures it again.
    pub(super) fn measure(&mut self) {
        let authors = self.authors.values().map(size_of);
        self.bytes = json_bytes(&self.components) + authors.sum::<usize>();
    }

    pub(super) fn into_composed(self) -> Composed {
        let mut authors: Vec<Contribution> = self.authors.into_values().collect();
        authors.sort_by_key(|contribution| std::cmp::Reverse(contribution.server_time_ms));
        authors.truncate(AUTHORS_PER_SEGMENT_MAX);
        Composed {
            from: self.from,
            to: self.to,
            components: self.components,
            authors,
        }
    }
}

fn json_bytes(components: &Components) -> usize {
    codec::components::to_json(components).to_string().len()
}

fn size_of(contribution: &Contribution) -> usize {
    CONTRIBUTION_BYTES
        + contribution.author.as_str().len()
        + contribution.client.as_str().len()
        + contribution.label.as_ref().map_or(0, String::len)
}

/// Blocks of a power of two operations that begin at a multiple of their length.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// By level and by the revision before the first operation.
    kept: BTreeMap<(u32, Revision), Arc<Block>>,
    bytes: usize,
}

impl Blocks {
    /// How many operations the smallest blocks hold.
    pub(super) const LEN_MIN: Revision = 1 << LEVEL_MIN;

    /// The largest kept block that begins after `from` and is not refused.
    pub(super) fn largest(
        &self,
        from: Revision,
        fits: impl Fn(&Block) -> bool,
    ) -> Option<Arc<Block>> {
        let mut levels = (LEVEL_MIN..=LEVEL_MAX).rev();
        levels.find_map(|level| {
            let block = self.kept.get(&(level, from))?;
            fits(block).then(|| Arc::clone(block))
        })
    }

    /// Whether a block begins after `from`.
    pub(super) fn begins_at(&self, from: Revision) -> bool {
        self.kept.contains_key(&(LEVEL_MIN, from))
    }

    /// How many entries to read after `since`, so that what follows begins where blocks do.
    pub(super) fn entries_wanted(&self, since: Revision) -> usize {
        let to_next = |len: Revision| usize::try_from(len - since % len).unwrap_or(usize::MAX);
        let gap = to_next(Self::LEN_MIN);
        if !since.is_multiple_of(Self::LEN_MIN) && self.begins_at(since + gap as Revision) {
            gap
        } else {
            to_next(READ_ENTRIES_MAX)
        }
    }

    /// The smallest block of these entries, kept from now on. They are as many as fit into it.
    pub(super) fn make(&mut self, entries: &[&LogEntry]) -> Option<Arc<Block>> {
        let (first, rest) = entries.split_first()?;
        let mut block = Block::unmeasured(first);
        for entry in rest {
            block.extend(&Block::unmeasured(entry));
        }
        block.measure();
        let block = Arc::new(block);
        self.keep(LEVEL_MIN, Arc::clone(&block));
        Some(block)
    }

    /// Keeps a block, and with its neighbour the one that holds both.
    fn keep(&mut self, level: u32, block: Arc<Block>) {
        let (mut level, mut block) = (level, block);
        loop {
            let from = block.from;
            self.bytes += block.bytes;
            if let Some(before) = self.kept.insert((level, from), Arc::clone(&block)) {
                self.bytes -= before.bytes;
            }
            let neighbour = self.kept.get(&(level, from ^ (1 << level)));
            let Some(neighbour) = neighbour.filter(|_| level < LEVEL_MAX) else {
                break;
            };
            let (left, right) = if neighbour.from < from {
                (neighbour, &block)
            } else {
                (&block, neighbour)
            };
            let mut both = Block::clone(left);
            both.extend(right);
            if both.bytes > CATCH_UP_BYTES_MAX {
                both.measure();
            }
            if both.bytes > CATCH_UP_BYTES_MAX {
                // It would never fit a message.
                break;
            }
            (level, block) = (level + 1, Arc::new(both));
        }
        while self.bytes > KEPT_BYTES_MAX
            && let Some((_, oldest)) = self.kept.pop_first()
        {
            self.bytes -= oldest.bytes;
        }
    }
}
