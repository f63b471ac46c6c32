//! The log: what is in it, once, in which order, and that everybody was told so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use coboard_protocol::{ClientId, LogEntry, OperationId, Revision};

use super::{Evidence, Violation, Witness};
use crate::record::Record;

/// The revisions of every operation in the log.
type Places = BTreeMap<OperationId, Vec<Revision>>;

pub(super) fn check(evidence: &Evidence) -> Vec<Violation> {
    let mut places = Places::new();
    for entry in &evidence.log {
        places
            .entry(entry.id.clone())
            .or_default()
            .push(entry.revision);
    }
    let mut found = Vec::new();
    once(&places, &mut found);
    no_holes(&evidence.log, &mut found);
    sequences(&evidence.log, &mut found);
    for witness in &evidence.clients {
        fates(witness, &places, &mut found);
        heard(witness, &evidence.log, &mut found);
    }
    nothing_made_up(evidence, &mut found);
    real_time(evidence, &places, &mut found);
    found
}

fn once(places: &Places, found: &mut Vec<Violation>) {
    for (id, revisions) in places.iter().filter(|(_, revisions)| revisions.len() > 1) {
        found.push(Violation::Doubled {
            id: id.clone(),
            revisions: revisions.clone(),
        });
    }
}

fn no_holes(log: &[LogEntry], found: &mut Vec<Violation>) {
    for (entry, expected) in log.iter().zip(1..) {
        if entry.revision != expected {
            found.push(Violation::Hole {
                expected,
                found: entry.revision,
            });
            // Everything after it is shifted too.
            return;
        }
    }
}

fn sequences(log: &[LogEntry], found: &mut Vec<Violation>) {
    let mut last: BTreeMap<&ClientId, u64> = BTreeMap::new();
    for entry in log {
        let last = last.entry(&entry.id.client).or_default();
        // A second time is a violation of its own.
        if entry.id.sequence < *last {
            found.push(Violation::Disorder {
                id: entry.id.clone(),
                after: *last,
            });
        }
        *last = (*last).max(entry.id.sequence);
    }
}

/// Acks, rejects and what never got either.
fn fates(witness: &Witness, places: &Places, found: &mut Vec<Violation>) {
    let mut open = BTreeSet::new();
    let mut settled = BTreeSet::new();
    for record in &witness.records {
        let client = || witness.client.clone();
        match record {
            Record::Invoke { id, .. } => {
                open.insert(id.clone());
            }
            Record::Ack { id, revision, .. } => {
                if !places
                    .get(id)
                    .is_some_and(|places| places.contains(revision))
                {
                    let (id, revision) = (id.clone(), *revision);
                    found.push(Violation::Lost { id, revision });
                }
                if !settled.insert(id.clone()) {
                    found.push(Violation::TwoFates { id: id.clone() });
                }
            }
            Record::Reject { id, error } => {
                if let Some(revision) = places.get(id).and_then(|places| places.first()) {
                    let (id, revision) = (id.clone(), *revision);
                    found.push(Violation::Stray { id, revision });
                }
                if !settled.insert(id.clone()) {
                    found.push(Violation::TwoFates { id: id.clone() });
                }
                found.push(Violation::Refused {
                    client: client(),
                    error: Some(error.clone()),
                });
            }
            Record::NotMade { intent, error } => {
                if error.is_some() || !intent.may_change_nothing() {
                    found.push(Violation::Refused {
                        client: client(),
                        error: error.clone(),
                    });
                }
            }
            Record::Ended { error } => found.push(Violation::Refused {
                client: client(),
                error: Some(error.clone()),
            }),
            Record::Reset => found.push(Violation::Reset { client: client() }),
            Record::Missed { count } => found.push(Violation::Missed {
                client: client(),
                count: *count,
            }),
            Record::Receive { .. } => {}
        }
    }
    for id in open.difference(&settled) {
        found.push(Violation::NoFate { id: id.clone() });
    }
}

/// A client gets every revision since it loaded exactly once: that of others in order, its own by an Ack.
fn heard(witness: &Witness, log: &[LogEntry], found: &mut Vec<Violation>) {
    let client = &witness.client;
    let of_others = log
        .iter()
        .filter(|entry| entry.revision > witness.loaded && entry.id.client != *client);
    let mut expected = of_others.map(|entry| (entry.revision, &entry.id.client));
    let violation = |expected: Option<Revision>, heard| Violation::Heard {
        client: client.clone(),
        expected: expected.unwrap_or(0),
        heard,
    };
    let received: Vec<_> = witness.records.iter().filter_map(received).collect();
    for group in received.chunk_by(|(a, ..), (b, ..)| a == b) {
        let Some((revision, ..)) = group.first() else {
            continue;
        };
        let count: u64 = group.iter().map(|(_, _, count)| count).sum();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let stands_for: Vec<_> = expected.by_ref().take(count).collect();
        let last = stands_for.last().map(|(last, _)| *last);
        if last != Some(*revision) || stands_for.len() < count {
            found.push(violation(last, *revision));
            return;
        }
        if group
            .iter()
            .any(|(_, author, _)| !stands_for.iter().any(|(_, by)| by == author))
        {
            found.push(Violation::Impostor {
                client: client.clone(),
                revision: *revision,
            });
        }
    }
    if let Some((next, _)) = expected.next() {
        found.push(violation(Some(next), 0));
    }
}

fn received(record: &Record) -> Option<(Revision, &ClientId, u64)> {
    match record {
        Record::Receive {
            revision,
            client,
            count,
        } => Some((*revision, client, *count)),
        Record::Invoke { .. }
        | Record::Ack { .. }
        | Record::Reject { .. }
        | Record::NotMade { .. }
        | Record::Reset
        | Record::Ended { .. }
        | Record::Missed { .. } => None,
    }
}

/// Of the clients under test nothing is in the log that they did not make.
fn nothing_made_up(evidence: &Evidence, found: &mut Vec<Violation>) {
    for witness in &evidence.clients {
        let made: BTreeSet<&OperationId> = witness
            .records
            .iter()
            .filter_map(|record| match record {
                Record::Invoke { id, .. } => Some(id),
                Record::Ack { .. }
                | Record::Reject { .. }
                | Record::NotMade { .. }
                | Record::Receive { .. }
                | Record::Reset
                | Record::Ended { .. }
                | Record::Missed { .. } => None,
            })
            .collect();
        for entry in &evidence.log {
            if entry.id.client == witness.client && !made.contains(&entry.id) {
                found.push(Violation::Stray {
                    id: entry.id.clone(),
                    revision: entry.revision,
                });
            }
        }
    }
}

/// What was made after somebody heard an Ack stands after the acknowledged operation.
fn real_time(evidence: &Evidence, places: &Places, found: &mut Vec<Violation>) {
    let mut acks: Vec<(Duration, Revision)> = Vec::new();
    let mut invokes: Vec<(Duration, &OperationId)> = Vec::new();
    for record in evidence.clients.iter().flat_map(|witness| &witness.records) {
        match record {
            Record::Ack { revision, at, .. } => acks.push((*at, *revision)),
            Record::Invoke { id, at, .. } => invokes.push((*at, id)),
            Record::Reject { .. }
            | Record::NotMade { .. }
            | Record::Receive { .. }
            | Record::Reset
            | Record::Ended { .. }
            | Record::Missed { .. } => {}
        }
    }
    acks.sort_unstable();
    invokes.sort_unstable();
    let mut acks = acks.into_iter().peekable();
    let mut acknowledged = 0;
    for (at, id) in invokes {
        while let Some((_, revision)) = acks.next_if(|(heard, _)| *heard < at) {
            acknowledged = acknowledged.max(revision);
        }
        let place = places.get(id).and_then(|places| places.first());
        if let Some(&revision) = place.filter(|revision| **revision <= acknowledged) {
            found.push(Violation::Overtaken {
                id: id.clone(),
                revision,
                acknowledged,
            });
        }
    }
}
