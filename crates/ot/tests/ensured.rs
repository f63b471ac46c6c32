//! What commit and transform do at their edges, said case by case: ensured containers that meet
//! something, and the root.

use coboard_ot::{
    Change, Components, ConflictKind, Container, Document, Intent, ItemChange, ItemId, Json,
    ListId, Location, Path, Side, Value, Winner, commit, transform, transform_pair,
};

fn document() -> Document {
    Document::import(&Json::Map(vec![
        ("list".into(), Json::List(Vec::new())),
        ("map".into(), Json::Map(Vec::new())),
        ("text".into(), Json::Str("x".into())),
    ]))
}

fn ensure(key: &str, container: Container) -> Components {
    Components::of_cell(ItemId::ROOT, Path::of([key]), Change::Ensure(container))
}

#[test]
fn what_stands_where_a_container_is_ensured_stays_and_is_named() {
    let document = document();
    let list = Container::list(ItemId::ROOT, &Path::of(["list"]));
    for (key, container) in [
        ("text", Container::Map),
        ("list", Container::Map),
        ("list", list),
    ] {
        let committed = commit(&document, ensure(key, container));
        assert!(committed.components.is_empty(), "{key}");
        let [conflict] = &committed.conflicts[..] else {
            panic!("{key}: {:?}", committed.conflicts);
        };
        let here = document.value(ItemId::ROOT, &format!("/{key}"));
        assert_eq!(conflict.kind, ConflictKind::LostWrite);
        assert_eq!(conflict.winner, Winner::Theirs);
        assert_eq!(conflict.theirs, Intent::of_value(here.cloned()), "{key}");
        assert_eq!(conflict.mine, Intent::Value(container.value()), "{key}");
    }
}

#[test]
fn a_container_that_is_there_already_is_no_conflict() {
    let mut document = document();
    let list = Container::list(ItemId::ROOT, &Path::of(["new"]));
    let made = commit(&document, ensure("new", list));
    assert_eq!((made.components.len(), made.conflicts.len()), (1, 0));
    document.apply(&made.components);
    for (key, container) in [("map", Container::Map), ("new", list)] {
        let committed = commit(&document, ensure(key, container));
        assert!(committed.components.is_empty(), "{key}");
        assert_eq!(committed.conflicts, [], "{key}");
    }
}

#[test]
fn the_root_is_neither_moved_nor_forgotten() {
    let document = document();
    let Some(Value::List(list)) = document.value(ItemId::ROOT, "/list") else {
        panic!("it is a list");
    };
    let key = coboard_ot::OrderKey::parse("a0").expect("it is legal");
    let location = |list: ListId| Location::At(list, key.clone());
    let changes = [
        ItemChange::Purge,
        ItemChange::Move {
            old: Location::Trash,
            new: location(*list),
        },
        ItemChange::Move {
            old: Location::Trash,
            new: Location::Trash,
        },
    ];
    for change in changes {
        let committed = commit(&document, Components::of_item(ItemId::ROOT, change));
        assert!(committed.components.is_empty());
    }
}

#[test]
fn a_pair_is_transformed_both_ways() {
    let set = |number| {
        let change = Change::Set {
            old: None,
            new: Some(Value::Int(number)),
        };
        Components::of_cell(ItemId::ROOT, Path::of(["x"]), change)
    };
    let (earlier, later) = transform_pair(&set(1), &set(2));
    assert_eq!(earlier, transform(set(1), &set(2), Side::Earlier));
    assert_eq!(later, transform(set(2), &set(1), Side::Later));
    assert!(earlier.components.is_empty() && !later.components.is_empty());
}
