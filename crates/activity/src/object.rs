//! What an item is to people, and to which of those things a change belongs.

use coboard_protocol::ot::{Document, ItemId, ListId, Value};

use crate::words::quoted;

/// Steps from an item up to the dashboard, at most: lists nest no deeper than that.
const STEPS_MAX: usize = 32;

/// What sort of thing it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sort {
    Dashboard,
    Widget,
    Row,
    Variable,
    Annotation,
    Link,
}

/// A thing that people call by a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Object {
    pub(crate) sort: Sort,
    pub(crate) item: ItemId,
    /// Its title; empty if it has none.
    pub(crate) title: String,
    /// What it is called without one: `gauge`.
    pub(crate) kind: String,
}

impl Object {
    /// The item in `document`, if it is a thing of its own. Items inside of one are not.
    pub(crate) fn of(document: &Document, item: ItemId) -> Option<Self> {
        let sort = sort_of(document, item)?;
        let text = |key: &str| match document.value(item, key) {
            Some(Value::Str(text)) => text.trim().to_owned(),
            Some(
                Value::Null
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Map(_)
                | Value::List(_),
            )
            | None => String::new(),
        };
        let title = match sort {
            Sort::Variable | Sort::Annotation => text("/name"),
            Sort::Dashboard | Sort::Widget | Sort::Row | Sort::Link => text("/title"),
        };
        Some(Self {
            sort,
            item,
            title,
            kind: text("/type"),
        })
    }

    /// How people call it: `“CPU”`, `the row “Servers”`, `the dashboard`.
    pub(crate) fn name(&self) -> String {
        let named = |word: &str| match self.title.as_str() {
            "" => format!("an untitled {word}"),
            title => format!("the {word} {}", quoted(title)),
        };
        match self.sort {
            Sort::Dashboard => "the dashboard".to_owned(),
            Sort::Widget if self.title.is_empty() => {
                format!("an untitled {}", crate::words::type_word(&self.kind))
            }
            Sort::Widget => quoted(&self.title),
            Sort::Row => named("row"),
            Sort::Variable => named("variable"),
            Sort::Annotation => named("annotation"),
            Sort::Link => named("link"),
        }
    }

    /// Address of the cell that holds its title.
    pub(crate) fn title_address(&self) -> String {
        let key = match self.sort {
            Sort::Variable | Sort::Annotation => "name",
            Sort::Dashboard | Sort::Widget | Sort::Row | Sort::Link => "title",
        };
        format!("@{}/{key}", self.item)
    }

    /// What several of them are called.
    pub(crate) fn plural(&self) -> &'static str {
        match self.sort {
            Sort::Dashboard => "dashboards",
            Sort::Widget => "widgets",
            Sort::Row => "rows",
            Sort::Variable => "variables",
            Sort::Annotation => "annotations",
            Sort::Link => "links",
        }
    }
}

/// The thing that an item belongs to, and the keys from there to the item; an element of a list is `*`.
/// `None` if it cannot be reached.
pub(crate) fn place_of(document: &Document, item: ItemId) -> Option<(Object, Vec<String>)> {
    let mut keys: Vec<String> = Vec::new();
    let mut item = item;
    for _ in 0..STEPS_MAX {
        if let Some(object) = Object::of(document, item) {
            return document.is_reachable(item).then_some((object, keys));
        }
        let list = document.list_of(item)?;
        let holder = document.holder(list)?;
        let mut above = keys_of(document, holder, list)?;
        above.push("*".to_owned());
        above.append(&mut keys);
        keys = above;
        item = holder;
    }
    None
}

/// The keys at which the value of `holder` holds `list`.
pub(crate) fn keys_of(document: &Document, holder: ItemId, list: ListId) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    find(&document.item(holder)?.value, list, &mut keys).then_some(keys)
}

fn find(value: &Value, list: ListId, keys: &mut Vec<String>) -> bool {
    match value {
        Value::List(found) => *found == list,
        Value::Map(map) => map.iter().any(|(key, value)| {
            keys.push(key.to_string());
            let is_there = find(value, list, keys);
            if !is_there {
                keys.pop();
            }
            is_there
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => false,
    }
}

fn sort_of(document: &Document, item: ItemId) -> Option<Sort> {
    if item == ItemId::ROOT {
        return Some(Sort::Dashboard);
    }
    let value = &document.item(item)?.value;
    let Value::Map(_) = value else {
        return None;
    };
    let list = document.list_of(item)?;
    let holder = document.holder(list)?;
    let keys = keys_of(document, holder, list)?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match keys.as_slice() {
        ["panels"] if is_row(document, item) => Some(Sort::Row),
        ["panels"] if holder == ItemId::ROOT || is_row(document, holder) => Some(Sort::Widget),
        ["templating", "list"] if holder == ItemId::ROOT => Some(Sort::Variable),
        ["annotations", "list"] if holder == ItemId::ROOT => Some(Sort::Annotation),
        ["links"] if holder == ItemId::ROOT => Some(Sort::Link),
        _ => None,
    }
}

/// Whether the item is a row header.
pub(crate) fn is_row(document: &Document, item: ItemId) -> bool {
    matches!(document.value(item, "/type"), Some(Value::Str(kind)) if &**kind == "row")
}
