//! The canonical hash: equal for equal documents however they came about, different otherwise.

use std::collections::BTreeSet;

use coboard_ot::{
    Change, Components, Document, DocumentHash, Item, ItemChange, ItemId, ListId, Location,
    OrderKey, Path, Value,
};
use coboard_testkit::laws::Case;
use coboard_testkit::{Taste, build};

fn at(list: u64, key: &str) -> Location {
    Location::At(ListId::from(list), OrderKey::parse(key).expect("a key"))
}

fn of(items: &[(u64, Value, Location)]) -> DocumentHash {
    let items = items.iter().map(|(id, value, location)| {
        let (value, location) = (value.clone(), location.clone());
        (ItemId::from(*id), Item { value, location })
    });
    DocumentHash::of(&Document::from_items(items))
}

fn map(entries: &[(&str, Value)]) -> Value {
    let mut map = coboard_ot::Map::new();
    for (key, value) in entries {
        map.insert((*key).into(), value.clone());
    }
    Value::Map(map.into())
}

#[test]
fn the_order_in_which_items_and_keys_came_does_not_show() {
    let (one, two) = (("a", Value::Int(1)), ("b", Value::Null));
    let first = (5, map(&[one.clone(), two.clone()]), at(3, "a0"));
    let second = (6, map(&[two.clone(), one.clone()]), Location::Trash);
    let swapped = (5, map(&[two, one]), at(3, "a0"));
    assert_eq!(of(&[first.clone(), second.clone()]), of(&[second, swapped]));
}

/// One for each thing that can differ. All are different from each other.
#[test]
fn whatever_differs_gives_another_hash() {
    let text = |text: &str| Value::Str(text.into());
    let values = [
        Value::Null,
        Value::Bool(false),
        Value::Bool(true),
        Value::Int(0),
        Value::Int(1),
        Value::Int(-1),
        Value::Float(0.5),
        Value::Float(-0.5),
        Value::Float(5e-324),
        text(""),
        text("0"),
        text("\u{0}"),
        text("é"),
        text("e\u{301}"),
        Value::map(),
        map(&[("a", Value::Null)]),
        map(&[("b", Value::Null)]),
        map(&[("a", map(&[("b", Value::Null)]))]),
        map(&[("a", Value::map()), ("b", Value::Null)]),
        map(&[("a", text("b")), ("c", text(""))]),
        map(&[("a", text("")), ("bc", text(""))]),
        Value::List(ListId::from(0)),
        Value::List(ListId::from(1)),
    ];
    let mut hashes: Vec<DocumentHash> = Vec::new();
    for value in &values {
        hashes.push(of(&[(5, value.clone(), at(3, "a0"))]));
    }
    for location in [at(3, "a1"), at(4, "a0"), at(3, "a00"), Location::Trash] {
        hashes.push(of(&[(5, Value::Null, location)]));
    }
    hashes.push(of(&[(6, Value::Null, at(3, "a0"))]));
    hashes.push(of(&[]));
    // What belongs to one item must not be taken for another's.
    let pair = |a, b| {
        of(&[
            (5, Value::Int(a), at(3, "a0")),
            (6, Value::Int(b), at(3, "a0")),
        ])
    };
    hashes.extend([pair(1, 2), pair(2, 1)]);
    let texts: BTreeSet<String> = hashes.iter().map(DocumentHash::to_string).collect();
    assert_eq!(texts.len(), hashes.len());
    assert!(texts.iter().all(|text| text.len() == 32));
}

#[test]
fn it_follows_every_operation() {
    for number in 0..2_000 {
        let case = Case::random(7, number, Taste::Text);
        let mut model = case.document.clone();
        let mut document = case.document.to_document();
        let mut hash = DocumentHash::of(&document);
        for edit in case.mine.iter().chain(&case.theirs) {
            let op = build(&mut model, edit);
            let before = document.clone();
            document.apply(&op);
            hash = hash.after(&before, &document, op.touched());
            assert_eq!(hash, DocumentHash::of(&document), "case {number}");
            // And it moves exactly when the document does.
            assert_eq!(
                hash == DocumentHash::of(&before),
                before == document,
                "case {number}"
            );
        }
    }
}

#[test]
fn an_operation_and_its_inverse_leave_it() {
    let mut document = Document::new();
    let set = |old, new| {
        let (old, new) = (Some(Value::Int(old)), Some(Value::Int(new)));
        Components::of_cell(ItemId::ROOT, Path::of(["x"]), Change::Set { old, new })
    };
    document.apply(&set(0, 1));
    let before = DocumentHash::of(&document);
    document.apply(&set(1, 2));
    assert_ne!(DocumentHash::of(&document), before);
    document.apply(&set(2, 1));
    assert_eq!(DocumentHash::of(&document), before);
    let location = at(3, "a0");
    let new = ItemChange::New {
        value: Value::Null,
        location,
    };
    document.apply(&Components::of_item(ItemId::new(1, 1), new));
    assert_ne!(DocumentHash::of(&document), before);
}

/// Pinned: another value here is another protocol, and clients of before would take themselves for diverged.
#[test]
fn the_value_is_the_same_on_every_platform_and_for_ever() {
    let hash = of(&[
        (
            0,
            map(&[
                ("title", Value::Str("CPU é".into())),
                ("panels", Value::List(ListId::from(1))),
            ]),
            Location::Trash,
        ),
        (
            2,
            map(&[("x", Value::Int(-3)), ("y", Value::Float(0.1))]),
            at(1, "a0"),
        ),
        (4_294_967_297, Value::Bool(true), Location::Trash),
    ]);
    assert_eq!(hash.to_string(), "64747a58f75b1c0dfc8440ab89b111f4");
}
