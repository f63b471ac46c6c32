//! One answer about what was missed: what others did composed, own operations apart.

use coboard_protocol::limits::{CATCH_UP_BYTES_MAX, CATCH_UP_COMPOSED_MAX, CATCH_UP_ENTRIES_MAX};
use coboard_protocol::message::{CatchUp, Segment};
use coboard_protocol::{ClientId, LogEntry, Revision};

use super::block::{Block, Blocks};
use super::upkeep::is_by_room;

/// Fewer operations in a row than this come one by one, with their labels and conflicts. A guess.
const COMPOSED_MIN: usize = 4;
/// Bytes beyond which a composed segment takes nothing more once it was measured: to measure it
/// after every further operation would cost the square of its length.
const MEASURED_BYTES_MAX: usize = CATCH_UP_BYTES_MAX * 3 / 4;

/// An answer that is being put together. It ends where the limits of one message end.
#[derive(Debug)]
pub(super) struct Page {
    /// Whose operations come apart; `None` if every entry does.
    composed_for: Option<ClientId>,
    from: Revision,
    to: Revision,
    segments: Vec<Segment>,
    /// Bytes of the segments.
    bytes: usize,
    /// What others did since the last segment.
    open: Option<Block>,
    /// The entries of `open`, while they are few.
    few: Vec<LogEntry>,
    full: bool,
}

impl Page {
    /// What comes after `from`.
    pub(super) fn new(from: Revision, composed_for: Option<ClientId>) -> Self {
        Self {
            composed_for,
            from,
            to: from,
            segments: Vec::new(),
            bytes: 0,
            open: None,
            few: Vec::new(),
            full: false,
        }
    }

    /// How far it reaches.
    pub(super) fn to(&self) -> Revision {
        self.to
    }

    /// Whether nothing more goes into it.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// Takes in the entries that come next, as far as there is room; those it has are skipped.
    pub(super) fn take<'a>(
        &mut self,
        entries: impl Iterator<Item = &'a LogEntry>,
        blocks: &mut Blocks,
    ) {
        let entries: Vec<&LogEntry> = entries.collect();
        let first = entries.first().map_or(0, |entry| entry.revision);
        while !self.full {
            let next = (self.to + 1).checked_sub(first);
            let rest = next.and_then(|next| entries.get(usize::try_from(next).ok()?..));
            let Some([entry, ..]) = rest else { return };
            if entry.revision != self.to + 1 {
                return;
            }
            if self.take_kept(blocks) || self.take_new_block(rest.unwrap_or_default(), blocks) {
                continue;
            }
            self.take_entry(entry);
        }
    }

    /// Takes in as much as blocks that are kept hold. False if they do not go on from here.
    pub(super) fn take_kept(&mut self, blocks: &Blocks) -> bool {
        let Some(client) = self.composed_for.clone() else {
            return false;
        };
        let from = self.from;
        let fits = |block: &Block| {
            !block.has(&client)
                && block.to - from <= CATCH_UP_COMPOSED_MAX
                && block.bytes <= CATCH_UP_BYTES_MAX
        };
        match blocks.largest(self.to, fits) {
            Some(block) => self.extend(&block),
            None => false,
        }
    }

    /// Takes in a block of the entries that come next, if they fill one.
    fn take_new_block(&mut self, entries: &[&LogEntry], blocks: &mut Blocks) -> bool {
        let Some(client) = &self.composed_for else {
            return false;
        };
        let len = usize::try_from(Blocks::LEN_MIN).unwrap_or(usize::MAX);
        if !self.to.is_multiple_of(Blocks::LEN_MIN) || blocks.begins_at(self.to) {
            return false;
        }
        let Some(block) = entries.get(..len).and_then(|entries| blocks.make(entries)) else {
            return false;
        };
        !block.has(client) && self.extend(&block)
    }

    fn take_entry(&mut self, entry: &LogEntry) {
        let apart = self
            .composed_for
            .as_ref()
            .is_none_or(|client| entry.id.client == *client || is_by_room(&entry.id.client));
        if apart {
            self.close();
            self.push(entry.clone());
        } else if self.extend(&Block::of(entry)) {
            let len = self.open.as_ref().map_or(0, |open| open.to - open.from);
            let few = self.few.len() + 1;
            if few < COMPOSED_MIN && few as Revision == len {
                self.few.push(entry.clone());
            } else {
                self.few.clear();
            }
        } else {
            self.full = true;
        }
    }

    /// Puts a block on top of what others did. False if there is no room for it.
    fn extend(&mut self, next: &Block) -> bool {
        let len = next.to - next.from;
        if self.to + len - self.from > CATCH_UP_COMPOSED_MAX {
            return false;
        }
        let Some(open) = &mut self.open else {
            if self.bytes + next.bytes > CATCH_UP_BYTES_MAX && !self.is_empty() {
                return false;
            }
            self.open = Some(next.clone());
            self.to += len;
            return true;
        };
        if self.bytes + open.bytes + next.bytes > CATCH_UP_BYTES_MAX {
            open.measure();
            let room = CATCH_UP_BYTES_MAX.saturating_sub(self.bytes + next.bytes);
            if open.bytes > room || open.bytes > MEASURED_BYTES_MAX {
                return false;
            }
        }
        open.extend(next);
        self.to += len;
        true
    }

    /// An entry by itself.
    fn push(&mut self, entry: LogEntry) {
        let bytes = entry_bytes(&entry);
        let too_large = self.bytes + bytes > CATCH_UP_BYTES_MAX && !self.segments.is_empty();
        if too_large || self.segments.len() >= CATCH_UP_ENTRIES_MAX {
            self.full = true;
            return;
        }
        self.bytes += bytes;
        self.to = entry.revision;
        self.segments.push(Segment::Entry { entry });
    }

    /// Makes a segment of what others did, or a few of its entries.
    fn close(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        let few = std::mem::take(&mut self.few);
        let bytes = few.iter().map(entry_bytes).sum::<usize>();
        let all = few.len() as Revision == open.to - open.from;
        if all && self.bytes + bytes <= CATCH_UP_BYTES_MAX {
            let entries = few.into_iter().map(|entry| Segment::Entry { entry });
            self.segments.extend(entries);
            self.bytes += bytes;
        } else {
            open.measure();
            self.bytes += open.bytes;
            self.segments.push(Segment::Composed(open.into_composed()));
        }
    }

    pub(super) fn finish(mut self) -> CatchUp {
        self.close();
        CatchUp {
            from: self.from,
            to: self.to,
            segments: self.segments,
        }
    }
}

fn entry_bytes(entry: &LogEntry) -> usize {
    serde_json::to_string(entry).map_or(0, |text| text.len())
}
