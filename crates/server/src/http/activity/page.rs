//! One page of what was done.

use std::collections::VecDeque;

use coboard_activity::{Entry, Event, Feed, events};
use coboard_protocol::ot::{Document, ItemChange, invert};
use coboard_protocol::{DocumentId, Kind, LogEntry, Revision};

use super::Wanted;
use crate::app::App;
use crate::error::{HttpError, of_storage, unavailable};
use crate::http::past::document_at;

/// Entries of the log that are read at a time.
const CHUNK: u64 = 100;
/// Entries of the log that one page reads at most. A guess: some tens of milliseconds.
const READ_MAX: u64 = 1_000;

/// What was done between two revisions.
pub(super) struct Page {
    /// The oldest first.
    pub(super) entries: Vec<Entry>,
    /// What is left is before this revision; with the document as it stood then.
    pub(super) next: Option<(Revision, Document)>,
}

/// What one revision did, and the document before it.
struct Step {
    revision: Revision,
    before: Document,
    events: Vec<Event>,
}

impl Page {
    /// Reads back from a document at a revision until there is enough.
    pub(super) async fn read(
        app: &App,
        document: &DocumentId,
        wanted: &Wanted,
        (mut at, upto): (Document, Revision),
    ) -> Result<Self, HttpError> {
        let mut steps: VecDeque<Step> = VecDeque::new();
        let mut low = upto;
        while low > 0 && upto - low < READ_MAX && folded(&steps, 0).len() < wanted.limit {
            let since = low.saturating_sub(CHUNK);
            let count = usize::try_from(low - since).unwrap_or(usize::MAX);
            let read = app.storage.read_since(document, since, count).await;
            let entries = read.map_err(|error| of_storage(&error))?;
            let whole = entries.len() == count
                && entries
                    .first()
                    .is_some_and(|entry| entry.revision == since + 1);
            if !whole {
                // The log does not reach back any further.
                low = 0;
                break;
            }
            // What is forgotten for good cannot be had back from the operation that forgot it.
            let from = if entries.iter().any(forgets) {
                Some(document_at(app, document, since).await?)
            } else {
                None
            };
            let derived = tokio::task::spawn_blocking(move || match from {
                Some(from) => forwards(from, entries),
                None => backwards(at, entries),
            });
            let (before, mut derived) = derived.await.map_err(|_| unavailable())?;
            at = before;
            low = since;
            for step in derived.drain(..).rev() {
                let Step {
                    revision,
                    before,
                    mut events,
                } = step;
                events.retain(|event| wanted.takes(event));
                steps.push_front(Step {
                    revision,
                    before,
                    events,
                });
            }
        }
        Ok(Self::cut(steps, low, at, wanted.limit))
    }

    /// The newest entries up to the limit, and where to go on.
    fn cut(steps: VecDeque<Step>, low: Revision, at: Document, limit: usize) -> Self {
        let (mut few, mut many) = (0, steps.len().saturating_sub(1));
        // The fewest steps to leave out so that what is left gives no more entries than wanted.
        while few < many {
            let middle = few + (many - few) / 2;
            if folded(&steps, middle).len() <= limit {
                many = middle;
            } else {
                few = middle + 1;
            }
        }
        let entries = folded(&steps, few);
        let next = match steps.into_iter().nth(few) {
            Some(step) if few > 0 => Some((step.revision, step.before)),
            _ if low > 0 => Some((low + 1, at)),
            _ => None,
        };
        Self { entries, next }
    }
}

impl Wanted {
    fn takes(&self, event: &Event) -> bool {
        self.item.is_none_or(|item| event.concerns(item))
            && self
                .author
                .as_ref()
                .is_none_or(|author| author == event.actor())
    }
}

/// The entries of all steps but the first few.
fn folded(steps: &VecDeque<Step>, skipped: usize) -> Vec<Entry> {
    let mut feed = Feed::new();
    for event in steps.iter().skip(skipped).flat_map(|step| &step.events) {
        feed.fold(event.clone());
    }
    let entries = feed.entries().filter(|entry| !entry.is_void());
    entries.cloned().collect()
}

fn forgets(entry: &LogEntry) -> bool {
    let mut items = entry.components.items();
    items.any(|(_, change)| matches!(change, ItemChange::Purge))
}

/// Goes back from the document after the last entry.
fn backwards(mut after: Document, entries: Vec<LogEntry>) -> (Document, Vec<Step>) {
    let mut steps = Vec::with_capacity(entries.len());
    for entry in entries.into_iter().rev() {
        let mut before = if entry.revision == 1 && entry.meta.kind == Kind::Import {
            Document::new()
        } else {
            after.clone()
        };
        if entry.revision > 1 {
            before.apply(&invert(&entry.components));
        }
        steps.push(step(&before, &after, &entry));
        after = before;
    }
    steps.reverse();
    (after, steps)
}

/// Goes on from the document before the first entry.
fn forwards(from: Document, entries: Vec<LogEntry>) -> (Document, Vec<Step>) {
    let mut before = from.clone();
    let mut steps = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut after = before.clone();
        after.apply(&entry.components);
        steps.push(step(&before, &after, &entry));
        before = after;
    }
    (from, steps)
}

fn step(before: &Document, after: &Document, entry: &LogEntry) -> Step {
    Step {
        revision: entry.revision,
        before: before.clone(),
        events: events(before, after, entry),
    }
}
