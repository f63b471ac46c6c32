//! The content: what the edits were meant to do is there once, and everybody sees the same.

use std::collections::{BTreeMap, BTreeSet};

use coboard_protocol::OperationId;

use super::{Evidence, Violation};
use crate::board;
use crate::edits::Intent;
use crate::record::Record;

pub(super) fn check(evidence: &Evidence) -> Vec<Violation> {
    let mut found = Vec::new();
    let done = done(evidence);
    counters(evidence, &done, &mut found);
    let (words, panels) = expected(&done);
    let text = evidence.export["text"].as_str().unwrap_or_default();
    counts("the word", &words, &split_words(text), &mut found);
    let titles = evidence.export["panels"].as_array().into_iter().flatten();
    let titles = titles.map(|panel| panel["title"].as_str().unwrap_or_default().to_owned());
    counts(
        "the panel",
        &panels,
        &titles.collect::<Vec<_>>(),
        &mut found,
    );
    same(evidence, &mut found);
    found
}

/// What was made and not refused.
fn done(evidence: &Evidence) -> Vec<&Intent> {
    let mut made: BTreeMap<&OperationId, &Intent> = BTreeMap::new();
    let mut refused = BTreeSet::new();
    for record in evidence.clients.iter().flat_map(|witness| &witness.records) {
        match record {
            Record::Invoke { id, intent, .. } => {
                made.insert(id, intent);
            }
            Record::Reject { id, .. } => {
                refused.insert(id);
            }
            Record::Ack { .. }
            | Record::NotMade { .. }
            | Record::Receive { .. }
            | Record::Reset
            | Record::Ended { .. }
            | Record::Missed { .. } => {}
        }
    }
    made.retain(|id, _| !refused.contains(id));
    made.into_values().collect()
}

fn counters(evidence: &Evidence, done: &[&Intent], found: &mut Vec<Violation>) {
    let mut sums = [0; board::COUNTERS];
    for intent in done {
        if let Intent::Add { counter, by } = intent {
            sums[*counter] += by;
        }
    }
    for (counter, expected) in sums.into_iter().enumerate() {
        let value = &evidence.export["counters"][board::counter_name(counter)];
        if value.as_i64() != Some(expected) {
            found.push(Violation::Counter {
                counter,
                expected,
                found: value.clone(),
            });
        }
    }
}

/// The words and the panels that must be there.
fn expected(done: &[&Intent]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut words, mut panels) = (BTreeSet::new(), BTreeSet::new());
    let mut erased = BTreeSet::new();
    for intent in done {
        match intent {
            Intent::Write { word } => {
                words.insert(word.clone());
            }
            Intent::Erase { word } => {
                erased.insert(word.clone());
            }
            Intent::Insert { name } => {
                panels.insert(name.clone());
            }
            Intent::Add { .. } | Intent::Move | Intent::Set => {}
        }
    }
    words.retain(|word| !erased.contains(word));
    (words, panels)
}

/// `[a][b]` as `[a]` and `[b]`; what is no word stays what it is.
fn split_words(text: &str) -> Vec<String> {
    text.split_inclusive(']').map(str::to_owned).collect()
}

fn counts(what: &str, expected: &BTreeSet<String>, there: &[String], found: &mut Vec<Violation>) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for name in there {
        *times.entry(name).or_default() += 1;
    }
    let names: BTreeSet<&str> = expected
        .iter()
        .map(String::as_str)
        .chain(times.keys().copied())
        .collect();
    for name in names {
        let wanted = usize::from(expected.contains(name));
        let is = times.get(name).copied().unwrap_or(0);
        if is != wanted {
            found.push(Violation::Count {
                what: format!("{what} {name}"),
                expected: wanted,
                found: is,
            });
        }
    }
}

fn same(evidence: &Evidence, found: &mut Vec<Violation>) {
    let mut views = vec![
        ("the replayed log".to_owned(), &evidence.replayed),
        (
            "the snapshot with its tail".to_owned(),
            &evidence.from_snapshot,
        ),
    ];
    for witness in &evidence.clients {
        views.push((format!("the view of {}", witness.client), &witness.export));
    }
    for (view, json) in views {
        if *json != evidence.export {
            found.push(Violation::Diverged { view });
        }
    }
}
