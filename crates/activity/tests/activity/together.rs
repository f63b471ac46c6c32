//! Which changes become one entry.

use coboard_activity::{Feed, events, joined, left, policies_changed};
use coboard_protocol::ot::{Change, Components, Document, ItemId, Path, Value};
use coboard_protocol::{ClientId, Kind, LogEntry, Meta, OperationId, UserId};
use serde_json::{Value as Json, json};

use crate::cases::base;
use crate::world::{Act, People, World};

fn unit(unit: &str) -> Act {
    set("/{CPU}/fieldConfig/defaults/unit", json!(unit))
}

fn set(path: &str, value: Json) -> Act {
    Act::Patch(json!([{"op": "add", "path": path, "value": value}]))
}

fn world(steps: &[(&str, u64, Act)]) -> World {
    let mut world = World::new(&base());
    for (who, at_s, act) in steps {
        world.act(who, *at_s, "", act);
    }
    world
}

#[test]
fn changes_of_one_thing_within_two_minutes_are_one_entry() {
    let typed = |at_s| ("ana", at_s, Act::Type("/{CPU}/targets/0/expr", "x"));
    let world = world(&[typed(0), typed(100), typed(220), typed(341)]);
    assert_eq!(
        world.sentences(),
        [
            "Ana edited the query of “CPU” (3 changes)",
            "Ana edited the query of “CPU”"
        ],
        "the gap between two changes counts; 121 seconds are too long"
    );
    let told = world.told();
    assert_eq!(told[0].revisions, Some((11, 13)));
    assert_eq!((told[0].count, told[0].at_ms), (3, 1_220_000));
    assert_eq!(told[0].id, "11.0", "it keeps the name of its first change");
}

#[test]
fn what_others_do_in_between_to_the_same_thing_ends_an_entry() {
    let told = world(&[
        ("ana", 0, unit("ms")),
        ("ben", 1, unit("s")),
        ("ana", 2, unit("ns")),
    ]);
    assert_eq!(
        told.sentences(),
        [
            "Ana changed the unit of “CPU” to milliseconds",
            "Ben changed the unit of “CPU” to seconds",
            "Ana changed the unit of “CPU” to nanoseconds",
        ]
    );
    let beside = set("/{Memory}/title", json!("RAM"));
    let told = world(&[
        ("ana", 0, unit("ms")),
        ("ben", 1, beside),
        ("ana", 2, unit("ns")),
    ]);
    assert_eq!(
        told.sentences(),
        [
            "Ben renamed “Memory” to “RAM”",
            "Ana changed the unit of “CPU” to nanoseconds",
        ]
    );
}

#[test]
fn different_parts_of_one_widget_are_named_as_long_as_they_are_two() {
    let decimals = || set("/{CPU}/fieldConfig/defaults/decimals", json!(3));
    let told = world(&[("ana", 0, unit("ms")), ("ana", 1, decimals())]);
    assert_eq!(
        told.sentences(),
        ["Ana changed the unit and the number of decimals of “CPU” (2 changes)"]
    );
    let minimum = set("/{CPU}/fieldConfig/defaults/min", json!(0));
    let told = world(&[
        ("ana", 0, unit("ms")),
        ("ana", 1, decimals()),
        ("ana", 2, minimum),
    ]);
    assert_eq!(told.sentences(), ["Ana edited “CPU” (3 changes)"]);
}

#[test]
fn an_entry_tells_what_stood_there_before_all_of_it() {
    let told = world(&[("ana", 0, unit("ms")), ("ana", 1, unit("s"))]).told();
    let [entry] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(entry.before, Some(json!("short")));
    assert_eq!(entry.after, Some(json!("s")));
    let path = entry.path.as_deref().unwrap_or_default();
    assert!(path.ends_with("/fieldConfig/defaults/unit"), "{path}");
    assert_eq!(entry.title, "CPU");
    assert_eq!(entry.device.as_deref(), Some("device of tab-of-ana"));
}

#[test]
fn a_large_value_is_not_told() {
    let long = "x".repeat(300);
    let told = world(&[("ana", 0, set("/folder", json!(long)))]).told();
    assert_eq!(
        (&told[0].after, told[0].text.as_str()),
        (&None, "changed the folder of the dashboard")
    );
}

#[test]
fn a_title_is_told_as_it_was_then() {
    let renamed = set("/{CPU}/title", json!("Usage"));
    let moved = Act::Patch(json!([{"op": "add", "path": "/{Usage}/gridPos/x", "value": 30}]));
    let told = world(&[
        ("ana", 0, unit("ms")),
        ("ben", 1, renamed),
        ("ana", 300, moved),
    ]);
    let titles: Vec<String> = told.told().into_iter().map(|entry| entry.title).collect();
    assert_eq!(titles[0], "CPU");
}

fn ana() -> UserId {
    UserId::try_from("ana".to_owned()).expect("it is an identifier")
}

#[test]
fn a_dashboard_begins_with_one_entry() {
    let after = World::new(&base()).document;
    let entry = LogEntry {
        id: OperationId {
            client: ClientId::try_from("server").expect("it is an identifier"),
            sequence: 1,
        },
        revision: 1,
        components: Components::of_cell(
            ItemId::ROOT,
            Path::of(["title"]),
            Change::Set {
                old: None,
                new: Some(Value::Str("Node".into())),
            },
        ),
        meta: Meta {
            kind: Kind::Import,
            ..Meta::default()
        },
        author: ana(),
        server_time_ms: 1,
        conflicts: Vec::new(),
    };
    let mut feed = Feed::new();
    for event in events(&Document::new(), &after, &entry) {
        feed.fold(event);
    }
    let told: Vec<String> = feed
        .entries()
        .map(|entry| entry.tell(&People).text)
        .collect();
    assert_eq!(told, ["created the dashboard “Node” with 8 widgets"]);
}

#[test]
fn what_is_not_in_the_log_is_told_without_revisions() {
    let document = World::new(&base()).document;
    let mut feed = Feed::new();
    feed.fold(joined(&document, ana(), 5));
    feed.fold(policies_changed(&document, ana(), 6));
    feed.fold(policies_changed(&document, ana(), 7));
    feed.fold(left(&document, ana(), 8));
    let told: Vec<_> = feed.entries().map(|entry| entry.tell(&People)).collect();
    let texts: Vec<&str> = told.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(
        texts,
        ["joined", "changed the policies of the dashboard", "left"]
    );
    assert!(told.iter().all(|entry| entry.revisions.is_none()));
}

#[test]
fn a_feed_keeps_only_what_something_can_still_be_added_to() {
    let mut feed = world(&[
        ("ana", 0, unit("ms")),
        ("ben", 60, set("/{Memory}/title", json!("RAM"))),
    ])
    .feed;
    feed.forget_before(1_000_000 + 121_000);
    assert_eq!(feed.len(), 1);
    feed.keep(0);
    assert!(feed.is_empty());
}
