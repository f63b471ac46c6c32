//! How much a session hears of the others, on virtual time.

use coboard_engine::room::{Hearers, Input, Output, ToldPresence};
use coboard_protocol::limits::{PRESENCE_LIGHT_MS, TICK_MS};
use coboard_protocol::message::Pace;
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id};

const PEOPLE: usize = 8;
const MINUTE_MS: u64 = 60_000;
/// As often as the SDK tells where a pointer is.
const MOVE_MS: u64 = 50;

pub(crate) fn tell(desk: &mut Desk, session: &str, patch: Json, pace: Option<Pace>) {
    let Json::Object(patch) = patch else {
        panic!("a patch is an object");
    };
    let session = id(session);
    desk.give(Input::Presence {
        session,
        patch,
        pace,
    });
}

pub(crate) fn ask(desk: &mut Desk, session: &str, pace: Pace) {
    tell(desk, session, json!({}), Some(pace));
}

/// Lets time pass, as a driver does.
pub(crate) fn pass(desk: &mut Desk, ms: u64) {
    let end = desk.now + ms;
    while let Some(due) = desk.room.next_timeout().filter(|due| *due <= end) {
        desk.now = due.max(desk.now);
        desk.give(Input::Timeout);
    }
    desk.now = end;
}

/// What a session of this pace was told.
pub(crate) fn heard(desk: &Desk, session: &str, pace: Pace) -> Vec<ToldPresence> {
    let is_for = |to: &Hearers| match to {
        Hearers::Pace(of) => *of == pace,
        Hearers::Session(of) => of.as_str() == session,
    };
    let told = desk.outputs.iter().filter_map(|output| {
        let Output::Presence(told) = output else {
            return None;
        };
        is_for(&told.to).then(|| told.clone())
    });
    told.collect()
}

pub(crate) fn bytes(told: &[ToldPresence]) -> usize {
    let size = |told: &ToldPresence| serde_json::to_string(&told.presence).expect("JSON").len();
    told.iter().map(size).sum()
}

/// Eight people move their pointers for a minute and choose another widget every five seconds. What
/// `c1` hears of it.
fn a_busy_minute(pace: Pace) -> (usize, usize) {
    let mut desk = Desk::new("");
    let people: Vec<String> = (1..=PEOPLE).map(|it| format!("s-p{it}")).collect();
    for person in &people {
        desk.join(&person[2..]);
    }
    ask(&mut desk, "s-c1", pace);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    desk.outputs.clear();
    for step in 0..MINUTE_MS / MOVE_MS {
        for (at, person) in people.iter().enumerate() {
            let x = (step * 7 + at as u64) % 1_000;
            let mut patch = json!({"cursor": {"x": x as f64 / 1_000.0, "row": 3}});
            if (step + at as u64).is_multiple_of(100) {
                patch["selection"] = json!([(step % 17).to_string()]);
            }
            tell(&mut desk, person, patch, None);
        }
        pass(&mut desk, MOVE_MS);
    }
    let told = heard(&desk, "s-c1", pace);
    (told.len(), bytes(&told))
}

#[test]
fn a_minute_at_each_pace() {
    let [(full, full_bytes), (light, light_bytes), none] =
        [Pace::Full, Pace::Light, Pace::None].map(a_busy_minute);
    println!("full {full} messages, {full_bytes} bytes; light {light}, {light_bytes}");
    assert!(full >= 1_200, "{full}");
    // One every two seconds, and the lists of everybody in between.
    assert!(light as u64 <= MINUTE_MS / PRESENCE_LIGHT_MS + 2, "{light}");
    assert!(light_bytes * 20 < full_bytes, "{light_bytes} {full_bytes}");
    assert_eq!(none, (0, 0));
}

#[test]
fn whoever_asks_again_for_the_same_pace_is_told_everybody_again() {
    let mut desk = Desk::new("");
    for pace in [Pace::Full, Pace::Light] {
        ask(&mut desk, "s-c1", pace);
        pass(&mut desk, PRESENCE_LIGHT_MS);
        // As if that had been lost.
        desk.outputs.clear();
        ask(&mut desk, "s-c1", pace);
        ask(&mut desk, "s-c1", pace);
        pass(&mut desk, PRESENCE_LIGHT_MS - 1);
        let told = heard(&desk, "s-c1", pace);
        assert_eq!(told.len(), 1, "once, however often one asks");
        assert!(told[0].presence.complete);
    }
}

#[test]
fn light_is_without_movements_and_with_all_else() {
    let mut desk = Desk::new("");
    ask(&mut desk, "s-c1", Pace::Light);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    desk.outputs.clear();
    let moved = json!({"cursor": {"x": 0.5, "row": 1}, "drag": {"widget": "17"}});
    tell(&mut desk, "s-c2", moved, None);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    assert_eq!(heard(&desk, "s-c1", Pace::Light), []);
    tell(&mut desk, "s-c2", json!({"selection": ["17"]}), None);
    let told = heard(&desk, "s-c1", Pace::Light);
    assert_eq!(told.len(), 1, "at once after a pause");
    let entry = &told[0].presence.entries[0];
    assert_eq!(
        Json::Object(entry.state.clone()),
        json!({"selection": ["17"]})
    );
    // The next one waits, and then says how it is by then.
    for at in 0..5 {
        tell(
            &mut desk,
            "s-c2",
            json!({"selection": [at.to_string()]}),
            None,
        );
    }
    pass(&mut desk, PRESENCE_LIGHT_MS - 1);
    assert_eq!(heard(&desk, "s-c1", Pace::Light).len(), 1);
    pass(&mut desk, 1);
    let told = heard(&desk, "s-c1", Pace::Light);
    assert_eq!(told.len(), 2);
    assert_eq!(told[1].presence.entries[0].state["selection"], json!(["4"]));
    // Who leaves has left for them too.
    desk.leave("s-c2");
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let told = heard(&desk, "s-c1", Pace::Light);
    assert_eq!(told[2].presence.left, [id("s-c2")]);
}

#[test]
fn whoever_looks_again_is_told_everybody() {
    let mut desk = Desk::new("");
    ask(&mut desk, "s-c1", Pace::None);
    desk.join("c3");
    tell(
        &mut desk,
        "s-c2",
        json!({"cursor": {"x": 0.5, "row": 1}, "focus": "@17/title"}),
        None,
    );
    // Neither news nor the lists that replace what was lost.
    pass(&mut desk, MINUTE_MS);
    assert_eq!(heard(&desk, "s-c1", Pace::None), []);
    desk.outputs.clear();
    ask(&mut desk, "s-c1", Pace::Full);
    let told = heard(&desk, "s-c1", Pace::None);
    assert_eq!(told.len(), 1);
    assert!(told[0].presence.complete);
    assert_eq!(told[0].presence.entries.len(), 3);
    let state = |told: &ToldPresence| Json::Object(told.presence.entries[1].state.clone());
    assert_eq!(state(&told[0])["cursor"]["x"], 0.5);
    // With less, what moves is left out of the list too. Turning to and fro does not bring one each time.
    ask(&mut desk, "s-c1", Pace::Light);
    assert_eq!(heard(&desk, "s-c1", Pace::None).len(), 1);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let told = heard(&desk, "s-c1", Pace::None);
    assert_eq!(
        (told.len(), state(&told[1])),
        (2, json!({"focus": "@17/title"}))
    );
    // The others hear what they heard before.
    desk.outputs.clear();
    tell(
        &mut desk,
        "s-c3",
        json!({"cursor": {"x": 0.1, "row": 1}}),
        None,
    );
    pass(&mut desk, TICK_MS);
    assert_eq!(heard(&desk, "s-c2", Pace::Full).len(), 1);
}

#[test]
fn commits_acks_and_heads_do_not_depend_on_it() {
    let mut desk = Desk::new("");
    ask(&mut desk, "s-c1", Pace::None);
    ask(&mut desk, "s-c2", Pace::None);
    desk.outputs.clear();
    let request = desk.send(
        "c1",
        vec![crate::desk::op("c1", 1, 1, crate::desk::set("a", 1))],
    );
    desk.work();
    assert_eq!(desk.results(request), [2]);
    // Where nobody listens nothing is said.
    tell(&mut desk, "s-c2", json!({"focus": "@0/a"}), None);
    pass(&mut desk, 6_000);
    let count = |is: fn(&Output) -> bool| desk.outputs.iter().filter(|output| is(output)).count();
    assert_eq!(count(|output| matches!(output, Output::Committed(_))), 1);
    assert_eq!(count(|output| matches!(output, Output::Head(_))), 1);
    assert_eq!(count(|output| matches!(output, Output::Presence(_))), 0);
}
