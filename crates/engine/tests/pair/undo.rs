//! Undo and redo among others: what somebody else wrote last stays.

use coboard_protocol::ot::attribution::Attribution;
use coboard_protocol::ot::{Document, ItemId, Location, Path, Value};
use coboard_testkit::Random;
use serde_json::{Value as Json, json};

use crate::world::World;

/// A world whose clients have everything.
fn world(content: &Json) -> World {
    let mut world = World::new(content, 3);
    world.settle();
    world
}

fn set(path: &str, value: impl Into<Json>) -> Json {
    json!([{"set": {"path": path, "value": value.into()}}])
}

#[test]
fn an_undo_leaves_what_somebody_changed_inside_of_the_value_it_takes_back() {
    let mut world = world(&json!({"options": {"x": 0, "y": 0}, "kind": "a"}));
    world.edit(
        0,
        "other options",
        json!([
            {"set": {"path": "@0/options", "value": {"x": 5, "y": 5}}},
            {"set": {"path": "@0/kind", "value": "b"}},
        ]),
    );
    world.settle();
    world.edit(1, "x", set("@0/options/x", 7));
    world.settle();
    world.undo(0);
    world.settle();
    assert_eq!(
        world.content(1),
        json!({"options": {"x": 7, "y": 0}, "kind": "a"})
    );
    world.redo(0);
    world.settle();
    assert_eq!(
        world.content(0),
        json!({"options": {"x": 7, "y": 5}, "kind": "b"})
    );
}

#[test]
fn a_text_that_somebody_typed_in_is_not_replaced_by_an_undo() {
    let mut world = world(&json!({"text": "old"}));
    world.edit(0, "new text", set("@0/text", "new"));
    world.settle();
    world.edit(
        1,
        "type",
        json!([{"text": {"path": "@0/text", "delta": [3, " of Ben"]}}]),
    );
    world.settle();
    world.undo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"text": "new of Ben"}));
}

#[test]
fn what_was_committed_before_ones_own_edit_comes_back_when_that_is_undone() {
    let mut world = world(&json!({"a": 0}));
    // Both write before either has heard of the other; the second wins.
    world.edit(1, "theirs", set("@0/a", 3));
    while world.deliver_up(1) {}
    world.edit(0, "mine", set("@0/a", 5));
    world.settle();
    assert_eq!(world.content(0), json!({"a": 5}));
    world.undo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"a": 3}));
}

#[test]
fn a_drag_of_a_thousand_steps_is_one_step_of_undo() {
    let mut world = world(&json!({"x": 0, "y": 0}));
    for step in 1..=1_000 {
        world.edit_request(
            0,
            &json!({"label": "drag", "gesture": "g1", "steps": [
                {"set": {"path": "@0/x", "value": step}}, {"set": {"path": "@0/y", "value": -step}},
            ]}),
        );
        if step % 7 == 0 {
            world.settle();
        }
    }
    world.settle();
    assert_eq!(world.peers[0].machine.status().undo.count, 1);
    world.undo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"x": 0, "y": 0}));
    world.redo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"x": 1_000, "y": -1_000}));
}

#[test]
fn an_undo_after_a_long_absence_leaves_what_others_wrote_meanwhile() {
    let mut world = world(&json!({"a": 0, "b": 0}));
    world.edit(
        0,
        "both",
        json!([
            {"set": {"path": "@0/a", "value": 1}}, {"set": {"path": "@0/b", "value": 1}},
        ]),
    );
    world.settle();
    world.disconnect(0);
    for number in 0..50 {
        world.edit(1, "theirs", set("@0/a", 100 + number));
        world.settle();
    }
    world.connect(0);
    world.settle();
    world.undo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"a": 149, "b": 0}));
    world.redo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"a": 149, "b": 1}));
}

#[test]
fn undo_and_redo_never_overwrite_what_somebody_else_wrote_last() {
    let (mut kept, mut undone) = (0, 0);
    for seed in 0..200 {
        let mut random = Random::new(seed, 7);
        let mut world = world(&board());
        for _ in 0..120 {
            let index = random.below(3);
            match random.below(10) {
                0..=4 => edit(&mut world, &mut random, index),
                5 | 6 => {
                    world.settle();
                    let (others, now) = written_by_others(&world, index);
                    let made = if random.chance(60) {
                        world.undo(index)
                    } else {
                        world.redo(index)
                    };
                    undone += usize::from(made.id.is_some());
                    kept += check(&others, &now, world.peers[index].machine.view(), seed);
                }
                7 => world.disconnect(index),
                8 => world.connect(index),
                _ => world.settle(),
            }
        }
        world.check_converged();
    }
    assert!(
        undone > 1_500 && kept > 10_000,
        "{undone} undone, {kept} cells kept"
    );
}

pub(crate) fn board() -> Json {
    let panels = json!([{"t": "one", "m": {"x": 0}}, {"t": "two", "m": {"x": 0}}]);
    json!({"a": 0, "b": 1, "m": {"x": 0, "n": {"y": 0}}, "panels": panels})
}

pub(crate) fn edit(world: &mut World, random: &mut Random, index: usize) {
    let number = random.below(5);
    let items: Vec<String> = world.peers[index]
        .machine
        .view()
        .items()
        .map(|(id, _)| id.to_string())
        .collect();
    let item = random.pick(&items).cloned().unwrap_or_default();
    let step = match random.below(9) {
        0 => json!({"set": {"path": "@0/a", "value": number}}),
        1 => json!({"set": {"path": "@0/m", "value": {"x": number, "n": {"y": number}}}}),
        2 => json!({"set": {"path": "@0/m/n", "value": {"y": number}}}),
        3 => json!({"set": {"path": "@0/m/n/y", "value": format!("v{number}")}}),
        4 => json!({"remove": {"path": format!("@{item}/m")}}),
        5 => json!({"set": {"path": format!("@{item}/m"), "value": {"x": format!("w{number}")}}}),
        6 => json!({"set": {"path": format!("@{item}/m/x"), "value": format!("x{number}")}}),
        7 => json!({"trash": {"item": item}}),
        _ => json!({"move": {"item": item, "list": "@0/panels", "at": "start"}}),
    };
    let mut request = json!({"label": "edit", "steps": [step]});
    if random.chance(30) {
        request["gesture"] = json!("g");
    }
    world.edit_request(index, &request);
}

/// The cells and items of a client's committed document that somebody else wrote last. Empty while
/// the client has something on its way.
fn written_by_others(world: &World, index: usize) -> (Attribution<bool>, Document) {
    let machine = &world.peers[index].machine;
    let mut tags = Attribution::new();
    if machine.queue().is_empty() && machine.view() == machine.committed() {
        for entry in &world.store.log[..machine.revision() as usize] {
            let other = entry.id.client.as_str() != format!("c{index}");
            tags.fold(&entry.components, other);
        }
    }
    (tags, machine.view().clone())
}

pub(crate) fn check(
    tags: &Attribution<bool>,
    before: &Document,
    after: &Document,
    seed: u64,
) -> usize {
    let mut kept = 0;
    for (id, item) in before.items() {
        let Some(of) = tags.item(id) else { continue };
        for (path, value) in leaves(&item.value) {
            if of.cell(&path).is_some_and(|cell| cell.last) {
                let here = after.value(id, path.as_str());
                assert_eq!(here, Some(&value), "SEED={seed} @{id}{path}");
                kept += 1;
            }
        }
        if of.moved == Some(true) && id != ItemId::ROOT {
            let there: Option<&Location> = after.item(id).map(|item| &item.location);
            assert_eq!(there, Some(&item.location), "SEED={seed} {id}");
        }
    }
    kept
}

/// The cells of a value that hold no map and no list.
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
