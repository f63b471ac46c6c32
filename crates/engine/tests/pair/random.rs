//! Random runs: edits, losses, broken connections and crashes in any order, then everybody agrees.

use coboard_engine::room::AppendFailure;
use coboard_testkit::Random;
use serde_json::{Value as Json, json};

use crate::world::World;

const RUNS: u64 = 300;
const STEPS: usize = 250;

#[test]
fn everybody_agrees_in_the_end() {
    let seed: Option<u64> = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    for seed in seed.map_or(0..RUNS, |seed| seed..seed + 1) {
        let result = std::panic::catch_unwind(|| run(seed));
        if let Err(panic) = result {
            eprintln!("failed with SEED={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

fn run(seed: u64) {
    let mut random = Random::new(seed, 0);
    let content = json!({
        "title": "Nodes", "count": 0, "options": {"a": 1, "b": {"c": "x"}},
        "panels": [{"text": "hello", "tags": ["x"]}, {"text": "", "tags": []}],
        "rows": [{"panels": [{"n": 1}]}, {"panels": []}],
    });
    let peers = 2 + random.below(3);
    let mut world = World::new(&content, peers);
    if random.chance(50) {
        world.policies(&policies(&mut random));
    }
    let faults = random.chance(70);
    for _ in 0..STEPS {
        step(&mut world, &mut random, faults);
    }
    world.check_converged();
}

/// One to three rules of paths that the edits touch.
pub(crate) fn policies(random: &mut Random) -> Vec<(&'static str, &'static str)> {
    const PATHS: [&str; 6] = [
        "/**",
        "/panels/**",
        "/rows/**",
        "/options/**",
        "/count",
        "/**/text",
    ];
    const WORDS: [&str; 7] = [
        "first",
        "reject",
        "manual",
        "delete_wins",
        "bounce",
        "max",
        "min",
    ];
    let count = 1 + random.below(3);
    let rules = (0..count).filter_map(|_| Some((*random.pick(&PATHS)?, *random.pick(&WORDS)?)));
    rules.collect()
}

pub(crate) fn step(world: &mut World, random: &mut Random, faults: bool) {
    let index = random.below(world.peers.len());
    match random.below(if faults { 26 } else { 20 }) {
        0..=3 => {
            edit(world, random, index);
        }
        4 => {
            world.undo(index);
        }
        5 => {
            world.redo(index);
        }
        6..=10 => {
            world.deliver_up(index);
        }
        11..=15 => {
            world.deliver_down(index);
        }
        16..=18 => {
            world.store_append(Ok(()));
        }
        19 => world.pass(50),
        20 => world.disconnect(index),
        21 | 22 => world.connect(index),
        23 => world.lose_down(index),
        24 if random.chance(20) => world.crash(),
        25 if random.chance(30) => {
            world.store_append(Err(AppendFailure::Unavailable));
        }
        _ => world.pass(3_000),
    }
}

fn edit(world: &mut World, random: &mut Random, index: usize) {
    if !world.peers[index].machine.is_loaded() {
        return;
    }
    let count = 1 + random.below(3);
    let steps: Vec<Json> = (0..count)
        .map(|_| edit_step(world, random, index))
        .collect();
    let mut request = json!({"label": "edit", "steps": steps, "atomic": random.chance(10)});
    if random.chance(20) {
        request["gesture"] = json!("g");
    }
    // A step may not fit the view any more; then nothing happens.
    world.edit_request(index, &request);
}

fn edit_step(world: &World, random: &mut Random, index: usize) -> Json {
    let list = pick_list(world, random, index);
    let item = pick_item(world, random, index);
    let number = random.below(4);
    match random.below(12) {
        0 => json!({"set": {"path": "@0/title", "value": format!("t{number}")}}),
        1 => json!({"add": {"path": "@0/count", "by": number}}),
        2 => json!({"set": {"path": "@0/options/b", "value": {"c": number}}}),
        3 => json!({"set": {"path": "@0/options/b/c", "value": [number, {"d": []}]}}),
        4 => json!({"remove": {"path": "@0/options/a"}}),
        5 => json!({"text": {"path": format!("@{item}/text"), "delta": [number, "é🙂"]}}),
        6 => json!({"text": {"path": format!("@{item}/text"), "delta": [{"d": number}]}}),
        7 => {
            json!({"insert": {"list": list, "value": {"text": "new", "panels": [], "tags": [1]}, "at": "start"}})
        }
        8 => json!({"trash": {"item": item}}),
        9 | 10 => json!({"move": {"item": item, "list": list}}),
        _ => json!({"set": {"path": format!("@{item}/text"), "value": "set"}}),
    }
}

fn pick_item(world: &World, random: &mut Random, index: usize) -> String {
    let items: Vec<String> = world.peers[index]
        .machine
        .view()
        .items()
        .map(|(id, _)| id.to_string())
        .collect();
    random.pick(&items).cloned().unwrap_or_default()
}

fn pick_list(world: &World, random: &mut Random, index: usize) -> String {
    let item = pick_item(world, random, index);
    let options = [
        "@0/panels".to_owned(),
        "@0/rows".to_owned(),
        format!("@{item}/panels"),
        format!("@{item}/tags"),
    ];
    random.pick(&options).cloned().unwrap_or_default()
}
