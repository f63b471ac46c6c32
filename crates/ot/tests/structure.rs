//! Commit keeps the items a tree, and drops nothing that does not have to go.

use coboard_ot::{
    Change, Committed, Components, Conflict, ConflictKind, Document, Item, ItemChange, ItemId,
    Json, LIST_DEPTH_MAX, ListId, Location, Map, OrderKey, Path, Value, commit,
};
use std::sync::Arc;

const TOP: u64 = 1_000;

fn at(list: u64) -> Location {
    Location::At(ListId::from(list), OrderKey::parse("a0").expect("legal"))
}

fn holding(lists: &[(&str, u64)]) -> Value {
    let entries = lists
        .iter()
        .map(|(key, list)| ((*key).into(), Value::List(ListId::from(*list))));
    Value::Map(Arc::new(entries.collect::<Map>()))
}

fn item(value: Value, location: Location) -> Item {
    Item { value, location }
}

/// The root holds the list `TOP`; then the given items, each holding the list of its number plus 100.
fn document(items: &[(u64, Location)]) -> Document {
    let root = item(holding(&[("l", TOP)]), Location::Trash);
    let others = items.iter().map(|(id, location)| {
        let value = holding(&[("l", id + 100)]);
        (ItemId::from(*id), item(value, location.clone()))
    });
    Document::from_items(std::iter::once((ItemId::ROOT, root)).chain(others))
}

/// Item 1 in the top list, 2 in the list of 1, and so on; each holds a list.
fn chain(length: u64) -> Document {
    let items: Vec<_> = (1..=length)
        .map(|id| (id, at(if id == 1 { TOP } else { id + 99 })))
        .collect();
    document(&items)
}

fn new(value: Value, location: Location) -> ItemChange {
    ItemChange::New { value, location }
}

fn moved(new: Location) -> ItemChange {
    ItemChange::Move {
        old: Location::Trash,
        new,
    }
}

fn set(item: u64, key: &str, new: Value) -> (ItemId, Path, Change) {
    let change = Change::Set {
        old: None,
        new: Some(new),
    };
    (ItemId::from(item), Path::of([key]), change)
}

fn committed(
    document: &Document,
    cells: Vec<(ItemId, Path, Change)>,
    items: Vec<(u64, ItemChange)>,
) -> Committed {
    let items = items
        .into_iter()
        .map(|(id, change)| (ItemId::from(id), change));
    commit(
        document,
        Components::from_parts(cells, items).expect("normal form"),
    )
}

/// The numbers of the items that were kept.
fn kept(committed: &Committed) -> Vec<u64> {
    committed
        .components
        .items()
        .map(|(id, _)| id.as_u64())
        .collect()
}

fn of_kind(conflicts: &[Conflict], kind: ConflictKind) -> Vec<u64> {
    let found = conflicts.iter().filter(|conflict| conflict.kind == kind);
    found.map(|conflict| conflict.item.as_u64()).collect()
}

#[test]
fn the_inner_of_two_goes_out_and_the_outer_into_it() {
    let document = document(&[(1, at(TOP)), (2, at(101))]);
    let out = committed(
        &document,
        Vec::new(),
        vec![(1, moved(at(102))), (2, moved(at(TOP)))],
    );
    assert_eq!(kept(&out), [1, 2]);
    assert_eq!(out.conflicts, []);
}

#[test]
fn of_a_circle_only_what_closes_it_is_dropped() {
    let document = document(&[(1, at(TOP)), (2, at(TOP)), (3, at(TOP)), (4, at(TOP))]);
    let out = committed(
        &document,
        vec![
            set(4, "m", holding(&[("x", 201)])),
            set(4, "n", holding(&[("x", 201)])),
            set(4, "o", Value::Int(1)),
        ],
        vec![
            (1, moved(at(102))),
            (2, moved(at(101))),
            (3, moved(at(104))),
            (9, new(holding(&[("l", 109)]), at(TOP))),
        ],
    );
    assert_eq!(kept(&out), [1, 3, 9]);
    let cells: Vec<&str> = out
        .components
        .cells()
        .map(|(_, path, _)| path.as_str())
        .collect();
    assert_eq!(cells, ["/m", "/o"]);
    assert_eq!(of_kind(&out.conflicts, ConflictKind::Cycle), [2, 4]);
}

#[test]
fn what_a_set_takes_out_is_free_for_an_item_beside_a_circle() {
    let document = document(&[(1, at(TOP)), (2, at(TOP)), (3, at(TOP))]);
    let out = committed(
        &document,
        vec![set(3, "l", Value::Int(0))],
        vec![
            (1, moved(at(102))),
            (2, moved(at(101))),
            (9, new(holding(&[("l", 103)]), at(TOP))),
        ],
    );
    assert_eq!(kept(&out), [1, 9]);
}

#[test]
fn lists_nest_as_deep_as_the_limit_and_no_deeper() {
    let max = LIST_DEPTH_MAX as u64;
    let scalar = || new(Value::Int(0), at(max - 1 + 100));
    let at_the_limit = committed(&chain(max - 1), Vec::new(), vec![(900, scalar())]);
    assert_eq!(kept(&at_the_limit), [900]);
    let with_a_list = new(holding(&[("l", 901)]), at(max - 1 + 100));
    let one_list_more = committed(&chain(max - 1), Vec::new(), vec![(900, with_a_list)]);
    assert_eq!(kept(&one_list_more), []);
    let beyond = new(Value::Int(0), at(max + 100));
    let one_item_more = committed(&chain(max), Vec::new(), vec![(900, beyond)]);
    assert_eq!(kept(&one_item_more), []);
}

#[test]
fn what_is_below_a_moved_item_counts_too() {
    let max = LIST_DEPTH_MAX as u64;
    let with_two = |length: u64| {
        let mut items: Vec<_> = (1..=length)
            .map(|id| (id, at(if id == 1 { TOP } else { id + 99 })))
            .collect();
        items.extend([(500, at(TOP)), (501, at(600))]);
        document(&items)
    };
    let into = |length: u64| {
        let change = vec![(500, moved(at(length + 100)))];
        kept(&committed(&with_two(length), Vec::new(), change))
    };
    assert_eq!(
        into(max - 3),
        [500],
        "the inner one is the last to hold a list"
    );
    assert_eq!(into(max - 2), Vec::<u64>::new());
}

#[test]
fn what_comes_into_something_deleted_is_named() {
    let document = document(&[(1, at(TOP)), (2, Location::Trash)]);
    let out = committed(
        &document,
        vec![
            set(1, "m", holding(&[("x", 201)])),
            set(2, "m", holding(&[("x", 202)])),
        ],
        vec![
            (9, new(holding(&[("l", 109)]), at(TOP))),
            (10, new(Value::Int(0), at(109))),
            (11, new(Value::Int(0), at(201))),
            (12, new(Value::Int(0), at(202))),
            (13, new(Value::Int(0), at(102))),
        ],
    );
    assert_eq!(kept(&out), [9, 10, 11, 12, 13]);
    let named = of_kind(&out.conflicts, ConflictKind::MoveIntoDeleted);
    assert_eq!(named, [12, 13]);
}

/// Before commit a list may be held twice, even by an item in it. Filled each time, the export
/// would double with each level.
#[test]
fn a_list_in_many_places_is_filled_in_one() {
    let twice = |id: u64| {
        let value = holding(&[("a", TOP + id), ("b", TOP + id)]);
        (
            ItemId::from(id),
            item(value, at(TOP + id.saturating_sub(1))),
        )
    };
    let count = |json: Json| {
        let mut lists = vec![json];
        let mut found = 0;
        while let Some(json) = lists.pop() {
            match json {
                Json::Map(map) => lists.extend(map.into_iter().map(|(_, json)| json)),
                Json::List(list) => {
                    found += list.len();
                    lists.extend(list);
                }
                Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) | Json::Str(_) => {}
            }
        }
        found
    };
    let chain = Document::from_items((0..=18).map(twice));
    assert_eq!(count(chain.export()), 18);
    let (_, mut own) = twice(1);
    own.location = at(TOP + 1);
    let root = item(holding(&[("l", TOP + 1)]), Location::Trash);
    let own = Document::from_items([(ItemId::ROOT, root), (ItemId::from(1), own)]);
    assert_eq!(count(own.export()), 1);
}
