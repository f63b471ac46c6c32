//! Items of a layout that refer to elements, and elements that are referred to.

use std::borrow::Borrow;
use std::collections::BTreeSet;

use coboard_ot::{
    Change, Components, Conflict, Document, Intent, Item, ItemChange, ItemId, Location, Path, Value,
};

use super::refused;
use crate::widget::{key, text};

/// Items of schema v2 that show an element. Source: Grafana, `dashboardv2`.
const REFERRING: [&str; 2] = ["GridLayoutItem", "AutoGridLayoutItem"];
/// Where the elements stand in the root: in a dashboard, and in one inside of a resource.
const ELEMENTS: [&str; 2] = ["/elements", "/spec/elements"];
/// The name that an item refers by, and the cells above it; `kind` says whether it is one.
const REFERENCE: [&str; 5] = ["", "/kind", "/spec", "/spec/element", "/spec/element/name"];

/// Finds what removes elements that are referred to, and what refers to none.
pub(super) fn broken(document: &Document, op: &Components, found: &mut Vec<Conflict>) {
    let removing: Vec<&Path> = op
        .cells()
        .filter(|(item, path, change)| *item == ItemId::ROOT && may_remove(path, change))
        .map(|(_, path, _)| path)
        .collect();
    let referring = may_refer(document, op);
    if removing.is_empty() && referring.is_empty() {
        return;
    }
    let mut after = document.clone();
    after.apply(op);
    let known = found.len();
    keep_elements(document, &after, op, &removing, found);
    // An element that stays is one to refer to, so references are looked at once no more stay.
    if found.len() == known {
        for item in referring {
            found.extend(dangling(document, &after, op, item));
        }
    }
}

/// Whether a change of a cell of the root may take an element away.
fn may_remove(path: &Path, change: &Change) -> bool {
    let Change::Set { new, .. } = change else {
        return false;
    };
    ELEMENTS.iter().any(|elements| {
        let below = elements.strip_prefix(path.as_str());
        let is_above = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_element = path.ancestors().next() == Some(elements);
        is_above || (is_element && new.is_none())
    })
}

/// Finds what takes away elements that are referred to by items which `op` leaves alone.
fn keep_elements(
    document: &Document,
    after: &Document,
    op: &Components,
    removing: &[&Path],
    found: &mut Vec<Conflict>,
) {
    let mut gone: BTreeSet<&str> = BTreeSet::new();
    if !removing.is_empty() {
        let names = elements(document).into_iter().flatten();
        gone.extend(names.filter(|name| !has_element(after, name)));
    }
    if gone.is_empty() {
        return;
    }
    let mut blamed: BTreeSet<&Path> = BTreeSet::new();
    for (id, item) in after.items() {
        let Some(name) = reference(item).filter(|name| gone.contains(name)) else {
            continue;
        };
        // A reference that is new with the operation is what has to go.
        if !after.is_reachable(id) || shown(document, id) != Some(name) {
            continue;
        }
        let takes = |path: &&&Path| {
            path.ancestors()
                .next()
                .is_none_or(|above| !ELEMENTS.contains(&above))
                || path.keys().last().is_some_and(|key| key == name)
        };
        blamed.extend(removing.iter().filter(takes));
    }
    for path in blamed {
        if let Some(Change::Set { old, new }) = op.cell(ItemId::ROOT, path) {
            let stays = Intent::of_value(old.clone());
            let wanted = Intent::of_value(new.clone());
            found.push(refused(ItemId::ROOT, Some(path), stays, wanted));
        }
    }
}

/// Items of which `op` may change what they refer to, or whether they are in the layout.
fn may_refer(document: &Document, op: &Components) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    for (item, path, _) in op.cells() {
        if item != ItemId::ROOT && REFERENCE.contains(&path.as_str()) {
            found.insert(item);
        }
    }
    for (item, change) in op.items() {
        let refers = match change {
            ItemChange::New { value, .. } => refers_to(value).is_some(),
            ItemChange::Move {
                new: Location::At(..),
                ..
            } => document.item(item).and_then(reference).is_some(),
            ItemChange::Move {
                new: Location::Trash,
                ..
            }
            | ItemChange::Purge => false,
        };
        if refers {
            found.insert(item);
        }
    }
    found
}

/// What gives the item a reference to nothing: its cells, or else what puts it into the layout.
fn dangling(document: &Document, after: &Document, op: &Components, item: ItemId) -> Vec<Conflict> {
    let Some(name) = shown(after, item) else {
        return Vec::new();
    };
    // Without elements at all it is no dashboard of this schema.
    let has_elements = elements(after).is_some() || elements(document).is_some();
    if !has_elements || has_element(after, name) || shown(document, item) == Some(name) {
        return Vec::new();
    }
    let renamed: Vec<Conflict> = REFERENCE
        .iter()
        .filter_map(|path| {
            let path = Path::parse(path)?;
            let (before, wanted) = match op.cell(item, &path)? {
                Change::Set { old, new } => {
                    (Intent::of_value(old.clone()), Intent::of_value(new.clone()))
                }
                Change::Text(delta) => (
                    Intent::of_value(document.value(item, path.as_str()).cloned()),
                    Intent::Text(delta.clone()),
                ),
                Change::Add(_) | Change::Ensure(_) => return None,
            };
            Some(refused(item, Some(&path), before, wanted))
        })
        .collect();
    if !renamed.is_empty() {
        return renamed;
    }
    let (before, wanted) = match op.item(item) {
        Some(ItemChange::New { location, .. }) => (Intent::Absent, location),
        Some(ItemChange::Move { old, new }) => (Intent::Location(old.clone()), new),
        // It is in a row that comes back.
        Some(ItemChange::Purge) | None => return Vec::new(),
    };
    let wanted = Intent::Location(wanted.clone());
    vec![refused(item, None, before, wanted)]
}

/// The name that an item in the layout refers to.
fn shown(document: &Document, item: ItemId) -> Option<&str> {
    let name = reference(document.item(item)?)?;
    document.is_reachable(item).then_some(name)
}

fn reference(item: &Item) -> Option<&str> {
    refers_to(&item.value)
}

fn refers_to(value: &Value) -> Option<&str> {
    let is_one = text(value, "kind").is_some_and(|kind| REFERRING.contains(&kind));
    if !is_one {
        return None;
    }
    text(key(key(value, "spec")?, "element")?, "name")
}

/// The names of the elements; `None` if there is no map of them.
fn elements(document: &Document) -> Option<impl Iterator<Item = &str>> {
    match map_of_elements(document)? {
        Value::Map(map) => Some(map.iter().map(|(name, _)| name.borrow())),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::List(_) => None,
    }
}

fn has_element(document: &Document, name: &str) -> bool {
    map_of_elements(document).is_some_and(|map| key(map, name).is_some())
}

fn map_of_elements(document: &Document) -> Option<&Value> {
    let found = ELEMENTS
        .iter()
        .filter_map(|path| document.value(ItemId::ROOT, path));
    found
        .into_iter()
        .find(|value| matches!(value, Value::Map(_)))
}
