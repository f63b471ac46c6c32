//! What one operation did, thing by thing, before it is put into events.

use std::collections::BTreeMap;

use coboard_protocol::ot::{
    Change, Components, Document, ItemChange, ItemId, ListId, Location, Value,
};
use serde_json::Value as Json;

use crate::event::Rect;
use crate::leaves::{Both, Leaf};
use crate::object::{Object, is_row, keys_of, place_of};
use crate::part::{Part, part_of};

/// Widgets of a list that are looked through for row headers. A guess: far more than people use.
const ROWS_SEARCHED_MAX: usize = 1_000;

/// What was done to one thing.
#[derive(Debug)]
pub(crate) struct Touched {
    pub(crate) object: Object,
    pub(crate) fate: Fate,
    /// Its title before and after, if that changed.
    pub(crate) renamed: Option<(String, String)>,
    /// Its place before and after, if that changed.
    pub(crate) placed: Option<(Rect, Rect)>,
    /// The rows that it was in before and after, if those differ.
    pub(crate) rows: Option<(Option<Object>, Option<Object>)>,
    pub(crate) folded: Option<bool>,
    pub(crate) edits: Vec<Edit>,
}

/// What became of a thing as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It was there and still is.
    Stays,
    Added,
    /// With so many widgets in it.
    Deleted(usize),
    Restored,
}

/// A change of a part of a thing.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) part: Part,
    pub(crate) address: String,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    Set {
        key: String,
        before: Option<Json>,
        after: Option<Json>,
    },
    Wrote,
    ElementAdded(Option<String>),
    ElementRemoved(Option<String>),
    Reordered,
}

/// Gathers what `components` did between two documents.
pub(crate) struct Gathering<'a> {
    pub(crate) both: Both<'a>,
    things: BTreeMap<ItemId, Touched>,
}

impl<'a> Gathering<'a> {
    pub(crate) fn of(both: Both<'a>, components: &Components) -> Vec<Touched> {
        let mut gathering = Self {
            both,
            things: BTreeMap::new(),
        };
        for (item, change) in components.items() {
            gathering.item(item, change);
        }
        for (item, path, change) in components.cells() {
            let keys = path.keys().map(|key| key.into_owned()).collect();
            gathering.cell(item, keys, change);
        }
        gathering.finish()
    }

    /// What was done to a thing as a whole; `None` as long as nothing was.
    fn thing(&mut self, object: Object) -> &mut Touched {
        self.things.entry(object.item).or_insert_with(|| Touched {
            object,
            fate: Fate::Stays,
            renamed: None,
            placed: None,
            rows: None,
            folded: None,
            edits: Vec::new(),
        })
    }

    fn item(&mut self, item: ItemId, change: &ItemChange) {
        let Both { before, after } = self.both;
        let was = place_of(before, item);
        let is = place_of(after, item);
        match (change, was, is) {
            (ItemChange::Purge, ..) | (_, None, None) => {}
            (ItemChange::New { location, .. }, _, Some((object, keys))) => {
                self.came(location, object, &keys, item, Fate::Added);
            }
            (ItemChange::Move { new, .. }, None, Some((object, keys))) => {
                self.came(new, object, &keys, item, Fate::Restored);
            }
            (_, Some((object, keys)), None) if keys.is_empty() => {
                let widgets = widgets_in(before, item);
                self.thing(object).fate = Fate::Deleted(widgets);
            }
            (_, Some((object, keys)), None) => {
                let name = name_of(before, item);
                self.element(object, &keys, What::ElementRemoved(name));
            }
            (ItemChange::Move { old, new }, Some((_, from)), Some((object, keys))) => {
                self.moved((old, new), object, &from, &keys);
            }
        }
    }

    /// Something came into a list.
    fn came(&mut self, to: &Location, object: Object, keys: &[String], item: ItemId, fate: Fate) {
        let Location::At(list, _) = to else {
            return;
        };
        // Where the list is new as well, whoever made that has brought it along.
        let holder = self.both.before.holder(*list);
        if holder.is_none_or(|holder| !self.both.before.is_reachable(holder)) {
            return;
        }
        if keys.is_empty() {
            self.thing(object).fate = fate;
        } else {
            let name = name_of(self.both.after, item);
            self.element(object, keys, What::ElementAdded(name));
        }
    }

    fn element(&mut self, object: Object, keys: &[String], what: What) {
        // The last key stands for the element itself.
        let list = keys.strip_suffix(&["*".to_owned()]).unwrap_or(keys);
        let Some(part) = part_of(&object, list) else {
            return;
        };
        let address = address(object.item, list);
        self.thing(object).edits.push(Edit {
            part,
            address,
            what,
        });
    }

    fn moved(
        &mut self,
        (old, new): (&Location, &Location),
        object: Object,
        from: &[String],
        keys: &[String],
    ) {
        let (Some(old), Some(new)) = (list_of(old), list_of(new)) else {
            return;
        };
        if !keys.is_empty() || !from.is_empty() {
            if old == new && !self.order_changed(new) {
                return;
            }
            return self.element(object, keys, What::Reordered);
        }
        let Both { before, after } = self.both;
        let row = |document: &Document, list: ListId| {
            let holder = document.holder(list)?;
            is_row(document, holder).then(|| Object::of(document, holder))?
        };
        // The order of widgets in their list is nothing that people see.
        if old != new {
            let rows = (row(before, old), row(after, new));
            self.thing(object).rows = Some(rows);
        } else if !is_widget(&object) && self.order_changed(new) {
            let root = Object::of(after, ItemId::ROOT);
            let holder = after
                .holder(new)
                .and_then(|holder| keys_of(after, holder, new));
            if let (Some(root), Some(mut list)) = (root, holder) {
                list.push("*".to_owned());
                self.element(root, &list, What::Reordered);
            }
        }
    }

    /// Whether the elements that a list had before and still has stand in another order.
    fn order_changed(&self, list: ListId) -> bool {
        let ids = |document: &Document| -> Vec<ItemId> {
            document.list(list).map(|(_, item)| item).collect()
        };
        let (before, after) = (ids(self.both.before), ids(self.both.after));
        before != after
    }

    fn cell(&mut self, item: ItemId, keys: Vec<String>, change: &Change) {
        let Both { before, after } = self.both;
        // What happens inside something that is gone, nobody sees; what was just made says it all.
        let Some((object, above)) = place_of(after, item) else {
            return;
        };
        if place_of(before, item).is_none() {
            return;
        }
        match change {
            Change::Ensure(_) => {}
            Change::Add(_) | Change::Set { .. } => {
                let pointer = pointer(&keys);
                let (old, new) = (before.value(item, &pointer), after.value(item, &pointer));
                for Leaf {
                    keys,
                    before,
                    after,
                } in self.both.leaves(keys, old, new)
                {
                    self.set(item, &object, &above, keys, before, after);
                }
            }
            Change::Text(_) => {
                let pointer = pointer(&keys);
                let text = |document: &Document| match document.value(item, &pointer) {
                    Some(Value::Str(text)) => Some(Json::String(text.to_string())),
                    Some(
                        Value::Null
                        | Value::Bool(_)
                        | Value::Int(_)
                        | Value::Float(_)
                        | Value::Map(_)
                        | Value::List(_),
                    )
                    | None => None,
                };
                let (old, new) = (text(before), text(after));
                if old != new {
                    self.set(item, &object, &above, keys, old, new);
                }
            }
        }
    }

    /// One cell of a thing differs.
    fn set(
        &mut self,
        item: ItemId,
        object: &Object,
        above: &[String],
        keys: Vec<String>,
        before: Option<Json>,
        after: Option<Json>,
    ) {
        let address = address(item, &keys);
        let last = keys.last().cloned().unwrap_or_default();
        let whole: Vec<String> = above.iter().cloned().chain(keys).collect();
        let Some(part) = part_of(object, &whole) else {
            return;
        };
        let both = self.both;
        let thing = self.thing(object.clone());
        match part.id {
            "title" => {
                let text = |value: &Option<Json>| {
                    let text = value.as_ref().and_then(Json::as_str);
                    text.unwrap_or_default().to_owned()
                };
                thing.renamed = Some((text(&before), text(&after)));
            }
            "place" => {
                let rect = |document| rect_of(document, item);
                thing.placed = rect(both.before).zip(rect(both.after));
            }
            _ if whole == ["collapsed"] => thing.folded = after.and_then(|on| on.as_bool()),
            _ => {
                let long =
                    |value: &Option<Json>| value.as_ref().is_none_or(|value| value.is_string());
                let is_text = part.shown == crate::part::Shown::Not
                    && matches!(part.id, "query" | "text" | "description" | "style" | "data")
                    && long(&before)
                    && long(&after);
                let what = if is_text {
                    What::Wrote
                } else {
                    What::Set {
                        key: last,
                        before,
                        after,
                    }
                };
                thing.edits.push(Edit {
                    part,
                    address,
                    what,
                });
            }
        }
    }

    fn finish(mut self) -> Vec<Touched> {
        let Both { before, after } = self.both;
        for thing in self.things.values_mut() {
            let item = thing.object.item;
            if thing.fate != Fate::Stays || !is_widget(&thing.object) {
                continue;
            }
            if let (None, Some((from, to))) = (&thing.rows, thing.placed) {
                let row = |document, rect: Rect| {
                    let list = Document::list_of(document, item)?;
                    row_above(document, list, rect.y)
                };
                let rows = (row(before, from), row(after, to));
                let ids = |row: &Option<Object>| row.as_ref().map(|row| row.item);
                if thing.object.sort != crate::object::Sort::Row && ids(&rows.0) != ids(&rows.1) {
                    thing.rows = Some(rows);
                }
            }
        }
        self.things.into_values().collect()
    }
}

fn is_widget(object: &Object) -> bool {
    use crate::object::Sort;
    match object.sort {
        Sort::Widget | Sort::Row => true,
        Sort::Dashboard | Sort::Variable | Sort::Annotation | Sort::Link => false,
    }
}

fn list_of(location: &Location) -> Option<ListId> {
    match location {
        Location::At(list, _) => Some(*list),
        Location::Trash => None,
    }
}

/// The row header that a place in an open grid is below of.
fn row_above(document: &Document, list: ListId, y: i64) -> Option<Object> {
    let headers = document
        .list(list)
        .take(ROWS_SEARCHED_MAX)
        .filter(|(_, item)| is_row(document, *item));
    let above = headers.filter_map(|(_, item)| {
        let top = number(document.value(item, "/gridPos/y"))?;
        (top <= y).then_some((top, item))
    });
    let (_, item) = above.max()?;
    let open = !matches!(document.value(item, "/collapsed"), Some(Value::Bool(true)));
    open.then(|| Object::of(document, item))?
}

/// How many widgets a row holds.
fn widgets_in(document: &Document, item: ItemId) -> usize {
    match document.value(item, "/panels") {
        Some(Value::List(list)) if is_row(document, item) => document.list(*list).count(),
        _ => 0,
    }
}

/// What an element of a list is called: a word by itself, or what it says of itself.
fn name_of(document: &Document, item: ItemId) -> Option<String> {
    let text = |pointer| match document.value(item, pointer) {
        Some(Value::Str(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    text("")
        .or_else(|| text("/title"))
        .or_else(|| text("/name"))
}

fn rect_of(document: &Document, item: ItemId) -> Option<Rect> {
    let side = |pointer| number(document.value(item, pointer));
    Some(Rect {
        x: side("/gridPos/x").unwrap_or(0),
        y: side("/gridPos/y").unwrap_or(0),
        w: side("/gridPos/w")?,
        h: side("/gridPos/h")?,
    })
}

fn number(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Int(number) => Some(*number),
        Value::Float(number) => Some(*number as i64),
        Value::Null | Value::Bool(_) | Value::Str(_) | Value::Map(_) | Value::List(_) => None,
    }
}

fn pointer(keys: &[String]) -> String {
    coboard_protocol::ot::Path::of(keys.iter().map(String::as_str))
        .as_str()
        .to_owned()
}

fn address(item: ItemId, keys: &[String]) -> String {
    format!("@{item}{}", pointer(keys))
}
