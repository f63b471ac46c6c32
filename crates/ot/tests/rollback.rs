//! Taking back a part of a random history: everything, one person's work, one item.

use std::collections::BTreeSet;

use coboard_ot::attribution::Attribution;
use coboard_ot::{
    Change, Components, Document, ItemId, Path, Rollback, Value, commit, compose, invert,
    items_below, keep_newer, revert, revert_cell,
};
use coboard_testkit::{Generator, Model, Random, Taste, build};

/// A history of `len` committed operations, each with the number of the client that made it, and
/// the document before each of them; the last one is the document after all.
fn history(seed: u64, len: usize, taste: Taste) -> (Vec<(u32, Components)>, Vec<Document>) {
    let mut random = Random::new(seed, 1);
    let mut edits = Generator::new(Random::new(seed, 2), taste);
    let mut document = edits.document().to_document();
    let mut log = Vec::new();
    let mut states = vec![document.clone()];
    while log.len() < len {
        let client = 1 + random.below(3) as u32;
        let mut model = Model::of(&document);
        let made = edits.edits(&model, client);
        let op = commit(&document, build(&mut model, &made)).components;
        document.apply(&op);
        states.push(document.clone());
        log.push((client, op));
    }
    (log, states)
}

fn after(document: &Document, op: Components) -> Document {
    let mut document = document.clone();
    document.apply(&commit(&document, op).components);
    document
}

/// The containers that an operation ensures: its inverse leaves them.
fn ensured(op: &Components) -> Components {
    let cells = op
        .cells()
        .filter(|(_, _, change)| matches!(change, Change::Ensure(_)))
        .map(|(item, path, change)| (item, path.clone(), change.clone()));
    Components::from_parts(cells.collect::<Vec<_>>(), []).expect("a part of a normal form")
}

#[test]
fn taking_everything_back_is_the_inverse_of_it_all() {
    for seed in 0..300 {
        let (log, states) = history(seed, 20, Taste::Text);
        let mut rollback = Rollback::new();
        let mut all = Components::new();
        for (_, op) in &log {
            rollback.take_back(op);
            all = compose(all, op);
        }
        let (inverse, kept) = rollback.finish();
        assert!(kept.is_empty());
        assert_eq!(inverse, invert(&all));
        let (before, now) = (&states[0], &states[20]);
        let back = after(now, inverse);
        let ensured = ensured(&all);
        let expected = after(before, ensured.clone());
        assert_eq!(back.export(), expected.export(), "seed {seed}");
        // The way by the two documents gives the same, but for items made since, in trash both
        // times, and for ensured containers, which only the other way leaves.
        let reverted = after(now, revert(now, before, |_| true));
        assert_eq!(reverted.export(), before.export(), "seed {seed}");
        if ensured.is_empty() {
            assert_eq!(reverted, back, "seed {seed}");
        }
    }
}

#[test]
fn what_others_wrote_last_stays_when_one_person_is_taken_back() {
    let (mut kept, mut taken) = (0, 0);
    for seed in 0..1_200 {
        let (log, states) = history(seed, 25, Taste::Text);
        let mut rollback = Rollback::new();
        let mut tags = Attribution::new();
        for (client, op) in &log {
            tags.fold(op, *client);
            match client {
                1 => rollback.take_back(op),
                _ => rollback.leave(op),
            }
        }
        let (inverse, _) = rollback.finish();
        let now = &states[25];
        let back = after(now, inverse);
        for (id, item) in now.items() {
            for (path, value) in leaves(&item.value) {
                let cell = tags.item(id).and_then(|tags| tags.cell(&path));
                let Some(cell) = cell else { continue };
                let here = back.value(id, path.as_str());
                if cell.last == 1 {
                    taken += usize::from(here != Some(&value));
                } else if cell.text.is_none() && !matches!(value, Value::Int(_)) {
                    assert_eq!(here, Some(&value), "seed {seed} {id} {path}");
                    kept += 1;
                }
            }
            let moved = tags.item(id).and_then(|tags| tags.moved);
            if moved.is_some_and(|client| client != 1) {
                let there = back.item(id).map(|item| &item.location);
                assert_eq!(there, Some(&item.location), "seed {seed} {id}");
            }
        }
    }
    assert!(
        kept > 5_000 && taken > 3_000,
        "{kept} kept, {taken} taken back"
    );
}

/// The cells of a value that hold no map, lists left out.
fn leaves(value: &Value) -> Vec<(Path, Value)> {
    let mut found = Vec::new();
    let mut open = vec![(Path::whole(), value.clone())];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Map(map) => {
                open.extend(
                    map.iter()
                        .map(|(key, value)| (path.child(key), value.clone())),
                );
            }
            Value::List(_) => {}
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {
                found.push((path, value));
            }
        }
    }
    found
}

#[test]
fn an_item_goes_back_alone() {
    let mut changed = 0;
    for seed in 0..300 {
        let (_, states) = history(seed, 20, Taste::Text);
        let (then, now) = (&states[5], &states[20]);
        for (id, item) in then.items() {
            let whole = Path::whole();
            let mut wanted = BTreeSet::from([id]);
            wanted.extend(items_below(then, id, &whole));
            wanted.extend(items_below(now, id, &whole));
            let op = revert(now, then, |item| wanted.contains(&item));
            changed += op.len();
            let mut back = now.clone();
            back.apply(&op);
            assert_eq!(back.item(id).map(|item| &item.value), Some(&item.value));
            for (other, item) in now.items().filter(|(id, _)| !wanted.contains(id)) {
                assert_eq!(back.item(other), Some(item), "the others stay");
            }
        }
    }
    assert!(changed > 5_000, "{changed}");
}

#[test]
fn a_purged_item_is_made_again() {
    let (_, states) = history(1, 5, Taste::Structure);
    let then = &states[5];
    let (gone, _) = then.items().last().expect("there are items");
    let now = Document::from_items(
        then.items()
            .filter(|(id, _)| *id != gone)
            .map(|(id, item)| (id, item.clone())),
    );
    let mut back = now.clone();
    back.apply(&revert(&now, then, |_| true));
    assert_eq!(&back, then);
}

fn set(path: Path, old: Value, new: Value) -> Components {
    let (old, new) = (Some(old), Some(new));
    Components::of_cell(ItemId::ROOT, path, Change::Set { old, new })
}

fn map(x: i64, y: i64) -> Value {
    let mut map = coboard_ot::Map::new();
    map.insert("x".into(), Value::Int(x));
    map.insert("y".into(), Value::Int(y));
    Value::Map(std::sync::Arc::new(map))
}

#[test]
fn a_cell_goes_back_and_its_neighbours_stay() {
    let (mut then, mut now) = (Document::new(), Document::new());
    then.apply(&set(Path::of(["m"]), Value::Null, map(1, 1)));
    now.apply(&set(Path::of(["m"]), Value::Null, map(5, 5)));
    let x = Path::of(["m", "x"]);
    let op = revert_cell(&now, &then, ItemId::ROOT, &x).expect("the map is there");
    assert_eq!(op, set(x.clone(), Value::Int(5), Value::Int(1)));
    let whole = revert_cell(&now, &then, ItemId::ROOT, &Path::of(["m"])).expect("it is there");
    now.apply(&whole);
    assert_eq!(now, then);
    let nowhere = Path::of(["m", "x", "deep"]);
    assert_eq!(revert_cell(&now, &then, ItemId::ROOT, &nowhere), None);
}

#[test]
fn a_former_value_takes_up_what_was_changed_inside_of_the_present_one() {
    let undo = set(Path::of(["m"]), map(5, 5), map(0, 0));
    let newer = set(Path::of(["m", "x"]), Value::Int(5), Value::Int(7));
    let (undo, conflicts) = keep_newer(undo, &newer);
    assert_eq!(undo, set(Path::of(["m"]), map(7, 5), map(7, 0)));
    assert_eq!(conflicts.len(), 1, "the transform notes it");
    // There is no place for it in what stood there before.
    let undo = set(Path::of(["m"]), map(5, 5), Value::Null);
    let (undo, conflicts) = keep_newer(undo, &newer);
    assert!(undo.is_empty() && conflicts.len() == 1);
}
