//! The crate `colla` on the same dashboards: nested changes by position, without moves or identity.
//!
//! A line each, as `bench-core` prints them: nanoseconds and the name of our case.
#![allow(clippy::print_stdout, reason = "a program of the command line")]

use colla::{
    Change, ListChange, ListOp, MapChange, MapEntryChange, TextChange, TextOp, TieBreak, Value,
    apply, compose, transform_pair,
};
use serde_json::Value as Json;

use coboard_bench::board::{WIDGETS_1_MB, WIDGETS_10_KB, WIDGETS_100_KB, json};
use coboard_bench::case::{Case, Entry, batch};
use coboard_bench::measure::{Effort, nanoseconds};

/// Operations of one run.
const OPS: usize = 256;
/// Widgets that are edited in turn, as in ours.
const PLACES: usize = WIDGETS_10_KB;

fn main() {
    let effort = Effort::of(std::env::args().any(|argument| argument == "--quick"));
    for entry in cases() {
        let time = nanoseconds(&mut *(entry.make)(), effort);
        println!("{time:.1}\t{}", entry.name);
    }
}

/// What it can do of our cases.
fn cases() -> Vec<Entry> {
    vec![
        Entry::core("apply set, 10 KB", || {
            applies(WIDGETS_10_KB, |at, n| set(at, "x", n as i64))
        }),
        Entry::core("apply set, 100 KB", || {
            applies(WIDGETS_100_KB, |at, n| set(at, "x", n as i64))
        }),
        Entry::core("apply set, 1 MB", || {
            applies(WIDGETS_1_MB, |at, n| set(at, "x", n as i64))
        }),
        Entry::core("apply text, 100 KB", || applies(WIDGETS_100_KB, typed)),
        Entry::core("transform set, set other path", || {
            transforms(|at| (set(at, "x", 1), set(at, "y", 2)))
        }),
        Entry::core("transform set, set same path", || {
            transforms(|at| (set(at, "x", 1), set(at, "x", 2)))
        }),
        Entry::core("transform text, text", || {
            transforms(|at| (splice(at, "abc", 20), splice(at, "d", 40)))
        }),
        Entry::core("compose set + set", || {
            composes(|at| (set(at, "x", 1), set(at, "y", 2)))
        }),
        Entry::core("compose text + text", || {
            composes(|at| (splice(at, "abc", 20), splice(at, "d", 23)))
        }),
    ]
}

/// Plain JSON as its values; queries are texts that can be edited.
fn value(json: &Json, key: &str) -> Value {
    match json {
        Json::Null => Value::null(),
        Json::Bool(b) => Value::bool(*b),
        Json::Number(n) => n.as_i64().map_or_else(Value::null, Value::int),
        Json::String(s) if key == "expr" => Value::text(s.as_str()),
        Json::String(s) => Value::string(s.as_str()),
        Json::Array(list) => Value::list(list.iter().map(|json| value(json, ""))),
        Json::Object(map) => {
            let entries = map
                .iter()
                .map(|(key, json)| (key.as_str(), value(json, key)));
            Value::map(entries).expect("keys are distinct")
        }
    }
}

fn at_key(key: &str, change: Change) -> Change {
    let entry = (key, MapEntryChange::Modify(change));
    MapChange::from_entries([entry]).expect("one key").into()
}

fn at_index(index: usize, change: Change) -> Change {
    let ops = [ListOp::Retain(index), ListOp::Modify(change)];
    ListChange::from_ops(ops).expect("it is short").into()
}

fn set(at: usize, key: &str, new: i64) -> Change {
    let set = at_key(key, Change::replace(Value::int(new)));
    at_key("panels", at_index(at, at_key("gridPos", set)))
}

fn splice(at: usize, insert: &str, offset: usize) -> Change {
    edit(at, [TextOp::Retain(offset), TextOp::Insert(insert.into())])
}

fn edit(at: usize, ops: [TextOp; 2]) -> Change {
    let edit = TextChange::from_ops(ops).expect("it is short").into();
    let query = at_index(0, at_key("expr", edit));
    at_key("panels", at_index(at, at_key("targets", query)))
}

/// Types a letter, or takes it back.
fn typed(at: usize, n: usize) -> Change {
    if n.is_multiple_of(2) {
        return splice(at, "x", 40);
    }
    edit(at, [TextOp::Retain(40), TextOp::Delete(1)])
}

/// Applies each operation to the result of the one before, as ours are.
fn applies(widgets: usize, make: fn(usize, usize) -> Change) -> Box<dyn Case> {
    let ops: Vec<Change> = (0..OPS)
        .map(|n| make(n / 2 % PLACES * widgets / PLACES, n))
        .collect();
    let mut document = value(&json(widgets), "");
    batch(
        OPS,
        || (),
        move |()| {
            for op in &ops {
                document = apply(&document, op).expect("it fits");
            }
        },
    )
}

fn pairs(make: fn(usize) -> (Change, Change)) -> Vec<(Change, Change)> {
    (0..OPS).map(|n| make(n % WIDGETS_100_KB)).collect()
}

/// Both directions at once, as the crate does it.
fn transforms(make: fn(usize) -> (Change, Change)) -> Box<dyn Case> {
    let pairs = pairs(make);
    batch(
        OPS,
        || (),
        move |()| {
            let transform = |(one, other): &(Change, Change)| {
                transform_pair(one, other, TieBreak::RightFirst).expect("they fit")
            };
            pairs.iter().map(transform).collect::<Vec<_>>()
        },
    )
}

fn composes(make: fn(usize) -> (Change, Change)) -> Box<dyn Case> {
    let pairs = pairs(make);
    batch(
        OPS,
        || (),
        move |()| {
            let compose = |(one, other): &(Change, Change)| compose(one, other).expect("they fit");
            pairs.iter().map(compose).collect::<Vec<_>>()
        },
    )
}
