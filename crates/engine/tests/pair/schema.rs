//! What no dashboard allows is left out at commit, and everybody ends with the same.

use coboard_protocol::ot::ConflictKind;
use serde_json::{Value as Json, json};

use crate::world::World;

pub(crate) fn grid_item(name: &str, x: i64) -> Json {
    let element = json!({"kind": "ElementReference", "name": name});
    let spec = json!({"x": x, "y": 0, "width": 8, "height": 4, "element": element});
    json!({"kind": "GridLayoutItem", "spec": spec})
}

/// Elements a, b and spare; the list is 1, its items are 2 (a) and 3 (b).
pub(crate) fn board() -> Json {
    let items = [grid_item("a", 0), grid_item("b", 8)];
    let elements = json!({"a": {"title": "A"}, "b": {"title": "B"}, "spare": {"title": "S"}});
    json!({"elements": elements, "layout": {"kind": "GridLayout", "spec": {"items": items}}})
}

fn names(world: &World) -> Vec<String> {
    let items = world.content(0)["layout"]["spec"]["items"].clone();
    let items = items.as_array().expect("a list").iter();
    let name = |item: &Json| item["spec"]["element"]["name"].as_str().map(str::to_owned);
    items.filter_map(name).collect()
}

fn has(world: &World, element: &str) -> bool {
    world.content(0)["elements"].get(element).is_some()
}

fn schema_conflicts(world: &World) -> usize {
    let conflicts = world.store.log.iter().flat_map(|entry| &entry.conflicts);
    conflicts
        .filter(|conflict| conflict.record.kind == ConflictKind::Schema)
        .count()
}

fn remove_element(name: &str) -> Json {
    json!([{"remove": {"path": format!("@0/elements/{name}")}}])
}

fn show(name: &str) -> Json {
    json!([{"insert": {"list": "@0/layout/spec/items", "value": grid_item(name, 16)}}])
}

#[test]
fn an_element_that_is_shown_is_not_removed() {
    let mut world = World::new(&board(), 2);
    world.edit(0, "remove", remove_element("a"));
    world.settle();
    assert!(has(&world, "a"));
    assert_eq!(schema_conflicts(&world), 1);
    world.check_converged();
    // The refused removal leaves nothing to undo.
    assert_eq!(world.undo(0).id, None);
}

#[test]
fn an_element_goes_together_with_what_shows_it_and_comes_back_with_it() {
    let mut world = World::new(&board(), 2);
    let steps = json!([{"remove": {"path": "@0/elements/a"}}, {"trash": {"item": "2"}}]);
    assert_eq!(world.edit(0, "delete", steps).error, None);
    world.settle();
    assert!(!has(&world, "a"));
    assert_eq!(names(&world), ["b"]);
    world.undo(0);
    world.settle();
    assert!(has(&world, "a"));
    assert_eq!(names(&world), ["a", "b"]);
    assert_eq!(schema_conflicts(&world), 0);
    world.check_converged();
}

#[test]
fn the_later_of_a_removal_and_a_new_reference_loses() {
    for remover in [0, 1] {
        let mut world = World::new(&board(), 2);
        world.edit(remover, "remove", remove_element("spare"));
        world.edit(1 - remover, "show", show("spare"));
        // More is made on what is going to be left out.
        let steps = json!([{"set": {"path": "@0/title", "value": "board"}}]);
        world.edit(1 - remover, "title", steps);
        world.settle();
        assert_eq!(has(&world, "spare"), remover == 1, "{remover}");
        let shown = names(&world).contains(&"spare".to_owned());
        assert_eq!(shown, remover == 1, "{remover}");
        assert_eq!(schema_conflicts(&world), 1);
        assert_eq!(world.content(1)["title"], "board");
        world.check_converged();
    }
}

#[test]
fn a_reference_to_nothing_is_left_out_and_the_rest_stays() {
    let mut world = World::new(&board(), 2);
    let steps = json!([
        {"set": {"path": "@2/spec/element/name", "value": "none"}},
        {"set": {"path": "@2/spec/height", "value": 6}},
    ]);
    world.edit(0, "show", steps);
    world.settle();
    assert_eq!(names(&world), ["a", "b"]);
    let items = world.content(1)["layout"]["spec"]["items"].clone();
    assert_eq!(items[0]["spec"]["height"], 6);
    world.edit(1, "show", show("none"));
    world.settle();
    assert_eq!(names(&world), ["a", "b"]);
    assert_eq!(schema_conflicts(&world), 2);
    world.check_converged();
}

#[test]
fn what_is_undone_into_a_removed_element_stays_deleted() {
    let mut world = World::new(&board(), 2);
    world.edit(0, "delete", json!([{"trash": {"item": "2"}}]));
    world.settle();
    world.edit(1, "remove", remove_element("a"));
    world.settle();
    assert!(!has(&world, "a"));
    world.undo(0);
    world.settle();
    assert_eq!(names(&world), ["b"]);
    world.check_converged();
}

#[test]
fn references_to_nothing_that_were_imported_stay() {
    let mut odd = board();
    odd["layout"]["spec"]["items"][0] = grid_item("lost", 0);
    let mut world = World::new(&odd, 1);
    let steps = json!([{"set": {"path": "@2/spec/repeat", "value": "host"}}, {"set": {"path": "@2/spec/x", "value": 16}}]);
    world.edit(0, "repeat", steps);
    world.settle();
    assert_eq!(names(&world), ["lost", "b"]);
    assert_eq!(schema_conflicts(&world), 0);
    world.check_converged();
}

#[test]
fn numbers_out_of_bounds_are_repaired_and_what_is_no_number_is_refused() {
    let classic =
        json!({"panels": [{"type": "stat", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 4}}]});
    let cases = [
        ("w", json!(0), json!(1), 0),
        ("w", json!(-5), json!(1), 0),
        ("w", json!(1_000_000_000), json!(24), 0),
        ("h", json!(2.5), json!(3), 0),
        ("x", json!(-5), json!(0), 0),
        ("y", json!(1e300), json!(1_000_000), 0),
        ("w", json!("NaN"), json!(12), 1),
        ("x", json!(null), json!(0), 1),
        ("h", json!({}), json!(4), 1),
        ("h", json!([]), json!(4), 1),
    ];
    for (key, written, stands, conflicts) in cases {
        let mut world = World::new(&classic, 2);
        let steps = json!([{"set": {"path": format!("@2/gridPos/{key}"), "value": written}}]);
        world.edit(0, "size", steps);
        world.settle();
        let place = world.content(1)["panels"][0]["gridPos"].clone();
        assert_eq!(place[key], stands, "{key} {written}");
        assert_eq!(schema_conflicts(&world), conflicts, "{key} {written}");
        world.check_converged();
    }
    for place in [json!("NaN"), json!({"x": 0, "y": 0, "w": "NaN", "h": 4})] {
        let mut world = World::new(&classic, 2);
        world.edit(
            0,
            "place",
            json!([{"set": {"path": "@2/gridPos", "value": place}}]),
        );
        world.settle();
        assert_eq!(world.content(1), classic);
        assert_eq!(schema_conflicts(&world), 1);
        world.check_converged();
    }
    // In a new widget there is nothing better.
    let mut world = World::new(&classic, 2);
    let value = json!({"type": "stat", "gridPos": {"x": 0, "y": 4, "w": "NaN", "h": -1}});
    world.edit(
        0,
        "new",
        json!([{"insert": {"list": "@0/panels", "value": value}}]),
    );
    world.settle();
    let place = world.content(1)["panels"][1]["gridPos"].clone();
    assert_eq!(place, json!({"x": 0, "y": 4, "w": 12, "h": 1}));
    world.check_converged();
}
