//! A long absence: what was missed comes first, then the queue goes out on the head, and both show
//! how far they are.

use coboard_engine::client::{Input, Progress, Request, Waiting};
use coboard_protocol::Revision;
use coboard_protocol::limits::{OPERATIONS_PER_SUBMIT_MAX, SNAPSHOT_COMMITS};
use coboard_protocol::message::Committed;
use serde_json::json;

use crate::world::World;

/// More than a room that is loaded anew has in memory: its oldest entry is after the snapshot.
const MISSED: u64 = SNAPSHOT_COMMITS + 50;

fn add(world: &mut World, index: usize) {
    let steps = json!([{"add": {"path": "@0/count", "by": 1}}]);
    let edited = world.edit(index, "count", steps);
    assert_eq!(edited.error, None);
}

/// The first client is away, the second one makes `MISSED` operations and the first one `queued`.
fn apart(queued: usize) -> World {
    let mut world = World::new(&json!({"count": 0}), 2);
    world.disconnect(0);
    for _ in 0..MISSED {
        add(&mut world, 1);
        world.settle();
    }
    for _ in 0..queued {
        add(&mut world, 0);
    }
    world.crash();
    world
}

/// The bases of what the first client submitted, with how many operations.
fn submits(world: &World) -> Vec<(Revision, usize)> {
    let asked = world.peers[0].asked.iter();
    asked
        .filter_map(|request| match request {
            Request::Submit(submit) => Some((submit.operations[0].base, submit.operations.len())),
            Request::Join(_) | Request::CatchUp(_) => None,
        })
        .collect()
}

fn catch_ups(world: &World) -> usize {
    let asked = world.peers[0].asked.iter();
    asked
        .filter(|request| matches!(request, Request::CatchUp(_)))
        .count()
}

#[test]
fn a_queue_is_sent_on_the_head_and_nothing_twice() {
    let mut world = apart(OPERATIONS_PER_SUBMIT_MAX + 30);
    world.peers[0].asked.clear();
    world.connect(0);
    world.settle();
    let head = 1 + MISSED;
    let second = head + OPERATIONS_PER_SUBMIT_MAX as Revision;
    assert_eq!(
        submits(&world),
        [(head, OPERATIONS_PER_SUBMIT_MAX), (second, 30)]
    );
    assert_eq!(catch_ups(&world), 1, "what was missed comes in one page");
    let joins = world.peers[0].asked.len() - 3;
    assert_eq!(joins, 1, "nothing is refused");
    world.check_converged();
}

#[test]
fn whoever_lacks_a_little_sends_at_once() {
    let mut world = World::new(&json!({"count": 0}), 2);
    for _ in 0..3 {
        add(&mut world, 1);
        world.deliver_up(1);
        world.store_append(Ok(()));
        world.lose_down(0);
    }
    // Told the head, it asks for what it lacks; an edit does not wait for that.
    world.peers[0].hears(Input::Head {
        revision: 4,
        hash: None,
    });
    world.deliver_down(0);
    world.peers[0].asked.clear();
    add(&mut world, 0);
    assert_eq!(submits(&world), [(1, 1)]);
    world.check_converged();
}

/// Lets every entry on its way to the first client come in a message of its own.
fn split(world: &mut World) {
    let mut all = Vec::new();
    while let Some(input) = world.peers[0].take_down() {
        let Input::Committed { message } = input else {
            all.push(input);
            continue;
        };
        for entry in message.entries {
            let message = Committed {
                document: message.document.clone(),
                from: entry.revision - 1,
                to: entry.revision,
                entries: vec![entry],
            };
            all.push(Input::Committed { message });
        }
    }
    for input in all {
        world.peers[0].hears(input);
    }
}

#[test]
fn a_run_that_comes_in_parts_is_not_asked_for() {
    let mut world = World::new(&json!({"count": 0}), 1);
    world.disconnect(0);
    for _ in 0..5 {
        add(&mut world, 0);
    }
    world.connect(0);
    while world.deliver_up(0) || world.deliver_down(0) {}
    assert!(world.store_append(Ok(())));
    split(&mut world);
    // The answer, and all parts but the last, which is lost.
    for _ in 0..5 {
        world.deliver_down(0);
    }
    world.lose_down(0);
    assert_eq!(world.peers[0].machine.revision(), 5);
    assert_eq!(catch_ups(&world), 0, "the rest is on its way");
    world.pass(999);
    assert_eq!(catch_ups(&world), 0);
    world.pass(1);
    assert_eq!(catch_ups(&world), 1, "what stays away is asked for");
    world.check_converged();
}

#[test]
fn progress_is_told_of_both_and_never_goes_back() {
    let mut world = apart(2 * OPERATIONS_PER_SUBMIT_MAX);
    assert_eq!(world.peers[0].machine.status().progress, None);
    world.connect(0);
    let mut seen: Vec<Progress> = Vec::new();
    loop {
        let mut moved = world.store_append(Ok(()));
        for index in 0..2 {
            moved |= world.deliver_up(index);
            moved |= world.deliver_down(index);
        }
        seen.extend(world.peers[0].machine.status().progress);
        if !moved {
            break;
        }
    }
    seen.dedup();
    let told = |kind, done, total| Progress { kind, done, total };
    let sent = OPERATIONS_PER_SUBMIT_MAX as u64;
    assert_eq!(
        seen,
        [
            told(Waiting::CatchingUp, 0, MISSED),
            told(Waiting::Sending, 0, 2 * sent),
            told(Waiting::Sending, sent, 2 * sent),
        ]
    );
    assert_eq!(world.peers[0].machine.status().progress, None);
}

#[test]
fn what_is_short_has_no_progress() {
    let mut world = World::new(&json!({"count": 0}), 2);
    world.disconnect(0);
    for _ in 0..20 {
        add(&mut world, 1);
        world.settle();
        add(&mut world, 0);
    }
    world.connect(0);
    while world.deliver_up(0) || world.deliver_down(0) || world.store_append(Ok(())) {
        assert_eq!(world.peers[0].machine.status().progress, None);
    }
}
