//! Widgets that two people put on one place: nobody's view overlaps, and everybody can go back.

use serde_json::{Value as Json, json};

use crate::world::World;

/// Four panels, two by two. The list is 1, the panels are the items 2 to 5.
fn board() -> Json {
    let panel = |x: i64, y: i64| json!({"type": "stat", "title": "", "gridPos": {"x": x, "y": y, "w": 12, "h": 4}});
    json!({"panels": [panel(0, 0), panel(12, 0), panel(0, 4), panel(12, 4)]})
}

fn drag(world: &mut World, person: usize, panel: u64, x: i64, y: i64) {
    let steps = json!([
        {"set": {"path": format!("@{panel}/gridPos/x"), "value": x}},
        {"set": {"path": format!("@{panel}/gridPos/y"), "value": y}},
    ]);
    world.edit(person, "move", steps);
}

/// Column and row of each panel, in the order of the list.
fn places(world: &World, person: usize) -> Vec<(i64, i64)> {
    let panels = world.content(person)["panels"].clone();
    let number = |panel: &Json, key: &str| panel["gridPos"][key].as_i64().expect("a number");
    let panels = panels.as_array().expect("a list").iter();
    panels
        .map(|panel| (number(panel, "x"), number(panel, "y")))
        .collect()
}

#[test]
fn two_drags_to_one_place_end_apart_and_the_later_one_has_it() {
    let mut world = World::new(&board(), 2);
    drag(&mut world, 0, 4, 6, 20);
    drag(&mut world, 1, 5, 6, 20);
    world.settle();
    assert_eq!(places(&world, 0), [(0, 0), (12, 0), (6, 24), (6, 20)]);
    world.check_converged();
}

#[test]
fn the_author_gets_the_corrections_and_takes_them_back_with_the_move() {
    let mut world = World::new(&board(), 2);
    let before = places(&world, 0);
    drag(&mut world, 0, 5, 0, 0);
    world.settle();
    let pushed = [(0, 4), (12, 0), (0, 8), (0, 0)];
    assert_eq!(places(&world, 0), pushed);
    world.undo(0);
    world.settle();
    assert_eq!(places(&world, 1), before);
    world.redo(0);
    world.settle();
    assert_eq!(places(&world, 1), pushed);
    world.check_converged();
}

/// A policy holds for what the author changed. What makes way is moved whatever its policy: nobody
/// can use a dashboard whose widgets lie on each other.
#[test]
fn a_protected_place_makes_way_for_another_widget() {
    for policy in ["first", "manual", "reject"] {
        let mut world = World::new(&board(), 2);
        world.policies(&[("/panels/*/gridPos/**", policy)]);
        drag(&mut world, 0, 2, 6, 20);
        drag(&mut world, 1, 2, 0, 40);
        drag(&mut world, 1, 5, 6, 20);
        while world.deliver_up(0) {}
        world.store_append(Ok(()));
        world.settle();
        assert_eq!(places(&world, 1), [(6, 24), (12, 0), (0, 4), (6, 20)]);
        world.check_converged();
    }
}

#[test]
fn undo_leaves_what_somebody_else_has_moved_since() {
    let mut world = World::new(&board(), 2);
    drag(&mut world, 0, 5, 0, 0);
    world.settle();
    drag(&mut world, 1, 2, 12, 30);
    world.settle();
    world.undo(0);
    world.settle();
    assert_eq!(places(&world, 0), [(12, 30), (12, 0), (0, 4), (12, 4)]);
    world.check_converged();
}

#[test]
fn undo_onto_a_place_that_was_taken_pushes_the_one_there() {
    let mut world = World::new(&board(), 2);
    drag(&mut world, 0, 5, 0, 30);
    world.settle();
    drag(&mut world, 1, 4, 12, 5);
    world.settle();
    world.undo(0);
    world.settle();
    assert_eq!(places(&world, 1), [(0, 0), (12, 0), (12, 8), (12, 4)]);
    world.check_converged();
}

#[test]
fn edits_made_while_a_corrected_insert_was_on_its_way_are_kept() {
    let mut world = World::new(&board(), 2);
    let value = json!({"type": "text", "gridPos": {"x": 20, "y": 0, "w": 12, "h": 4}});
    let made = world.edit(
        0,
        "add",
        json!([{"insert": {"list": "@0/panels", "value": value}}]),
    );
    let item = made.created[0].clone();
    let steps = json!([{"set": {"path": format!("@{item}/title"), "value": "Note"}}]);
    world.edit(0, "rename", steps);
    let steps = json!([{"set": {"path": format!("@{item}/gridPos/h"), "value": 6}}]);
    world.edit(0, "resize", steps);
    world.settle();
    let panel = world.content(1)["panels"][4].clone();
    assert_eq!(panel["title"], "Note");
    assert_eq!(panel["gridPos"], json!({"x": 12, "y": 0, "w": 12, "h": 6}));
    assert_eq!(places(&world, 1)[1], (12, 6));
    for _ in 0..3 {
        world.undo(0);
    }
    world.settle();
    assert_eq!(places(&world, 1), [(0, 0), (12, 0), (0, 4), (12, 4)]);
    world.check_converged();
}

#[test]
fn a_gesture_that_was_corrected_half_way_is_one_step_of_undo() {
    let mut world = World::new(&board(), 2);
    let before = places(&world, 0);
    for (x, y) in [(12, 2), (0, 0)] {
        let steps = json!([
            {"set": {"path": "@5/gridPos/x", "value": x}},
            {"set": {"path": "@5/gridPos/y", "value": y}},
        ]);
        world.edit_request(0, &json!({"label": "move", "gesture": "g", "steps": steps}));
        world.deliver_up(0);
    }
    world.settle();
    assert_eq!(places(&world, 0)[3], (0, 0));
    world.undo(0);
    world.settle();
    assert_eq!(places(&world, 1), before);
    world.check_converged();
}

#[test]
fn an_atomic_move_is_corrected_and_stays_atomic() {
    let mut world = World::new(&board(), 1);
    let steps = json!([{"set": {"path": "@4/gridPos/y", "value": 2}}, {"set": {"path": "@4/title", "value": "Up"}}]);
    world.edit_request(0, &json!({"label": "move", "atomic": true, "steps": steps}));
    world.settle();
    assert!(world.peers[0].rejected.is_empty());
    assert_eq!(places(&world, 0), [(0, 6), (12, 0), (0, 2), (12, 4)]);
    assert_eq!(world.content(0)["panels"][2]["title"], "Up");
    world.check_converged();
}

#[test]
fn what_was_imported_on_each_other_stays_until_it_is_touched() {
    let panel =
        |y: i64| json!({"type": "stat", "title": "", "gridPos": {"x": 0, "y": y, "w": 12, "h": 4}});
    let odd = json!({"panels": [panel(0), panel(1), panel(2), {"gridPos": {"x": 40, "y": -2, "w": 0, "h": 1.5}}]});
    let mut world = World::new(&odd, 1);
    assert_eq!(world.content(0), odd);
    let steps = json!([{"set": {"path": "@2/title", "value": "CPU"}}]);
    world.edit(0, "rename", steps);
    world.settle();
    let mut expected = odd;
    expected["panels"][0]["title"] = json!("CPU");
    assert_eq!(world.content(0), expected);
    world.check_converged();
}

#[test]
fn an_edit_inside_of_what_was_corrected_is_kept() {
    let mut world = World::new(&board(), 2);
    let place = json!({"x": 20, "y": 4, "w": 12, "h": 4});
    let steps = json!([{"set": {"path": "@5/gridPos", "value": place}}]);
    world.edit(0, "move", steps);
    let steps = json!([{"set": {"path": "@5/gridPos/h", "value": 6}}]);
    world.edit(0, "resize", steps);
    world.settle();
    let place = world.content(1)["panels"][3]["gridPos"].clone();
    assert_eq!(place, json!({"x": 12, "y": 4, "w": 12, "h": 6}));
    world.check_converged();
}

#[test]
fn a_move_that_was_corrected_back_leaves_nothing_to_undo() {
    let mut world = World::new(&board(), 1);
    let before = places(&world, 0);
    let steps = json!([{"set": {"path": "@5/gridPos/x", "value": 40}}]);
    world.edit(0, "move", steps);
    world.settle();
    assert_eq!(places(&world, 0), before);
    assert_eq!(world.undo(0).id, None);
}
