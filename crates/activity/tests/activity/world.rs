//! A dashboard whose changes are committed and told.

use coboard_activity::{Event, Feed, Names, events};
use coboard_adapters::json_patch;
use coboard_layout::settle;
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use coboard_protocol::message::ActivityEntry;
use coboard_protocol::ot::{
    Change, Components, Conflict, Delta, Document, ItemChange, ItemId, Path, commit, compose, diff,
    invert,
};
use coboard_protocol::{self as protocol, ClientId, Kind, LogEntry, Meta, OperationId, UserId};
use serde_json::{Value as Json, json};

/// One thing that is done to the dashboard.
pub(crate) enum Act {
    /// A JSON Patch; `{CPU}` in a path stands for the place of that widget.
    Patch(Json),
    /// A text is written at the end of a cell, as typing does it.
    Type(&'static str, &'static str),
    /// A deleted widget comes back.
    BringBack(&'static str),
    /// A cell is written as a whole, whatever it holds.
    Write(&'static str, Json),
    /// The last change of the same person is undone.
    Undo,
    /// What was undone is done again.
    Redo,
    /// A whole version is brought in.
    Import(Json),
    /// The dashboard goes back to a revision; the label is the server's.
    Restore(&'static str, Json),
    /// What comes to nothing: a container is ensured.
    Ensure(&'static str, &'static str),
    /// A correction by the server.
    Fixup(Json),
    /// Components that met others.
    Meeting(Json, fn(&Document) -> Conflict),
}

pub(crate) struct World {
    pub(crate) document: Document,
    log: Vec<LogEntry>,
    revision: u64,
    counter: u32,
    pub(crate) feed: Feed,
    pub(crate) events: Vec<Event>,
}

/// Who everybody is.
pub(crate) struct People;

impl Names for People {
    fn name(&self, user: &UserId) -> String {
        let name = user.as_str();
        name[..1].to_uppercase() + &name[1..]
    }

    fn device(&self, client: &ClientId) -> Option<String> {
        Some(format!("device of {client}"))
    }
}

impl World {
    pub(crate) fn new(content: &Json) -> Self {
        Self {
            document: Document::import(&plain_from_json(content).expect("it is plain")),
            log: Vec::new(),
            revision: 10,
            counter: 0,
            feed: Feed::new(),
            events: Vec::new(),
        }
    }

    /// What is told by now, the oldest first.
    pub(crate) fn told(&self) -> Vec<ActivityEntry> {
        let entries = self.feed.entries().filter(|entry| !entry.is_void());
        entries.map(|entry| entry.tell(&People)).collect()
    }

    pub(crate) fn sentences(&self) -> Vec<String> {
        let told = self.told();
        told.iter()
            .map(|entry| format!("{} {}", entry.name, entry.text))
            .collect()
    }

    /// The place of a widget, of all lists, as pointer text.
    fn place(&self, title: &str) -> String {
        let content = plain_to_json(&self.document.export());
        let panels = content["panels"].as_array().expect("there are widgets");
        for (index, panel) in panels.iter().enumerate() {
            if panel["title"] == title {
                return format!("panels/{index}");
            }
            let inner = panel["panels"].as_array().into_iter().flatten().enumerate();
            for (within, panel) in inner {
                if panel["title"] == title {
                    return format!("panels/{index}/panels/{within}");
                }
            }
        }
        panic!("no widget is called {title}");
    }

    fn placed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        while let Some(start) = text.find('{') {
            let end = start + text[start..].find('}').expect("the name ends");
            let place = self.place(&text[start + 1..end]);
            text.replace_range(start..=end, &place);
        }
        text
    }

    /// The patch as one operation; each of its steps finds widgets where the ones before left them.
    pub(crate) fn patch(&mut self, patch: &Json) -> Components {
        let start = self.document.clone();
        let mut all = Components::new();
        for step in patch.as_array().expect("a list") {
            let made = self.step(step.clone());
            self.document.apply(&made);
            all = compose(all, &made);
        }
        self.document = start;
        all
    }

    fn step(&mut self, mut step: Json) -> Components {
        for key in ["path", "from"] {
            if let Some(Json::String(text)) = step.get(key) {
                step[key] = json!(self.placed(text));
            }
        }
        if step["op"] == "move" {
            // What is moved is taken out first: a list that it stood in front of moves up.
            let top = |key: &str| {
                let index = step[key].as_str()?.split('/').nth(2)?;
                index.parse::<usize>().ok()
            };
            let path = step["path"].as_str().unwrap_or_default().to_owned();
            if let (Some(from), Some(to)) = (top("from"), top("path"))
                && from < to
                && path.starts_with("/panels")
            {
                step["path"] = json!(path.replacen(&format!("/{to}"), &format!("/{}", to - 1), 1));
            }
        }
        let counter = &mut self.counter;
        let mut next = || {
            *counter += 1;
            ItemId::new(9, *counter).as_u64()
        };
        json_patch(&self.document, &json!([step]), &mut next).expect("it applies")
    }

    /// The item behind a pointer such as `/{CPU}`.
    pub(crate) fn item(&self, title: &str) -> ItemId {
        let found = self.document.items().find(|(_, item)| {
            matches!(item.value.at("/title"), Some(coboard_protocol::ot::Value::Str(text)) if &**text == title)
        });
        found.expect("there is such a widget").0
    }

    pub(crate) fn act(&mut self, who: &str, at_s: u64, label: &str, act: &Act) {
        let meta = |kind| Meta {
            kind,
            ..Meta::edit(label)
        };
        let (components, meta, conflicts) = match act {
            Act::Patch(patch) => (self.patch(patch), meta(Kind::Edit), Vec::new()),
            Act::Type(path, text) => (self.typed(path, text), meta(Kind::Edit), Vec::new()),
            Act::Write(path, value) => (self.written(path, value), meta(Kind::Edit), Vec::new()),
            Act::BringBack(title) => (self.brought(title), meta(Kind::Edit), Vec::new()),
            Act::Undo | Act::Redo => {
                let mine = self
                    .log
                    .iter()
                    .rev()
                    .find(|entry| entry.author.as_str() == who);
                let back = invert(&mine.expect("something was done").components);
                let kind = if matches!(act, Act::Undo) {
                    Kind::Undo
                } else {
                    Kind::Redo
                };
                (back, meta(kind), Vec::new())
            }
            Act::Import(content) => {
                let plain = plain_from_json(content).expect("it is plain");
                let counter = &mut self.counter;
                let mut next = || {
                    *counter += 1;
                    ItemId::new(9, *counter).as_u64()
                };
                let made = diff(
                    &self.document,
                    ItemId::ROOT,
                    &Path::whole(),
                    &plain,
                    &mut next,
                );
                (made, meta(Kind::Import), Vec::new())
            }
            Act::Restore(server_label, patch) => {
                let meta = Meta {
                    kind: Kind::Restore,
                    ..Meta::edit(server_label)
                };
                (self.patch(patch), meta, Vec::new())
            }
            Act::Ensure(title, path) => {
                let path = Path::parse(path).expect("it is a pointer");
                let change = Change::Ensure(coboard_protocol::ot::Container::Map);
                let made = Components::of_cell(self.item(title), path, change);
                (made, meta(Kind::Edit), Vec::new())
            }
            Act::Fixup(patch) => (self.patch(patch), meta(Kind::Fixup), Vec::new()),
            Act::Meeting(patch, conflict) => {
                let record = conflict(&self.document);
                let met = protocol::Conflict {
                    record,
                    policy: None,
                    operations: None,
                };
                (self.patch(patch), meta(Kind::Edit), vec![met])
            }
        };
        self.commit(who, at_s, components, meta, conflicts);
    }

    fn commit(
        &mut self,
        who: &str,
        at_s: u64,
        components: Components,
        meta: Meta,
        conflicts: Vec<protocol::Conflict>,
    ) {
        let made = commit(&self.document, components).components;
        let corrections = settle(&self.document, &made);
        let corrected = compose(made, &corrections);
        let components = commit(&self.document, corrected).components;
        self.revision += 1;
        let server = matches!(meta.kind, Kind::Restore | Kind::Import | Kind::Fixup);
        let client = if server {
            "server".to_owned()
        } else {
            format!("tab-of-{who}")
        };
        let entry = LogEntry {
            id: OperationId {
                client: ClientId::try_from(client).expect("it is an identifier"),
                sequence: self.revision,
            },
            revision: self.revision,
            components,
            meta,
            author: UserId::try_from(who.to_owned()).expect("it is an identifier"),
            server_time_ms: 1_000_000 + at_s * 1_000,
            conflicts,
        };
        let mut after = self.document.clone();
        after.apply(&entry.components);
        for event in events(&self.document, &after, &entry) {
            self.events.push(event.clone());
            self.feed.fold(event);
        }
        self.document = after;
        self.log.push(entry);
    }

    fn written(&mut self, path: &str, value: &Json) -> Components {
        let (item, keys) = self.cell(&self.placed(path));
        let plain = plain_from_json(value).expect("it is plain");
        let counter = &mut self.counter;
        let mut next = || {
            *counter += 1;
            ItemId::new(9, *counter).as_u64()
        };
        let (value, planted) = coboard_protocol::ot::plant(&plain, &mut next);
        let change = Change::Set {
            old: None,
            new: Some(value),
        };
        let items = planted.into_iter().map(|(id, item)| {
            let (value, location) = (item.value, item.location);
            (id, ItemChange::New { value, location })
        });
        let path = Path::of(keys.iter().map(String::as_str));
        Components::from_parts([(item, path, change)], items).expect("it is in normal form")
    }

    fn typed(&self, path: &str, text: &str) -> Components {
        let full = self.placed(path);
        let (item, keys) = self.cell(&full);
        let pointer = Path::of(keys.iter().map(String::as_str));
        let value = self.document.value(item, pointer.as_str());
        let Some(coboard_protocol::ot::Value::Str(before)) = value else {
            panic!("{path} is no text");
        };
        let delta = Delta::between(before, &format!("{}{text}", &**before));
        Components::of_cell(item, pointer, Change::Text(delta))
    }

    /// The item and the keys within it that a pointer into the export leads to.
    fn cell(&self, pointer: &str) -> (ItemId, Vec<String>) {
        let (mut item, mut keys) = (ItemId::ROOT, Vec::new());
        for key in pointer.split('/').filter(|key| !key.is_empty()) {
            let here = Path::of(keys.iter().map(String::as_str));
            match self.document.value(item, here.as_str()) {
                Some(coboard_protocol::ot::Value::List(list)) => {
                    let index: usize = key.parse().expect("a place in a list");
                    let mut list = self.document.list(*list);
                    item = list.nth(index).expect("there is such an element").1;
                    keys.clear();
                }
                _ => keys.push(key.to_owned()),
            }
        }
        (item, keys)
    }

    fn brought(&self, title: &str) -> Components {
        let item = self.item(title);
        let list = match self.document.value(ItemId::ROOT, "/panels") {
            Some(coboard_protocol::ot::Value::List(list)) => *list,
            _ => panic!("there are widgets"),
        };
        let last = self.document.list(list).last().map(|(key, _)| key.clone());
        let key = coboard_protocol::ot::OrderKey::between(last.as_ref(), None, (9, 1));
        let location = coboard_protocol::ot::Location::At(list, key);
        Components::of_item(
            item,
            ItemChange::Move {
                old: coboard_protocol::ot::Location::Trash,
                new: location,
            },
        )
    }
}
