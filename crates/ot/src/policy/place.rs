//! Where a cell is, as people see it: from the root, through lists, to its key.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::contest::Deleted;
use crate::document::{Document, LIST_DEPTH_MAX};
use crate::id::{ItemId, ListId};
use crate::path::{self, Path};
use crate::value::Value;

/// One key of a visible path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step<'a> {
    /// A key of an object.
    Key(Cow<'a, str>),
    /// A place in an array, whichever.
    Place,
}

/// Finds visible paths in one document, and remembers where lists stand.
pub(super) struct Places<'a> {
    document: &'a Document,
    /// Items in the trash that stood in a list a moment ago: their path is the one they had.
    deleted: &'a BTreeMap<ItemId, Deleted>,
    /// Holder of a list and its path there.
    lists: BTreeMap<ListId, Option<(ItemId, Path)>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(document: &'a Document, deleted: &'a BTreeMap<ItemId, Deleted>) -> Self {
        Self {
            document,
            deleted,
            lists: BTreeMap::new(),
        }
    }

    /// The paths that lead from the root to a cell, one within each item on the way, outermost
    /// first. `None` if the root does not reach it.
    ///
    /// Cost: O(depth · log items), and once for each list on the way the size of its holder's value.
    pub(super) fn ways(&mut self, item: ItemId, path: &Path) -> Option<Vec<Path>> {
        let mut ways = vec![path.clone()];
        let mut at = item;
        for _ in 0..=LIST_DEPTH_MAX {
            if at == ItemId::ROOT {
                ways.reverse();
                return Some(ways);
            }
            let list = match self.document.list_of(at) {
                Some(list) => list,
                None => self.deleted.get(&at)?.list,
            };
            let (holder, way) = self.held(list)?;
            ways.push(way);
            at = holder;
        }
        None
    }

    fn held(&mut self, list: ListId) -> Option<(ItemId, Path)> {
        let document = self.document;
        let find = || {
            let holder = document.holder(list)?;
            let mut keys = Vec::new();
            find(&document.item(holder)?.value, list, &mut keys).then(|| (holder, Path::of(keys)))
        };
        self.lists.entry(list).or_insert_with(find).clone()
    }
}

/// The steps of a path that leads through several items.
pub(super) fn steps(ways: &[Path]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for (place, way) in ways.iter().enumerate() {
        if place > 0 {
            steps.push(Step::Place);
        }
        steps.extend(path::keys(way.as_str()).map(Step::Key));
    }
    steps
}

/// Leaves in `keys` the way to `list` within `value`. False if it is not there.
fn find<'a>(value: &'a Value, list: ListId, keys: &mut Vec<&'a str>) -> bool {
    match value {
        Value::List(found) => *found == list,
        Value::Map(map) => map.iter().any(|(key, value)| {
            keys.push(key);
            let found = find(value, list, keys);
            if !found {
                keys.pop();
            }
            found
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Json;

    #[test]
    fn a_path_leads_through_lists_to_the_cell() {
        let map = |key: &str, value| Json::Map(vec![(key.into(), value)]);
        let inner = Json::List(vec![Json::Null, map("x", Json::Int(1))]);
        let document =
            Document::import(&map("a~b", map("rows", Json::List(vec![map("in", inner)]))));
        let (deleted, x) = (BTreeMap::new(), Path::of(["x"]));
        let mut places = Places::new(&document, &deleted);
        let (last, _) = document.items().last().expect("there are items");
        let ways = places.ways(last, &x).expect("it is reachable");
        let expected = ["a~b", "rows", "#", "in", "#", "x"].map(|key| match key {
            "#" => Step::Place,
            key => Step::Key(key.into()),
        });
        assert_eq!(steps(&ways), expected);
        let root = places
            .ways(ItemId::ROOT, &Path::whole())
            .expect("it is there");
        assert_eq!(steps(&root), []);
        assert_eq!(places.ways(ItemId::from(99), &x), None);
    }
}
