//! What the device is told to keep brings back a machine that ended at any moment.

use coboard_engine::Time;
use coboard_engine::client::{
    Client, Config, Input, Output, RESERVE_BLOCK, Resume, from_json, to_json,
};
use coboard_protocol::limits::OPERATIONS_PER_SUBMIT_MAX;
use coboard_testkit::Random;
use serde_json::{Value as Json, json};

use crate::random;
use crate::world::{World, config};

const RUNS: u64 = 150;
const STEPS: usize = 250;

fn board() -> Json {
    json!({
        "title": "Nodes", "count": 0, "options": {"a": 1, "b": {"c": "x"}},
        "panels": [{"text": "hello", "tags": ["x"]}, {"text": "", "tags": []}],
        "rows": [{"panels": [{"n": 1}]}, {"panels": []}],
    })
}

fn set(key: &str, value: i64) -> Json {
    json!([{"set": {"path": format!("@0/{key}"), "value": value}}])
}

fn insert() -> Json {
    json!([{"insert": {"list": "@0/panels", "value": {"text": "new", "tags": []}}}])
}

/// Everybody ends at any moment, keeps what was written until then, and goes on from it.
#[test]
fn who_ends_at_any_moment_goes_on_and_everybody_agrees() {
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let mut restored = 0;
    for seed in seed.map_or(0..RUNS, |seed: u64| seed..seed + 1) {
        match std::panic::catch_unwind(|| run(seed)) {
            Ok(count) => restored += count,
            Err(panic) => {
                eprintln!("failed with SEED={seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    assert!(restored > 500 || seed.is_some(), "{restored} as they were");
}

/// How often a restored machine was what it had been.
fn run(seed: u64) -> usize {
    let mut random = Random::new(seed, 1);
    let mut world = World::kept(&board(), 2 + random.below(2));
    if random.chance(30) {
        world.policies(&random::policies(&mut random));
    }
    let faults = random.chance(70);
    for _ in 0..STEPS {
        random::step(&mut world, &mut random, faults);
        let index = random.below(world.peers.len());
        match random.below(40) {
            0 => {
                let writes = random.below(1 + world.device(index).unflushed());
                world.kill(index, writes, random.chance(30));
            }
            1 => world.reload(index),
            2..=5 => {
                let writes = world.device(index).unflushed();
                world.device(index).flush(writes);
            }
            6 => world.compact(index),
            _ => {}
        }
    }
    world.check_converged();
    for index in 0..world.peers.len() {
        let peer = &world.peers[index];
        assert_eq!(
            (&peer.diverged[..], &peer.unrestored[..]),
            (&[][..], &[][..])
        );
        world.reload(index);
        assert!(
            world.device(index).queue.is_empty(),
            "nothing is kept that is done"
        );
    }
    (0..world.peers.len())
        .map(|index| world.device(index).restored)
        .sum()
}

#[test]
fn edits_made_offline_are_there_after_a_reload_and_go_on() {
    let mut world = World::kept(&board(), 2);
    world.disconnect(0);
    world.edit(0, "first", set("a", 1));
    world.edit(0, "second", insert());
    world.edit(1, "meanwhile", set("b", 1));
    world.reload(0);
    assert_eq!(world.content(0)["a"], 1);
    let status = world.peers[0].machine.status().clone();
    assert_eq!(
        (status.pending_count, status.loading, status.joined),
        (2, false, false)
    );
    world.edit(0, "third", set("a", 2));
    world.reload(0);
    assert_eq!(world.peers[0].machine.queue().len(), 3);
    world.check_converged();
    assert_eq!(
        (&world.content(1)["a"], &world.content(1)["b"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(world.peers[0].acked.len(), 3);
}

#[test]
fn what_was_sent_but_not_written_is_never_numbered_again() {
    let mut world = World::kept(&board(), 1);
    let before = world.device(0).unflushed();
    world.device(0).flush(before);
    for number in 0..3 {
        world.edit(0, "lost", set("a", number));
        world.edit(0, "lost", insert());
    }
    world.settle();
    world.kill(0, 0, true);
    assert!(world.peers[0].machine.queue().is_empty());
    // The device asserts that no id is made twice.
    let edited = world.edit(0, "new", insert());
    let id = edited.id.expect("an operation");
    assert!(id.sequence > u64::from(RESERVE_BLOCK));
    world.check_converged();
    assert_eq!(
        world.content(0)["panels"].as_array().expect("a list").len(),
        6
    );
}

#[test]
fn numbers_are_reserved_long_before_they_are_used() {
    let mut world = World::kept(&board(), 1);
    let half = RESERVE_BLOCK / 2;
    let many = json!([{"insert": {"list": "@0/panels", "value": {"lists": vec![json!([]); 500]}}}]);
    for number in 0..half + 100 {
        let steps = if number % 200 == 0 {
            many.clone()
        } else {
            set("a", i64::from(number))
        };
        let edited = world.edit(0, "edit", steps);
        let sequence = edited.id.expect("an operation").sequence;
        let writes = world.device(0).unflushed();
        world.device(0).flush(writes);
        let reserved = world.device(0).resume;
        assert!(
            sequence + u64::from(half) <= reserved.sequence,
            "{sequence}"
        );
        if let Some(item) = edited.created.last() {
            let item: u64 = item.parse().expect("an id");
            assert!(item as u32 + half <= reserved.counter, "{item}");
        }
        if number % 500 == 0 {
            world.settle();
        }
    }
    assert!(world.device(0).resume.sequence > u64::from(RESERVE_BLOCK));
    assert!(world.device(0).resume.counter > RESERVE_BLOCK);
}

#[test]
fn an_operation_in_the_log_stays_kept_while_a_later_one_stands_below_it() {
    let mut world = World::kept(&board(), 2);
    world.edit(
        0,
        "first",
        json!([{"text": {"path": "@0/title", "delta": ["1 "]}}]),
    );
    world.deliver_up(0);
    world.edit(
        0,
        "second",
        json!([{"text": {"path": "@0/title", "delta": [2, "2 "]}}]),
    );
    world.store_append(Ok(()));
    while world.deliver_down(0) {}
    assert_eq!(
        world.peers[0].machine.queue().len(),
        1,
        "the second one waits"
    );
    world.reload(0);
    assert_eq!(world.device(0).queue.len(), 2, "both are kept");
    assert_eq!(world.content(0)["title"], "1 2 Nodes");
    world.check_converged();
    assert_eq!(world.content(1)["title"], "1 2 Nodes");
    let writes = world.device(0).unflushed();
    world.device(0).flush(writes);
    assert!(world.device(0).queue.is_empty());
}

#[test]
fn what_a_kept_operation_in_the_log_was_made_on_stays_kept_too() {
    let mut world = World::kept(&board(), 2);
    let type_at =
        |at: usize, text: &str| json!([{"text": {"path": "@0/title", "delta": [at, text]}}]);
    world.edit(0, "first", type_at(5, " 1"));
    world.deliver_up(0);
    world.edit(0, "second", type_at(7, " 2"));
    for (label, at, text) in [("third", 9, " 3"), ("fourth", 11, " 4")] {
        world.store_append(Ok(()));
        while world.deliver_down(0) {}
        world.edit(0, label, type_at(at, text));
        world.deliver_up(0);
    }
    world.reload(0);
    // The fourth stands below the third, that below the second, and that below the first.
    assert_eq!(world.device(0).queue.len(), 4);
    assert_eq!(world.content(0)["title"], "Nodes 1 2 3 4");
    world.check_converged();
    assert_eq!(world.content(1)["title"], "Nodes 1 2 3 4");
    let writes = world.device(0).unflushed();
    world.device(0).flush(writes);
    assert!(world.device(0).queue.is_empty());
}

#[test]
fn who_never_pauses_does_not_keep_everything() {
    let mut world = World::kept(&board(), 1);
    let mut most = 0;
    for number in 0..3_000 {
        world.edit(0, "edit", set("a", number));
        world.store_append(Ok(()));
        while world.deliver_down(0) {}
        world.deliver_up(0);
        let writes = world.device(0).unflushed();
        world.device(0).flush(writes);
        most = most.max(world.device(0).queue.len());
    }
    assert!((900..1_100).contains(&most), "{most}");
    world.reload(0);
    world.check_converged();
}

#[test]
fn a_long_queue_is_not_kept_anew_for_every_answer() {
    let mut world = World::kept(&board(), 2);
    world.disconnect(0);
    for number in 0..500 {
        world.edit(0, "edit", set("a", number));
    }
    world.edit(1, "meanwhile", set("b", 1));
    world.settle();
    world.connect(0);
    world.settle();
    assert_eq!(world.peers[0].acked.len(), 500);
    assert_eq!(world.device(0).puts, 500, "each once");
}

#[test]
fn a_refused_operation_is_told_whole_and_what_follows_is_kept_anew() {
    let mut world = World::kept(&board(), 2);
    world.policies(&[("/title", "reject")]);
    let request = json!({
        "label": "refused", "atomic": true,
        "steps": [{"set": {"path": "@0/title", "value": "mine"}}, {"set": {"path": "@0/a", "value": 1}}],
    });
    world.edit_request(0, &request);
    world.edit(0, "later", set("b", 2));
    let theirs = json!([{"set": {"path": "@0/title", "value": "theirs"}}]);
    world.edit(1, "theirs", theirs);
    for index in [1, 0] {
        world.deliver_up(index);
        world.store_append(Ok(()));
    }
    while world.deliver_down(0) {}
    let kept = world.peers[0].refused.first().expect("one").clone();
    assert_eq!(kept.operation.meta.label.as_deref(), Some("refused"));
    assert_eq!(kept.operation.components.cells().count(), 2);
    world.reload(0);
    assert_eq!(world.device(0).queue.len(), 1);
    assert_eq!(
        (&world.content(0)["a"], &world.content(0)["b"]),
        (&Json::Null, &json!(2))
    );
    world.check_converged();
}

/// The device still holds what was refused, before an operation that the log has.
#[test]
fn a_refusal_that_was_not_written_is_made_again() {
    let mut world = World::kept(&board(), 2);
    world.policies(&[("/title", "reject")]);
    let request = json!({
        "label": "refused", "atomic": true,
        "steps": [{"set": {"path": "@0/title", "value": "mine"}}, {"set": {"path": "@0/a", "value": 1}}],
    });
    world.edit_request(0, &request);
    // One more than goes with one submit, each made on the one before.
    let written = "y".repeat(OPERATIONS_PER_SUBMIT_MAX + 1);
    for at in 1..=written.len() {
        let typed = json!([{"text": {"path": "@0/options/b/c", "delta": [at, "y"]}}]);
        world.edit(0, "later", typed);
    }
    let writes = world.device(0).unflushed();
    world.device(0).flush(writes);
    let theirs = json!([{"set": {"path": "@0/title", "value": "theirs"}}]);
    world.edit(1, "theirs", theirs);
    for index in [1, 0] {
        world.deliver_up(index);
        world.store_append(Ok(()));
    }
    while world.deliver_down(0) {}
    world.deliver_up(0);
    world.store_append(Ok(()));
    world.kill(0, 0, true);
    let kept = world.peers[0].machine.queue().len();
    assert_eq!(kept, written.len() + 1, "the refused one too");
    world.check_converged();
    let text = world.content(0)["options"]["b"]["c"].clone();
    assert_eq!(text, format!("x{written}"), "typed once");
    assert_eq!(
        (&world.content(0)["title"], &world.content(0)["a"]),
        (&json!("theirs"), &Json::Null)
    );
}

#[test]
fn a_document_that_is_replaced_is_kept_anew_with_all_that_stands_on_it() {
    let mut world = World::kept(&board(), 2);
    world.edit(0, "old", set("a", 1));
    world.settle();
    world.disconnect(0);
    world.edit(0, "mine", set("b", 1));
    world.set_back(1);
    for peer in &mut world.peers {
        peer.acked.clear();
        peer.made
            .retain(|id| id.client.as_str() == "c0" && id.sequence == 2);
    }
    world.connect(1);
    world.settle();
    world.edit(1, "theirs", set("c", 1));
    world.settle();
    let puts = world.device(0).puts;
    world.connect(0);
    for _ in 0..10 {
        if world.peers[0].machine.revision() == 1 {
            break;
        }
        world.deliver_up(0);
        world.deliver_down(0);
    }
    assert_eq!(world.device(0).puts, puts + 1, "kept anew");
    world.reload(0);
    assert_eq!(
        (&world.content(0)["a"], &world.content(0)["b"]),
        (&Json::Null, &json!(1))
    );
    world.check_converged();
    assert_eq!(world.content(1)["b"], 1);
}

#[test]
fn a_device_that_keeps_nothing_is_told_nothing() {
    let mut world = World::new(&board(), 1);
    let request = serde_json::from_value(json!({"label": "edit", "steps": set("a", 1)}));
    let now = world.now;
    world.peers[0].machine.edit(now, &request.expect("an edit"));
    let mut outputs = std::iter::from_fn(|| world.peers[0].machine.poll());
    assert!(!outputs.any(|output| matches!(output, Output::Keep(_))));
}

/// What is kept of one client with two operations, at revision 2.
fn kept() -> Json {
    let mut world = World::kept(&board(), 1);
    world.edit(0, "first", set("a", 1));
    world.settle();
    world.disconnect(0);
    world.edit(0, "second", set("b", 1));
    world.edit(0, "third", insert());
    let writes = world.device(0).unflushed();
    world.device(0).flush(writes);
    world.device(0).kept().expect("a document")
}

fn fresh() -> Client {
    Client::new(Config {
        resume: Some(Resume {
            client_number: 1,
            sequence: 100,
            counter: 100,
        }),
        keep: true,
        ..config(0)
    })
}

/// The reason of the refusal, if it is one.
fn restore(client: &mut Client, kept: Json) -> Option<String> {
    client.handle(Time::from_ms(5), from_json(kept).expect("an input"));
    let mut failed = None;
    while let Some(output) = client.poll() {
        if let Output::RestoreFailed { error } = output {
            assert_eq!(error.code.as_str(), "E_DEVICE_STORAGE");
            failed = error.details["reason"].as_str().map(str::to_owned);
        }
    }
    failed
}

#[test]
fn what_is_broken_is_refused_as_a_whole() {
    assert_eq!(restore(&mut fresh(), kept()), None, "it is whole");
    let broken: [(&str, &str, Json); 14] = [
        ("/snapshot", "unreadable", Json::Null),
        ("/snapshot/revision", "unreadable", json!("1")),
        ("/snapshot/document", "misfit", json!("another")),
        ("/snapshot/revision", "misfit", json!(7)),
        ("/messages/0", "unreadable", json!({"from": 1})),
        ("/messages", "misfit", json!([])),
        ("/messages", "unreadable", json!({})),
        ("/operations/1/id/client", "misfit", json!("another")),
        ("/operations/1/id/sequence", "misfit", json!(1)),
        ("/operations/1/base", "misfit", json!(3)),
        ("/operations/1/base", "misfit", json!(0)),
        (
            "/operations/0/components",
            "unreadable",
            json!({"cells": {"x": 1}}),
        ),
        ("/operations/0/meta", "unreadable", Json::Null),
        ("/operations/0/at_ms", "unreadable", json!("now")),
    ];
    for (place, reason, value) in broken {
        let mut kept = kept();
        *kept
            .pointer_mut(place)
            .unwrap_or_else(|| panic!("nothing at {place}")) = value;
        let mut client = fresh();
        let before = (client.status().clone(), client.queue());
        assert_eq!(
            restore(&mut client, kept).as_deref(),
            Some(reason),
            "{place}"
        );
        assert_eq!((client.status().clone(), client.queue()), before, "{place}");
        assert!(!client.is_loaded() && client.snapshot().is_none());
        client.handle(Time::from_ms(6), Input::Connected);
        let outputs: Vec<Json> = std::iter::from_fn(|| client.poll())
            .map(|it| to_json(&it))
            .collect();
        let request = outputs
            .iter()
            .find(|it| it["type"] == "request")
            .expect("it joins");
        assert_eq!(request["event"], "join");
        let join = &request["payload"];
        assert_eq!(
            (&join["revision"], &join["inflight"]),
            (&Json::Null, &json!([]))
        );
    }
}

#[test]
fn nothing_is_restored_into_a_machine_that_has_begun() {
    let mut client = fresh();
    assert_eq!(restore(&mut client, kept()), None);
    let before = (client.status().clone(), client.queue());
    assert_eq!(restore(&mut client, kept()).as_deref(), Some("late"));
    assert_eq!((client.status().clone(), client.queue()), before);
    let mut client = fresh();
    client.handle(Time::from_ms(1), Input::Connected);
    assert_eq!(restore(&mut client, kept()).as_deref(), Some("late"));
    assert!(!client.is_loaded());
}

#[test]
fn messages_that_came_too_early_are_kept_in_the_order_they_came() {
    let mut world = World::kept(&board(), 2);
    for number in 0..3 {
        world.edit(1, "theirs", set("a", number));
        world.deliver_up(1);
        world.store_append(Ok(()));
        while world.deliver_down(1) {}
    }
    // The first message is lost, the others are held back until it is asked for.
    world.lose_down(0);
    while world.deliver_down(0) {}
    assert_eq!(world.peers[0].machine.revision(), 1);
    world.settle();
    assert_eq!(world.peers[0].machine.revision(), 4);
    world.edit(0, "mine", set("b", 1));
    world.reload(0);
    world.check_converged();
}

/// A page was asked for, and before it came what it begins with came otherwise, in another order.
#[test]
fn a_page_waits_for_what_it_goes_on_from() {
    let adds = |count: u64| json!({"cells": {"@0/count": {"a": count}}});
    let entry = |revision: u64| {
        json!({
            "id": {"client": "c9", "sequence": revision}, "revision": revision, "components": adds(1),
            "meta": {"kind": "edit"}, "author": "u9", "server_time_ms": 1,
        })
    };
    let committed = |revision: u64| json!({"document": "d1", "from": revision - 1, "to": revision, "entries": [entry(revision)]});
    let composed = json!({"from": 1, "to": 3, "components": adds(2), "authors": []});
    let page = json!({"from": 1, "to": 4, "segments": [composed, {"entry": entry(4)}]});
    let mut kept = kept();
    kept["messages"] = json!([committed(3), committed(2), page]);
    for operation in kept["operations"].as_array_mut().expect("a list") {
        operation["base"] = json!(4);
    }
    let mut client = fresh();
    assert_eq!(restore(&mut client, kept), None);
    assert_eq!((client.revision(), client.status().pending_count), (4, 2));
    assert_eq!(client.read("@0/count"), Some(json!(3)));
}

#[test]
fn what_a_snapshot_holds_already_is_not_waited_for() {
    let mut client = fresh();
    assert_eq!(restore(&mut client, kept()), None);
    client.handle(Time::from_ms(6), Input::Connected);
    let answer = |value: Json| json!({"ok": true, "value": value});
    let joined = answer(json!({
        "session": "s1", "role": "editor", "client_number": 1, "head": 4, "known": [], "presence": [],
        "reset": {"reason": "too_old", "revision": 4, "snapshot": {"url": "/x?revision=4", "etag": ""}},
    }));
    client.handle(
        Time::from_ms(7),
        Input::Answer {
            request: 1,
            answer: joined,
        },
    );
    let mut content = kept()["snapshot"].clone();
    content["revision"] = json!(4);
    let snapshot = serde_json::from_value(content).expect("a snapshot");
    client.handle(Time::from_ms(8), Input::Snapshot { snapshot });
    assert_eq!(
        client.status().pending_count,
        2,
        "nobody said that they are known"
    );
    let id = |sequence: u64| json!({"client": "c0", "sequence": sequence});
    let submitted = answer(json!({"results": [
        {"id": id(2), "revision": 3}, {"id": id(3), "revision": 4},
    ]}));
    client.handle(
        Time::from_ms(9),
        Input::Answer {
            request: 2,
            answer: submitted,
        },
    );
    assert_eq!(client.status().pending_count, 0);
    assert_eq!(client.view(), client.committed());
    let outputs = std::iter::from_fn(|| client.poll()).map(|it| to_json(&it));
    let mut keeps: Vec<Json> = outputs.filter(|it| it["type"] == "keep").collect();
    let last = keeps.pop().expect("one");
    assert_eq!(last["drop"], json!([2, 3]));
}
