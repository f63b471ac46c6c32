//! From a committed operation to events.

use std::collections::BTreeMap;

use coboard_protocol::message::{Origin, Verb};
use coboard_protocol::ot::{Components, ConflictKind, Document, ItemId, invert};
use coboard_protocol::{ClientId, Kind, LogEntry, SERVER_CLIENT, UserId};

use crate::event::{Doing, Event, OBJECTS_NAMED_MAX, Tally};
use crate::leaves::Both;
use crate::object::{Object, place_of};
use crate::part::part_of;
use crate::subsume::subsume;
use crate::told::Told;
use crate::touched::{Fate, Gathering, Touched};

/// What labels of restores begin with; the server makes them.
const RESTORE_ALL: &str = "restore revision ";
const RESTORE_PART: &str = "restore a part as of revision ";
const TAKE_BACK: &str = "take back changes of ";
const TAKE_BACK_SINCE: &str = " since revision ";

/// What `entry` did, told of a document in which it is not yet (`before`) and one in which it is.
///
/// Cost: that of the operation and of the widgets it touches, not of the dashboard.
pub fn events(before: &Document, after: &Document, entry: &LogEntry) -> Vec<Event> {
    let (client, origin) = origin_of(entry);
    let template = Event {
        revision: Some(entry.revision),
        index: 0,
        at_ms: entry.server_time_ms,
        actor: entry.author.clone(),
        client,
        origin,
        kind: entry.meta.kind,
        objects: Vec::new(),
        items: Vec::new(),
        objects_count: 0,
        doing: Doing::Policies,
        path: None,
        before: None,
        after: None,
    };
    let deriving = Deriving {
        template,
        both: Both { before, after },
        label: entry.meta.label.as_deref().unwrap_or_default(),
    };
    let mut events = match entry.meta.kind {
        // Corrections by the server are no news.
        Kind::Fixup => Vec::new(),
        Kind::Edit | Kind::Redo => deriving.edit(&entry.components),
        Kind::Undo => {
            // What was undone is what happens on the way back.
            let back = Both {
                before: after,
                after: before,
            };
            Deriving {
                both: back,
                ..deriving.clone()
            }
            .edit(&invert(&entry.components))
        }
        Kind::Import if entry.revision == 1 => deriving.begun(),
        Kind::Import => deriving.imported(&entry.components),
        Kind::Restore => deriving.restored(&entry.components),
    };
    events.extend(deriving.met(entry));
    for (index, event) in events.iter_mut().enumerate() {
        event.index = index;
    }
    events
}

/// Somebody changed the policies of a dashboard. That is not in its log.
pub fn policies_changed(document: &Document, actor: UserId, at_ms: u64) -> Event {
    outside(document, actor, at_ms, Doing::Policies)
}

/// Somebody came. That is not in the log.
pub fn joined(document: &Document, actor: UserId, at_ms: u64) -> Event {
    outside(document, actor, at_ms, Doing::Joined)
}

/// Somebody went. That is not in the log.
pub fn left(document: &Document, actor: UserId, at_ms: u64) -> Event {
    outside(document, actor, at_ms, Doing::Left)
}

fn outside(document: &Document, actor: UserId, at_ms: u64, doing: Doing) -> Event {
    Event {
        revision: None,
        index: 0,
        at_ms,
        actor,
        client: None,
        origin: Origin::Server,
        kind: Kind::Edit,
        objects: Object::of(document, ItemId::ROOT).into_iter().collect(),
        items: Vec::new(),
        objects_count: 1,
        doing,
        path: None,
        before: None,
        after: None,
    }
}

/// Where an operation came from: the server's own client carries what comes over REST.
fn origin_of(entry: &LogEntry) -> (Option<ClientId>, Origin) {
    if entry.id.client.as_str() != SERVER_CLIENT {
        return (Some(entry.id.client.clone()), Origin::Client);
    }
    let origin = match entry.meta.kind {
        Kind::Import => Origin::Import,
        Kind::Fixup => Origin::Server,
        Kind::Edit | Kind::Undo | Kind::Redo | Kind::Restore => Origin::Rest,
    };
    (None, origin)
}

#[derive(Clone)]
pub(crate) struct Deriving<'a> {
    pub(crate) template: Event,
    pub(crate) both: Both<'a>,
    pub(crate) label: &'a str,
}

impl Deriving<'_> {
    fn event(&self, objects: Vec<Object>, count: usize, doing: Doing) -> Event {
        Event {
            items: objects.iter().map(|object| object.item).collect(),
            objects,
            objects_count: count,
            doing,
            ..self.template.clone()
        }
    }

    fn dashboard(&self, doing: Doing) -> Vec<Event> {
        let root = Object::of(self.both.after, ItemId::ROOT);
        let root = root.into_iter().collect::<Vec<_>>();
        vec![self.event(root, 1, doing)]
    }

    fn begun(&self) -> Vec<Event> {
        let items = self.both.after.items();
        let widgets = items.filter(|(item, _)| {
            let object = Object::of(self.both.after, *item);
            object.is_some_and(|object| object.sort == crate::object::Sort::Widget)
        });
        self.dashboard(Doing::Begun {
            widgets: widgets.count(),
        })
    }

    fn imported(&self, components: &Components) -> Vec<Event> {
        let touched = Gathering::of(self.both, components);
        if touched.iter().all(is_idle) {
            return Vec::new();
        }
        let mut tally = Tally::default();
        for thing in touched
            .iter()
            .filter(|thing| thing.object.sort == crate::object::Sort::Widget && !is_idle(thing))
        {
            match thing.fate {
                Fate::Added | Fate::Restored => tally.added += 1,
                Fate::Deleted(_) => tally.deleted += 1,
                Fate::Stays => tally.changed += 1,
            }
        }
        self.dashboard(Doing::Imported(tally))
    }

    fn restored(&self, components: &Components) -> Vec<Event> {
        let touched = Gathering::of(self.both, components);
        if touched.iter().all(is_idle) {
            return Vec::new();
        }
        if let Some(to) = self.label.strip_prefix(RESTORE_ALL).and_then(number) {
            return self.dashboard(Doing::BackTo {
                revision: to,
                whole: true,
            });
        }
        if let Some(to) = self.label.strip_prefix(RESTORE_PART).and_then(number) {
            let objects: Vec<Object> = touched.into_iter().map(|thing| thing.object).collect();
            let doing = Doing::BackTo {
                revision: to,
                whole: false,
            };
            return vec![self.several(objects, doing)];
        }
        let taken_back = self.label.strip_prefix(TAKE_BACK).and_then(|rest| {
            let (author, since) = rest.rsplit_once(TAKE_BACK_SINCE)?;
            Some((UserId::try_from(author.to_owned()).ok()?, number(since)?))
        });
        match taken_back {
            Some((author, since)) => self.dashboard(Doing::TakenBack { author, since }),
            None => self.tell(touched),
        }
    }

    fn edit(&self, components: &Components) -> Vec<Event> {
        self.tell(Gathering::of(self.both, components))
    }

    /// Things to which the same was done come together.
    fn tell(&self, mut touched: Vec<Touched>) -> Vec<Event> {
        subsume(&mut touched, self.label);
        touched.retain(|thing| !is_idle(thing));
        let mut groups: Vec<Vec<(Touched, Told)>> = Vec::new();
        for thing in touched {
            let told = self.told(&thing);
            let group = groups.iter_mut().find(|group| {
                let first = group.first();
                first.is_some_and(|(known, first)| {
                    known.object.sort == thing.object.sort && is_alike(&first.doing, &told.doing)
                })
            });
            match group {
                Some(group) => group.push((thing, told)),
                None => groups.push(vec![(thing, told)]),
            }
        }
        groups
            .into_iter()
            .map(|things| self.group(things))
            .collect()
    }

    fn group(&self, things: Vec<(Touched, Told)>) -> Event {
        let count = things.len();
        let objects: Vec<Object> = things
            .iter()
            .map(|(thing, _)| thing.object.clone())
            .collect();
        let mut all = things.into_iter().map(|(_, told)| told);
        let first = all.next().expect("a group has one");
        if count == 1 {
            return Event {
                path: first.path,
                before: first.before,
                after: first.after,
                ..self.event(objects, 1, first.doing)
            };
        }
        let mut doing = first.doing;
        let differs = doing.verb() == Verb::Edited && !all.all(|other| other.doing == doing);
        if let Doing::Deleted { widgets } = &mut doing {
            *widgets = 0;
        }
        if differs || matches!(doing, Doing::Renamed { .. }) {
            doing = Doing::Parts(Vec::new());
        }
        self.several(objects, doing)
    }

    fn several(&self, mut objects: Vec<Object>, doing: Doing) -> Event {
        let count = objects.len();
        let items = objects.iter().map(|object| object.item).collect();
        objects.truncate(OBJECTS_NAMED_MAX);
        Event {
            items,
            ..self.event(objects, count, doing)
        }
    }

    /// What its author met that others did at the same time: one event for each thing.
    fn met(&self, entry: &LogEntry) -> Vec<Event> {
        let mut met: BTreeMap<ItemId, Event> = BTreeMap::new();
        for conflict in &entry.conflicts {
            let record = &conflict.record;
            let place = place_of(self.both.after, record.item)
                .or_else(|| place_of(self.both.before, record.item));
            let Some((object, above)) = place else {
                continue;
            };
            // A place in a list is nothing that people see.
            let on_path = |path: &coboard_protocol::ot::Path| {
                let keys = path.keys().map(|key| key.into_owned());
                let keys: Vec<String> = above.iter().cloned().chain(keys).collect();
                part_of(&object, &keys)
            };
            let part = record.path.as_ref().map(on_path);
            if matches!(part, Some(None)) || record.kind == ConflictKind::EditInReplaced {
                continue;
            }
            let doing = Doing::Met {
                kind: record.kind,
                winner: record.winner,
                part: part.flatten(),
            };
            let item = object.item;
            met.entry(item)
                .or_insert_with(|| self.event(vec![object], 1, doing));
        }
        met.into_values().collect()
    }
}

/// Whether two things were treated alike, so that one event tells both.
fn is_alike(one: &Doing, other: &Doing) -> bool {
    match (one.verb(), other.verb()) {
        (Verb::Edited, Verb::Edited) => true,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Whether nothing of it changed in the end.
fn is_idle(thing: &Touched) -> bool {
    thing.fate == Fate::Stays
        && thing.renamed.as_ref().is_none_or(|(from, to)| from == to)
        && thing.placed.is_none_or(|(from, to)| from == to)
        && thing.rows.is_none()
        && thing.folded.is_none()
        && thing.edits.is_empty()
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}
