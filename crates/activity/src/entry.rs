//! Entries of a feed: what one person did to one thing within a while is one of them.

use std::collections::VecDeque;

use coboard_protocol::limits::TITLE_CHARS_MAX;
use coboard_protocol::message::{ActivityEntry, Verb};
use coboard_protocol::ot::ItemId;
use coboard_protocol::{Revision, UserId};

use crate::event::{Doing, Event};
use crate::part::Part;
use crate::phrase;

/// Changes of one thing by one person that are no further apart than this are one entry, in milliseconds.
pub const TOGETHER_MS: u64 = 120_000;
/// Largest value that an entry tells, in bytes of JSON.
pub const VALUE_BYTES_MAX: usize = 200;

/// Who people are and what they work on, where the teller knows.
pub trait Names {
    /// How a person is called.
    fn name(&self, user: &UserId) -> String;
    /// How the device is called on which a client runs.
    fn device(&self, client: &coboard_protocol::ClientId) -> Option<String>;
}

/// One or more events that are told as one.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The first event, with what the others made of it.
    event: Event,
    count: u32,
    last_revision: Option<Revision>,
    last_ms: u64,
}

/// Folds events into entries, the oldest first.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    entries: VecDeque<Entry>,
}

impl Feed {
    /// Without anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event in, the newest so far. Gives the entry that it became or went into.
    pub fn fold(&mut self, event: Event) -> &Entry {
        let entry = match self.companion(&event) {
            Some(index) => {
                let mut entry = self.entries.remove(index).expect("it was just found");
                entry.absorb(event);
                entry
            }
            None => Entry::of(event),
        };
        self.entries.push_back(entry);
        self.entries.back().expect("it was just pushed")
    }

    /// The entries, the one that was added to last at the end.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets what nothing at `now_ms` can be added to any more.
    pub fn forget_before(&mut self, now_ms: u64) {
        while let Some(entry) = self.entries.front()
            && entry.last_ms + TOGETHER_MS < now_ms
        {
            self.entries.pop_front();
        }
    }

    /// Forgets the oldest beyond this many.
    pub fn keep(&mut self, entries_max: usize) {
        let beyond = self.entries.len().saturating_sub(entries_max);
        self.entries.drain(..beyond);
    }

    /// The entry that the event goes on with. What somebody else did to the same thing ends it.
    fn companion(&self, event: &Event) -> Option<usize> {
        for (index, entry) in self.entries.iter().enumerate().rev() {
            if entry.last_ms + TOGETHER_MS < event.at_ms {
                return None;
            }
            if entry.takes(event) {
                return Some(index);
            }
            if entry.event.item() == event.item() && entry.event.doing.verb() != Verb::Merged {
                return None;
            }
        }
        None
    }
}

impl Entry {
    fn of(event: Event) -> Self {
        Self {
            count: 1,
            last_revision: event.revision,
            last_ms: event.at_ms,
            event,
        }
    }

    /// Who did it.
    pub fn actor(&self) -> &UserId {
        &self.event.actor
    }

    /// What it was done to, first of all.
    pub fn item(&self) -> ItemId {
        self.event.item()
    }

    /// The person it speaks of besides the one who did it.
    pub fn about(&self) -> Option<&UserId> {
        self.event.about()
    }

    /// Its name within the document.
    pub fn id(&self) -> String {
        match self.event.revision {
            Some(revision) => format!("{revision}.{}", self.event.index),
            None => format!("t{}.{}", self.event.at_ms, self.event.actor),
        }
    }

    /// The first and the last revision; absent if it is not in the log.
    pub fn revisions(&self) -> Option<(Revision, Revision)> {
        Some((self.event.revision?, self.last_revision?))
    }

    /// Whether all of it together changed nothing.
    pub fn is_void(&self) -> bool {
        match &self.event.doing {
            Doing::Renamed { from, to } => from == to,
            Doing::Placed { from, to } => from == to,
            Doing::Set { said, .. } => {
                self.count > 1
                    && said.is_some()
                    && self.event.before.is_some()
                    && self.event.before == self.event.after
            }
            Doing::Switched { .. } | Doing::Folded(_) => self.count.is_multiple_of(2),
            Doing::Begun { .. }
            | Doing::Imported(_)
            | Doing::BackTo { .. }
            | Doing::TakenBack { .. }
            | Doing::Added { .. }
            | Doing::Deleted { .. }
            | Doing::Restored
            | Doing::Into { .. }
            | Doing::OutOf { .. }
            | Doing::ElementAdded { .. }
            | Doing::ElementRemoved { .. }
            | Doing::Reordered { .. }
            | Doing::Wrote { .. }
            | Doing::Parts(_)
            | Doing::Met { .. }
            | Doing::Policies
            | Doing::Joined
            | Doing::Left => false,
        }
    }

    /// The entry as it is told.
    pub fn tell(&self, names: &dyn Names) -> ActivityEntry {
        let event = &self.event;
        let item = event.item();
        ActivityEntry {
            id: self.id(),
            actor: event.actor.clone(),
            name: names.name(&event.actor),
            device: event
                .client
                .as_ref()
                .and_then(|client| names.device(client)),
            client: event.client.clone(),
            origin: event.origin,
            verb: event.doing.verb(),
            kind: event.kind,
            item: (item != ItemId::ROOT).then(|| item.to_string()),
            title: event.object().title.chars().take(TITLE_CHARS_MAX).collect(),
            part: event.doing.part().map(|part| part.id.to_owned()),
            path: event.path.clone(),
            before: event.before.clone(),
            after: event.after.clone(),
            count: self.count,
            revisions: self.revisions(),
            at_ms: self.last_ms,
            text: phrase::text(event, self.count, &|user| names.name(user)),
        }
    }

    /// Whether `next` goes on with it.
    fn takes(&self, next: &Event) -> bool {
        let event = &self.event;
        let alike = event.actor == next.actor
            && event.kind == next.kind
            && event.origin == next.origin
            && event.revision.is_some() == next.revision.is_some()
            && event.objects_count == next.objects_count
            && event.items == next.items;
        alike && goes_on(event, next)
    }

    fn absorb(&mut self, next: Event) {
        self.count += 1;
        self.last_revision = next.revision;
        self.last_ms = next.at_ms;
        let event = &mut self.event;
        event.client = next.client;
        let same_cell = event.path == next.path;
        event.after = next.after.filter(|_| same_cell);
        if !same_cell {
            event.path = None;
            event.before = None;
        }
        match (&mut event.doing, next.doing) {
            // What is made while it is young: it is called as it is called now.
            (Doing::Added { .. }, Doing::Renamed { to, .. }) => {
                if let Some(object) = event.objects.first_mut() {
                    object.title = to.trim().to_owned();
                }
            }
            (Doing::Added { .. }, _) => {}
            (Doing::Renamed { to, .. }, Doing::Renamed { to: last, .. }) => *to = last,
            (Doing::Placed { to, .. }, Doing::Placed { to: last, .. }) => *to = last,
            (
                Doing::Set { part, said },
                Doing::Set {
                    part: next,
                    said: last,
                },
            ) if *part == next => {
                *said = last;
            }
            (
                Doing::Switched { part, on },
                Doing::Switched {
                    part: next,
                    on: last,
                },
            ) if *part == next => {
                *on = last;
            }
            (Doing::Folded(on), Doing::Folded(last)) => *on = last,
            (Doing::Wrote { part }, Doing::Wrote { part: next }) if *part == next => {}
            (Doing::BackTo { .. }, Doing::BackTo { .. })
            | (Doing::TakenBack { .. }, Doing::TakenBack { .. })
            | (Doing::Imported(_), Doing::Imported(_))
            | (Doing::Met { .. }, Doing::Met { .. })
            | (Doing::Policies, Doing::Policies) => {}
            (doing, next) => {
                let parts = union(doing.parts(), next.parts());
                *doing = match parts.as_slice() {
                    [part] => Doing::Set {
                        part: *part,
                        said: None,
                    },
                    _ => Doing::Parts(parts),
                };
                // It was set, so something stands there.
                event.before = None;
                event.after = None;
            }
        }
    }
}

fn goes_on(event: &Event, next: &Event) -> bool {
    match (&event.doing, &next.doing) {
        (Doing::Added { .. }, doing) => matches!(
            doing.verb(),
            Verb::Edited | Verb::Moved | Verb::Resized | Verb::Renamed
        ),
        (Doing::Renamed { .. }, Doing::Renamed { .. })
        | (Doing::Placed { .. }, Doing::Placed { .. })
        | (Doing::Policies, Doing::Policies)
        | (Doing::Folded(_), Doing::Folded(_))
        | (Doing::Imported(_), Doing::Imported(_)) => true,
        (Doing::Folded(_), _) | (_, Doing::Folded(_)) => false,
        (Doing::BackTo { .. }, Doing::BackTo { .. })
        | (Doing::TakenBack { .. }, Doing::TakenBack { .. })
        | (Doing::Met { .. }, Doing::Met { .. }) => event.doing == next.doing,
        (one, other) => one.verb() == Verb::Edited && other.verb() == Verb::Edited,
    }
}

fn union(mut parts: Vec<Part>, more: Vec<Part>) -> Vec<Part> {
    for part in more {
        if !parts.iter().any(|known| known.id == part.id) {
            parts.push(part);
        }
    }
    parts
}
