//! What was missed comes composed: the same document as entry by entry, and few bytes.

use coboard_engine::room::{Answer, Input, Output};
use coboard_protocol::Revision;
use coboard_protocol::codec::components;
use coboard_protocol::limits::{CATCH_UP_BYTES_MAX, MESSAGE_BYTES_MAX};
use coboard_protocol::message::{CatchUp, Segment};
use coboard_protocol::ot::Document;
use coboard_testkit::{Generator, Model, Random, Taste, build};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id, op, set, text};

/// Asks on until nothing is left; the answers as they cross the wire, and how often storage was read.
fn ask(desk: &mut Desk, client: &str, since: Revision, entries: bool) -> (Vec<String>, usize) {
    let (mut pages, mut reads, mut at) = (Vec::new(), 0, since);
    while at < desk.room.revision() {
        let request = desk.request();
        desk.give(Input::CatchUp {
            request,
            session: id(&format!("s-{client}")),
            since: at,
            entries,
        });
        while desk.read() {
            reads += 1;
        }
        let Some(Answer::CaughtUp(Ok(answer))) = desk.answer(request) else {
            panic!("it is answered");
        };
        let page = answer.catch_up.expect("the log reaches that far");
        assert_eq!(page.from, at);
        assert!(page.to > at, "it goes on");
        at = page.to;
        pages.push(serde_json::to_string(&page).expect("JSON"));
    }
    (pages, reads)
}

fn read(pages: &[String]) -> Vec<Segment> {
    let pages = pages
        .iter()
        .map(|page| serde_json::from_str::<CatchUp>(page).expect("a page"));
    pages.flat_map(|page| page.segments).collect()
}

/// The document after the segments, which follow each other without gaps.
fn apply(document: &Document, since: Revision, segments: &[Segment]) -> Document {
    let (mut document, mut at) = (document.clone(), since);
    for segment in segments {
        let (from, components) = match segment {
            Segment::Entry { entry } => (entry.revision - 1, &entry.components),
            Segment::Composed(composed) => (composed.from, &composed.components),
        };
        assert_eq!(from, at, "no gap and no overlap");
        document.apply(components);
        at = segment.to();
    }
    document
}

/// The document at a revision.
fn at(desk: &Desk, revision: Revision) -> Document {
    let mut document = Document::new();
    for (entry, _) in desk.log.iter().take(revision as usize) {
        document.apply(&entry.components);
    }
    document
}

/// Operations of three clients, most of them of the first.
fn history(seed: u64, len: Revision) -> Desk {
    let mut desk = Desk::new("text");
    desk.join("c3");
    let mut random = Random::new(seed, 1);
    let mut edits = Generator::new(Random::new(seed, 2), Taste::Text);
    let mut sequences = [0; 4];
    while desk.room.revision() < len {
        let client = [1, 1, 1, 1, 1, 2, 2, 3][random.below(8)];
        let mut model = Model::of(desk.room.document());
        let made = edits.edits(&model, client as u32);
        let made = components::to_json(&build(&mut model, &made));
        let name = format!("c{client}");
        sequences[client] += 1;
        let operation = op(&name, sequences[client], desk.room.revision(), made);
        let results = desk.submit(&name, vec![operation]);
        if !results[0].is_number() {
            sequences[client] -= 1;
        }
        desk.outputs.clear();
    }
    desk
}

#[test]
fn composed_is_the_same_as_entry_by_entry() {
    let mut composed = 0;
    for seed in 0..6 {
        let mut desk = history(seed, 700);
        let mut random = Random::new(seed, 3);
        for tail in [700, 100, 0] {
            desk.reopen(tail);
            for client in ["c3", "c2"] {
                desk.join(client);
                let since = 1 + random.below(690) as Revision;
                let before = at(&desk, since);
                let (apart, _) = ask(&mut desk, client, since, true);
                let apart = read(&apart);
                assert!(apart.iter().all(|s| matches!(s, Segment::Entry { .. })));
                // The second time the blocks are there.
                for _ in 0..2 {
                    let (pages, _) = ask(&mut desk, client, since, false);
                    let segments = read(&pages);
                    check(&desk, client, since, &segments);
                    let document = apply(&before, since, &segments);
                    assert_eq!(document, apply(&before, since, &apart));
                    assert_eq!(&document, desk.room.document(), "seed {seed} since {since}");
                    let all = segments.iter();
                    composed += all.filter(|s| matches!(s, Segment::Composed(_))).count();
                }
            }
        }
    }
    assert!(composed > 300, "{composed} segments were composed");
}

/// Own operations come as entries, those of others are told by author.
fn check(desk: &Desk, client: &str, since: Revision, segments: &[Segment]) {
    let own = |revision: Revision| {
        let (entry, _) = &desk.log[revision as usize - 1];
        entry.id.client == id(client)
    };
    for segment in segments {
        let Segment::Composed(composed) = segment else {
            continue;
        };
        assert!(!(composed.from + 1..=composed.to).any(own));
        let counted: u64 = composed.authors.iter().map(|author| author.count).sum();
        assert_eq!(counted, composed.to - composed.from, "everybody is counted");
        let last = &desk.log[composed.to as usize - 1].0;
        assert_eq!(composed.authors[0].client, last.id.client);
        assert_eq!(composed.authors[0].server_time_ms, last.server_time_ms);
    }
    for revision in since + 1..=desk.room.revision() {
        let entry =
            |s: &Segment| matches!(s, Segment::Entry { entry } if entry.revision == revision);
        assert!(
            !own(revision) || segments.iter().any(entry),
            "{revision} comes apart"
        );
    }
}

#[test]
fn a_few_operations_come_with_their_labels() {
    let mut desk = Desk::new("");
    desk.grow_by(10);
    let head = desk.room.revision();
    let (pages, _) = ask(&mut desk, "c2", head - 3, false);
    let entries = read(&pages);
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|s| matches!(s, Segment::Entry { .. })));
    let (pages, _) = ask(&mut desk, "c2", head - 4, false);
    assert!(matches!(read(&pages)[..], [Segment::Composed(_)]));
}

#[test]
fn many_who_missed_the_same_share_what_was_read() {
    let mut desk = Desk::new("");
    desk.grow_by(3_000);
    desk.reopen(0);
    let (_, first) = ask(&mut desk, "c2", 5, false);
    assert_eq!(first, 6, "512 at a time");
    let (pages, second) = ask(&mut desk, "c2", 5, false);
    // The piece in front of the first block and the one behind the last.
    assert_eq!((pages.len(), second), (1, 2));
    let (_, other) = ask(&mut desk, "c2", 8, false);
    assert_eq!(other, 2);
}

#[test]
fn what_does_not_fit_one_message_comes_in_several() {
    let mut desk = Desk::new("");
    let long = "\"\\".repeat(1_000);
    for sequence in 1..=400 {
        let change = set(&format!("k{sequence}"), long.as_str());
        desk.submit("c1", vec![op("c1", sequence, sequence, change)]);
        desk.outputs.clear();
    }
    let before = at(&desk, 1);
    let (pages, _) = ask(&mut desk, "c2", 1, false);
    assert!(pages.len() > 10, "1.6 MB: {}", pages.len());
    for page in &pages {
        assert!(page.len() < CATCH_UP_BYTES_MAX + 1_000, "{}", page.len());
    }
    assert_eq!(&apply(&before, 1, &read(&pages)), desk.room.document());
}

#[test]
fn the_newest_of_a_run_that_is_not_durable_yet_is_not_told() {
    let mut desk = Desk::new("");
    desk.grow_by(40);
    desk.reopen(0);
    let head = desk.room.revision();
    let base = head;
    desk.send("c1", vec![op("c1", head, base, set("a", 1))]);
    // Storage has it, but the room does not know that yet.
    let Some(Output::Append { entries, .. }) = desk.take(|o| matches!(o, Output::Append { .. }))
    else {
        panic!("it is to be stored");
    };
    let request = desk.request();
    let (session, since) = (id("s-c2"), 1);
    desk.give(Input::CatchUp {
        request,
        session,
        since,
        entries: false,
    });
    let Some(Output::ReadLog { request, .. }) = desk.take(|o| matches!(o, Output::ReadLog { .. }))
    else {
        panic!("it is read");
    };
    let log = desk.log.iter().map(|(entry, _)| entry.clone()).skip(1);
    let entries = log.chain(entries).collect();
    desk.give(Input::LogRead { request, entries });
    let Some(Answer::CaughtUp(Ok(answer))) = desk.answer(request) else {
        panic!("it is answered");
    };
    assert_eq!(answer.catch_up.expect("a page").to, head);
}

/// Bytes of what one client is sent about `missed` operations of each kind, composed and apart.
fn sizes(kind: impl Fn(u64) -> Json, missed: u64) -> (usize, usize, usize) {
    let mut desk = Desk::new("");
    let mut sequence = 0;
    while sequence < missed {
        let base = desk.room.revision();
        let step = 200.min(missed - sequence);
        let batch = (0..step).map(|n| op("c1", sequence + n + 1, base, kind(sequence + n)));
        let batch = batch.collect();
        desk.submit("c1", batch);
        desk.outputs.clear();
        sequence += step;
    }
    assert_eq!(desk.room.revision(), missed + 1);
    let (composed, _) = ask(&mut desk, "c2", 1, false);
    let (apart, _) = ask(&mut desk, "c2", 1, true);
    let sum = |pages: &[String]| pages.iter().map(String::len).sum();
    (sum(&composed), sum(&apart), composed.len())
}

#[test]
fn ten_thousand_missed_operations_are_few_bytes() {
    let drag = |n: u64| set("x", n);
    let typing = |n: u64| text(json!([n, "a"]));
    let spread = |n: u64| set(&format!("k{}", n % 500), n);
    let kinds: [(&str, &dyn Fn(u64) -> Json); 3] =
        [("drag", &drag), ("typing", &typing), ("500 cells", &spread)];
    for (name, kind) in kinds {
        for missed in [1, 100, 10_000] {
            let (composed, apart, pages) = sizes(kind, missed);
            println!(
                "{name:>10} {missed:>6} missed: {composed:>7} bytes in {pages} answers, {apart:>8} one by one"
            );
            assert!(composed <= apart + 10);
            assert!(
                composed < MESSAGE_BYTES_MAX && pages == 1,
                "{name} {missed}"
            );
            assert!(
                missed < 10_000 || composed * 50 < apart,
                "{name}: {composed} of {apart}"
            );
        }
    }
}
