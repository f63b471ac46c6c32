//! One rule per test: who stays, who makes way, what is repaired, what is left alone.

use coboard_layout::{COLUMNS, HEIGHT_MAX, TOP_MAX, settle};
use coboard_ot::{Components, Document, compose};
use coboard_protocol::codec::{components, plain_from_json, plain_to_json};
use serde_json::{Value as Json, json};

/// A board of panels; the list has id 1, the panels 2, 3, 4 and so on if they hold no lists.
fn board(places: &[[i64; 4]]) -> Document {
    let panels = places.iter().map(|[x, y, w, h]| {
        json!({"type": "stat", "title": "", "gridPos": {"x": x, "y": y, "w": w, "h": h}})
    });
    document(&json!({"panels": panels.collect::<Vec<_>>()}))
}

fn document(json: &Json) -> Document {
    Document::import(&plain_from_json(json).expect("plain JSON"))
}

fn op(json: &Json) -> Components {
    components::from_json(json).expect("components")
}

/// Commits an operation with its corrections. How many cells were corrected.
fn commit(document: &mut Document, change: &Json) -> usize {
    let committed = coboard_ot::commit(document, op(change)).components;
    let corrections = settle(document, &committed);
    let all = compose(committed, &corrections);
    assert!(
        settle(document, &all).is_empty(),
        "what is settled is settled"
    );
    document.apply(&all);
    corrections.len()
}

fn places(document: &Document) -> Vec<Json> {
    let panels = &plain_to_json(&document.export())["panels"];
    let places = panels.as_array().expect("a list").iter().map(|panel| {
        let place = &panel["gridPos"];
        json!([place["x"], place["y"], place["w"], place["h"]])
    });
    places.collect()
}

fn place(item: u64, x: i64, y: i64) -> Json {
    json!({"cells": {format!("@{item}/gridPos/x"): {"s": [x]}, format!("@{item}/gridPos/y"): {"s": [y]}}})
}

#[test]
fn what_was_there_makes_way_and_pushes_in_turn() {
    let mut board = board(&[[0, 0, 12, 4], [0, 4, 12, 4], [12, 0, 12, 4], [0, 9, 6, 2]]);
    // Only the row numbers of the two that stand in the way change; the fourth has room left.
    assert_eq!(commit(&mut board, &place(4, 6, 2)), 3);
    assert_eq!(
        places(&board),
        [
            json!([0, 6, 12, 4]),
            json!([0, 10, 12, 4]),
            json!([6, 2, 12, 4]),
            json!([0, 14, 6, 2])
        ]
    );
}

#[test]
fn it_goes_no_further_down_than_it_must() {
    let mut board = board(&[[0, 0, 12, 4], [0, 20, 12, 4], [12, 0, 12, 4]]);
    assert_eq!(commit(&mut board, &place(4, 0, 0)), 1);
    assert_eq!(places(&board)[0], json!([0, 4, 12, 4]));
    assert_eq!(places(&board)[1], json!([0, 20, 12, 4]));
}

#[test]
fn touching_edges_are_apart() {
    let mut board = board(&[[0, 0, 12, 4], [12, 10, 12, 4], [0, 10, 6, 4]]);
    assert_eq!(commit(&mut board, &place(3, 12, 0)), 0);
    assert_eq!(commit(&mut board, &place(4, 6, 4)), 0);
}

#[test]
fn of_two_touched_ones_the_first_in_reading_order_stays() {
    let mut board = board(&[[0, 0, 6, 4], [6, 0, 6, 4], [12, 0, 6, 4]]);
    let both = json!({"cells": {
        "@2/gridPos/y": {"s": [22]}, "@3/gridPos/x": {"s": [0]}, "@3/gridPos/y": {"s": [20]},
    }});
    assert_eq!(commit(&mut board, &both), 1);
    assert_eq!(
        places(&board)[..2],
        [json!([0, 24, 6, 4]), json!([0, 20, 6, 4])]
    );
}

#[test]
fn two_at_one_place_are_ordered_by_identity() {
    let mut board = board(&[[0, 0, 6, 4], [6, 0, 6, 4]]);
    let both = json!({"cells": {"@2/gridPos/y": {"s": [9]}, "@3/gridPos": {"s": [{"x": 0, "y": 9, "w": 6, "h": 4}]}}});
    assert_eq!(commit(&mut board, &both), 1);
    assert_eq!(places(&board), [json!([0, 9, 6, 4]), json!([0, 13, 6, 4])]);
}

#[test]
fn numbers_that_are_none_of_a_grid_are_repaired() {
    let huge = 9_007_199_254_740_991_i64;
    for (given, becomes) in [
        (
            json!({"x": -3, "y": -1, "w": 6, "h": 4}),
            json!([0, 0, 6, 4]),
        ),
        (
            json!({"x": 20, "y": 0, "w": 6, "h": 4}),
            json!([18, 0, 6, 4]),
        ),
        (
            json!({"x": 4, "y": 0, "w": 30, "h": 0}),
            json!([0, 0, 24, 1]),
        ),
        (
            json!({"x": 2.5, "y": 1.4, "w": -0.5, "h": 3.9}),
            json!([3, 1, 1, 4]),
        ),
        (
            json!({"x": huge, "y": huge, "w": huge, "h": huge}),
            json!([0, TOP_MAX, COLUMNS, HEIGHT_MAX]),
        ),
        (
            json!({"x": 1e300, "y": -1e300, "w": 1e300, "h": 1e300}),
            json!([0, 0, COLUMNS, HEIGHT_MAX]),
        ),
        (
            json!({"x": "3", "y": null, "w": {}, "h": true}),
            json!([0, 0, 12, 8]),
        ),
        (json!({}), json!([0, 0, 12, 8])),
    ] {
        let mut board = board(&[[0, 90, 1, 1]]);
        let set = json!({"cells": {"@2/gridPos": {"s": [given]}}});
        commit(&mut board, &set);
        assert_eq!(places(&board), [becomes], "{given}");
    }
}

#[test]
fn sums_are_places_too() {
    let mut board = board(&[[0, 0, 12, 4], [0, 4, 12, 4]]);
    assert_eq!(
        commit(&mut board, &json!({"cells": {"@2/gridPos/y": {"a": 2}}})),
        1
    );
    assert_eq!(
        commit(&mut board, &json!({"cells": {"@2/gridPos/x": {"a": -50}}})),
        1
    );
    assert_eq!(places(&board), [json!([0, 2, 12, 4]), json!([0, 6, 12, 4])]);
}

#[test]
fn a_new_widget_and_a_restored_one_push() {
    let mut board = board(&[[0, 0, 12, 4]]);
    let new = json!({"items": {"900": {"n": [{"gridPos": {"x": 3, "y": 1, "w": 4, "h": 2}}, ["1", "a5"]]}}});
    assert_eq!(commit(&mut board, &new), 1);
    assert_eq!(places(&board), [json!([0, 3, 12, 4]), json!([3, 1, 4, 2])]);
    assert_eq!(
        commit(&mut board, &json!({"items": {"900": {"m": [null]}}})),
        0
    );
    commit(&mut board, &place(2, 0, 0));
    assert_eq!(
        commit(&mut board, &json!({"items": {"900": {"m": [["1", "a5"]]}}})),
        1
    );
    assert_eq!(places(&board), [json!([0, 3, 12, 4]), json!([3, 1, 4, 2])]);
}

#[test]
fn a_correction_of_a_new_widget_is_part_of_it() {
    let board = board(&[]);
    let new = op(
        &json!({"items": {"900": {"n": [{"gridPos": {"x": 30, "y": 0, "w": 4, "h": 2}}, ["1", "a5"]]}}}),
    );
    let all = compose(new.clone(), &settle(&board, &new));
    assert_eq!(all.len(), 1);
}

#[test]
fn a_row_stands_across_all_columns() {
    let mut board = board(&[[0, 0, 12, 4], [12, 1, 12, 4]]);
    assert_eq!(
        commit(&mut board, &json!({"cells": {"@2/type": {"s": ["row"]}}})),
        2
    );
    assert_eq!(
        places(&board),
        [json!([0, 0, 24, 1]), json!([12, 1, 12, 4])]
    );
    assert_eq!(commit(&mut board, &place(2, 5, 3)), 2);
    assert_eq!(
        places(&board),
        [json!([0, 3, 24, 1]), json!([12, 4, 12, 4])]
    );
}

#[test]
fn a_collapsed_row_is_a_grid_of_its_own() {
    let panel = |y: i64| json!({"type": "stat", "gridPos": {"x": 0, "y": y, "w": 12, "h": 4}});
    let row = json!({"type": "row", "collapsed": true, "gridPos": {"x": 0, "y": 8, "w": 24, "h": 1}, "panels": [panel(9), panel(13)]});
    // Lists 1 and 4, items 2 (a panel), 3 (the row), 5 and 6 (in the row).
    let mut board = document(&json!({"panels": [panel(9), row]}));
    assert_eq!(board.list_of(6.into()), Some(4.into()));
    assert_eq!(
        commit(&mut board, &json!({"cells": {"@6/gridPos/y": {"s": [10]}}})),
        1
    );
    let inner = plain_to_json(&board.export())["panels"][1]["panels"].clone();
    assert_eq!(
        [&inner[0]["gridPos"]["y"], &inner[1]["gridPos"]["y"]],
        [14, 10]
    );
    assert_eq!(places(&board)[0], json!([0, 9, 12, 4]));
    // Out of the row, onto the one that stands there.
    let out = json!({"items": {"6": {"m": [["1", "a9"]]}}});
    assert_eq!(commit(&mut board, &out), 1);
    assert_eq!(places(&board)[0], json!([0, 14, 12, 4]));
}

#[test]
fn schema_v2_writes_the_same_in_other_words() {
    let item = |y: i64| {
        let spec = json!({"x": 0, "y": y, "width": 12, "height": 4, "element": {"kind": "ElementReference", "name": "panel-1"}});
        json!({"kind": "GridLayoutItem", "spec": spec})
    };
    let grid = json!({"kind": "GridLayout", "spec": {"items": [item(0), item(4)]}});
    let mut board = document(&json!({"spec": {"layout": grid}}));
    let up = json!({"cells": {"@3/spec/y": {"s": [2]}, "@3/spec/width": {"s": [99]}}});
    assert_eq!(commit(&mut board, &up), 2);
    let items = &plain_to_json(&board.export())["spec"]["layout"]["spec"]["items"];
    assert_eq!(items[0]["spec"]["y"], 6);
    assert_eq!(items[1]["spec"]["width"], 24);
}

#[test]
fn what_becomes_a_widget_by_its_kind_takes_its_place() {
    let item = |kind: &str| {
        let spec = json!({"x": 0, "y": 0, "width": 12, "height": 4});
        json!({"kind": kind, "spec": spec})
    };
    let items = [item("GridLayoutItem"), item("Other")];
    let mut board = document(&json!({ "items": items }));
    let kind = json!({"cells": {"@3/kind": {"s": ["GridLayoutItem"]}}});
    assert_eq!(commit(&mut board, &kind), 1, "the other makes way");
    let after = plain_to_json(&board.export());
    assert_eq!(after["items"][0]["spec"]["y"], 4);
    assert_eq!(after["items"][1]["spec"]["y"], 0);
}

#[test]
fn what_nobody_touched_stays_as_it_is() {
    // Two lie on each other, one is outside; somebody moves a fourth to a free place.
    let odd = [[0, 0, 12, 4], [0, 2, 12, 4], [30, 0, 9, 9], [0, 20, 4, 4]];
    let mut board = board(&odd);
    let before = places(&board);
    assert_eq!(commit(&mut board, &place(5, 4, 20)), 0);
    assert_eq!(places(&board)[..3], before[..3]);
    // It lands on one of the two: this one makes way, the other one stays.
    assert_eq!(commit(&mut board, &place(5, 0, 4)), 1);
    assert_eq!(
        places(&board)[..2],
        [json!([0, 0, 12, 4]), json!([0, 8, 12, 4])]
    );
}

#[test]
fn writing_the_same_place_touches_nothing() {
    let mut board = board(&[[0, 0, 12, 4], [0, 2, 12, 4]]);
    assert_eq!(commit(&mut board, &place(2, 0, 0)), 0);
    assert_eq!(
        commit(&mut board, &json!({"items": {"2": {"m": [["1", "zz"]]}}})),
        0
    );
    assert_eq!(
        commit(
            &mut board,
            &json!({"cells": {"@2/gridPos/static": {"s": [true]}}})
        ),
        0
    );
    assert_eq!(
        commit(&mut board, &json!({"cells": {"@2/type": {"s": ["table"]}}})),
        0
    );
}

#[test]
fn without_a_place_there_is_no_widget() {
    let mut board = document(
        &json!({"panels": [{"gridPos": null}, {"title": "x"}, "text", {"spec": {"x": 1}}]}),
    );
    assert_eq!(
        commit(
            &mut board,
            &json!({"cells": {"@2/gridPos": {"s": [7]}, "@5/spec/x": {"s": [-1]}}})
        ),
        0
    );
}

/// Work that grew with the dashboard would take minutes here.
#[test]
fn an_operation_without_places_costs_nothing_on_a_large_dashboard() {
    let places: Vec<[i64; 4]> = (0..9_000).map(|n| [(n % 4) * 6, n / 4 * 4, 6, 4]).collect();
    let mut board = board(&places);
    let title = op(&json!({"cells": {"@7/title": {"s": ["x"]}, "@9/fieldConfig": {"s": [{}]}}}));
    for _ in 0..200_000 {
        assert!(settle(&board, &title).is_empty());
    }
    // A place at the top of all of them: everything makes way once.
    let corrected = commit(
        &mut board,
        &json!({"cells": {"@9001/gridPos": {"s": [{"x": 0, "y": 0, "w": 24, "h": 1}]}}}),
    );
    assert!(corrected > 8_000, "{corrected}");
}

/// A comb: gaps of one row that a widget of two rows can not use, thousands of times.
#[test]
fn a_grid_made_to_be_slow_is_settled_quickly() {
    let teeth = (0..4_000).map(|n| [0, 10_000 + n * 2, 24, 1]);
    let low = (0..4_000).map(|n| [0, n * 2, 24, 2]);
    let mut board = board(&teeth.chain(low).collect::<Vec<_>>());
    let mut cells = serde_json::Map::new();
    for n in 0..4_000_u64 {
        let (comb, block) = (n + 2, n + 4_002);
        cells.insert(format!("@{comb}/gridPos/y"), json!({"s": [n * 2]}));
        cells.insert(format!("@{comb}/title"), json!({"s": [block]}));
    }
    commit(&mut board, &json!({"cells": cells}));
    let mut rows: Vec<(i64, i64)> = places(&board)
        .iter()
        .map(|place| (place[1].as_i64().unwrap(), place[3].as_i64().unwrap()))
        .collect();
    rows.sort_unstable();
    assert!(
        rows.windows(2)
            .all(|pair| pair[0].0 + pair[0].1 <= pair[1].0)
    );
}
