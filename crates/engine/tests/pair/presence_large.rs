//! Presence in rooms of hundreds: some are listed, the rest is counted, and what it costs has a bound.

use std::collections::{BTreeMap, BTreeSet};

use coboard_engine::room::{Answer, ToldPresence};
use coboard_protocol::limits::{
    PRESENCE_BYTES_MAX, PRESENCE_ENTRIES_MAX, PRESENCE_LEFT_MS, PRESENCE_LIGHT_MS,
    PRESENCE_LISTED_MAX, PRESENCE_MESSAGE_BYTES, PRESENCE_MESSAGES_PER_SECOND_MAX, TICK_MS,
};
use coboard_protocol::message::{Audience, Joined, Pace, Role};
use coboard_protocol::{SessionId, User};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id, op, set};
use crate::presence::{ask, bytes, heard, pass, tell};

/// What one that hears everything knows after what it was told.
#[derive(Default)]
struct Known {
    states: BTreeMap<SessionId, Json>,
    audience: Audience,
}

impl Known {
    fn of(told: &[ToldPresence]) -> Self {
        let mut known = Self::default();
        for ToldPresence { presence, .. } in told {
            if presence.complete {
                known.states.clear();
            }
            for session in &presence.left {
                known.states.remove(session);
            }
            for entry in &presence.entries {
                let state = Json::Object(entry.state.clone());
                known.states.insert(entry.session.clone(), state);
            }
            known.audience = presence.audience.unwrap_or(known.audience);
        }
        known
    }

    fn has(&self, number: usize) -> bool {
        self.states.contains_key(&session(number))
    }
}

fn session(number: usize) -> SessionId {
    id(&format!("s-c{number}"))
}

/// `c{number}` of a person of their own comes in.
fn come(desk: &mut Desk, number: usize, role: Role) -> u64 {
    let user = User {
        id: id(&format!("u{number}")),
        name: "N".to_owned(),
    };
    desk.join_in_role(&format!("c{number}"), session(number).as_str(), user, role)
}

/// A room of `people`, numbers 1 and on, in which all is told. The first two are one person.
fn room_of(people: usize, role: Role) -> Desk {
    let mut desk = Desk::new("");
    for number in 1..=2 {
        desk.leave(session(number).as_str());
    }
    for number in 1..=people {
        come(&mut desk, number, role);
    }
    pass(&mut desk, 2 * PRESENCE_LIGHT_MS);
    desk
}

fn known(desk: &Desk) -> Known {
    Known::of(&heard(desk, "", Pace::Full))
}

fn audience(editors: usize, viewers: usize, listed: usize) -> Audience {
    Audience {
        editors,
        viewers,
        listed,
    }
}

fn joined(desk: &mut Desk, request: u64) -> Joined {
    match desk.answer(request) {
        Some(Answer::Joined(Ok(joined))) => joined,
        other => panic!("no join: {other:?}"),
    }
}

#[test]
fn a_large_room_lists_some_and_counts_the_rest() {
    let mut desk = room_of(150, Role::Editor);
    let full = known(&desk);
    assert_eq!(full.states.len(), PRESENCE_LISTED_MAX);
    assert_eq!(full.audience, audience(150, 0, PRESENCE_LISTED_MAX));
    // Whoever comes is told about themselves too: their colour is in it.
    let last = come(&mut desk, 151, Role::Editor);
    let entries = joined(&mut desk, last).presence;
    assert_eq!(entries.len(), PRESENCE_LISTED_MAX + 1);
    assert_eq!(entries[0].session, session(151));
    // What somebody does who is not listed is told to nobody.
    pass(&mut desk, PRESENCE_LIGHT_MS);
    desk.outputs.clear();
    tell(&mut desk, "s-c151", json!({"cursor": {"x": 1}}), None);
    pass(&mut desk, 10 * TICK_MS);
    assert_eq!(heard(&desk, "", Pace::Full), []);
    // Nor who of them goes, but for the number, and that once in a while.
    for number in 121..=150 {
        desk.leave(session(number).as_str());
        pass(&mut desk, 4 * TICK_MS);
    }
    pass(&mut desk, 2 * PRESENCE_LIGHT_MS);
    let told = heard(&desk, "", Pace::Full);
    assert!(told.len() <= 4, "{}", told.len());
    let all_quiet = told.iter().all(|told| told.presence.left.is_empty());
    assert!(all_quiet);
    let counted = told.last().and_then(|told| told.presence.audience);
    assert_eq!(counted, Some(audience(121, 0, PRESENCE_LISTED_MAX)));
    // A place that is free goes to whoever came first.
    desk.leave("s-c7");
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let told = heard(&desk, "", Pace::Full);
    assert_eq!(told.last().expect("a message").presence.left, [session(7)]);
    assert_eq!(
        told.last().expect("a message").presence.entries[0].session,
        session(101)
    );
}

#[test]
fn whoever_edits_is_listed_first() {
    let mut desk = room_of(150, Role::Viewer);
    assert_eq!(known(&desk).audience, audience(0, 150, PRESENCE_LISTED_MAX));
    come(&mut desk, 151, Role::Editor);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let full = known(&desk);
    assert!(full.has(151) && full.has(99) && !full.has(100));
    assert_eq!(full.audience, audience(1, 150, PRESENCE_LISTED_MAX));
    ask(&mut desk, "s-c3", Pace::Light);
    let whole = heard(&desk, "s-c3", Pace::None);
    assert_eq!(whole[0].presence.entries[0].session, session(151));
    assert_eq!(whole[0].presence.audience, Some(full.audience));
    // Somebody who may edit and says that they only look on is a viewer.
    tell(&mut desk, "s-c151", json!({"viewing": true}), None);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let full = known(&desk);
    assert!(!full.has(151) && full.has(100));
    assert_eq!(full.audience, audience(0, 151, PRESENCE_LISTED_MAX));
    // Until they change something.
    let edit = vec![op("c151", 1, 1, set("a", 1))];
    desk.submit("c151", edit);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let full = known(&desk);
    assert!(full.has(151) && !full.has(100));
    assert_eq!(full.audience, audience(1, 150, PRESENCE_LISTED_MAX));
}

#[test]
fn an_edit_that_is_refused_moves_nobody_up() {
    let mut desk = room_of(110, Role::Viewer);
    desk.submit("c110", vec![op("c110", 1, 1, set("a", 1))]);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    assert!(!known(&desk).has(110));
}

#[test]
fn a_person_counts_once_however_many_tabs() {
    let mut desk = room_of(3, Role::Editor);
    for tab in 4..=5 {
        let user = User {
            id: id("u3"),
            name: "N".to_owned(),
        };
        let client = format!("c{tab}");
        desk.join_in_role(&client, session(tab).as_str(), user, Role::Viewer);
    }
    pass(&mut desk, PRESENCE_LIGHT_MS);
    assert_eq!(known(&desk).audience, audience(3, 0, 3));
    // The tab that may edit goes: the person is still there, and looks on.
    desk.leave("s-c3");
    pass(&mut desk, PRESENCE_LIGHT_MS);
    let full = known(&desk);
    assert!(full.has(4) && full.has(5) && !full.has(3));
    assert_eq!(full.audience, audience(2, 1, 3));
    desk.leave("s-c4");
    desk.leave("s-c5");
    pass(&mut desk, PRESENCE_LIGHT_MS);
    assert_eq!(known(&desk).audience, audience(2, 0, 2));
}

#[test]
fn among_many_that_move_nobody_starves() {
    let mut desk = room_of(PRESENCE_LISTED_MAX, Role::Editor);
    let interval =
        TICK_MS.max(PRESENCE_LISTED_MAX as u64 * 1_000 / PRESENCE_MESSAGES_PER_SECOND_MAX);
    let rounds = PRESENCE_LISTED_MAX.div_ceil(PRESENCE_ENTRIES_MAX);
    for step in 0..20 {
        desk.outputs.clear();
        // Those in front move all the time.
        for round in 0..rounds {
            for number in 1..=PRESENCE_LISTED_MAX {
                let at = step * 100 + round;
                tell(
                    &mut desk,
                    session(number).as_str(),
                    json!({"cursor": at}),
                    None,
                );
            }
            pass(&mut desk, interval);
        }
        let told = heard(&desk, "", Pace::Full);
        let entries = |told: &ToldPresence| told.presence.entries.len();
        assert!(
            told.iter()
                .all(|told| entries(told) <= PRESENCE_ENTRIES_MAX)
        );
        let named = told.iter().flat_map(|told| &told.presence.entries);
        let named: BTreeSet<_> = named.map(|entry| entry.session.clone()).collect();
        assert_eq!(named.len(), PRESENCE_LISTED_MAX, "step {step}");
    }
    // When they rest, what is known of each is the last they said.
    pass(&mut desk, rounds as u64 * interval);
    let last = json!({"cursor": 1_900 + rounds - 1});
    let states = known(&desk).states;
    let mut late = states.iter().filter(|(_, state)| **state != last);
    assert_eq!(late.next(), None);
}

#[test]
fn where_many_listen_each_hears_more_rarely() {
    let people = 500;
    let mut desk = room_of(people, Role::Editor);
    desk.outputs.clear();
    let steps = 1_000 / TICK_MS;
    for step in 0..steps {
        tell(&mut desk, "s-c1", json!({"cursor": step}), None);
        pass(&mut desk, TICK_MS);
    }
    let messages = heard(&desk, "", Pace::Full).len() as u64 * people as u64;
    let most = PRESENCE_MESSAGES_PER_SECOND_MAX + people as u64;
    assert!(messages <= most, "{messages}");
    assert!(
        messages > PRESENCE_MESSAGES_PER_SECOND_MAX / 2,
        "{messages}"
    );
    // In a small one at every tick.
    let mut desk = room_of(10, Role::Editor);
    desk.outputs.clear();
    for step in 0..steps {
        tell(&mut desk, "s-c1", json!({"cursor": step}), None);
        pass(&mut desk, TICK_MS);
    }
    assert_eq!(heard(&desk, "", Pace::Full).len() as u64, steps);
}

#[test]
fn whoever_left_is_gone_within_a_second_at_every_pace() {
    let mut desk = room_of(4, Role::Editor);
    ask(&mut desk, "s-c1", Pace::Light);
    pass(&mut desk, PRESENCE_LIGHT_MS);
    // Both paces have just been told something.
    tell(&mut desk, "s-c2", json!({"focus": "@0/a"}), None);
    desk.outputs.clear();
    desk.leave("s-c3");
    pass(&mut desk, PRESENCE_LEFT_MS);
    for pace in [Pace::Light, Pace::Full] {
        let told = heard(&desk, "", pace);
        let left = told.iter().flat_map(|told| told.presence.left.clone());
        assert_eq!(left.collect::<Vec<_>>(), [session(3)], "{pace:?}");
    }
}

#[test]
fn the_largest_states_come_in_several_messages() {
    let people = 60;
    let mut desk = room_of(people, Role::Editor);
    let much = "x".repeat(PRESENCE_BYTES_MAX - 20);
    for number in 1..=people {
        tell(
            &mut desk,
            session(number).as_str(),
            json!({"note": much}),
            None,
        );
    }
    pass(&mut desk, 10 * TICK_MS);
    desk.outputs.clear();
    let last = come(&mut desk, people + 1, Role::Editor);
    let at_once = joined(&mut desk, last).presence;
    assert!(at_once.len() < people);
    pass(&mut desk, 10 * TICK_MS);
    let told = heard(&desk, "", Pace::Full);
    let most = PRESENCE_MESSAGE_BYTES + 2 * PRESENCE_BYTES_MAX;
    assert!(
        told.iter()
            .all(|told| bytes(std::slice::from_ref(told)) < most)
    );
    let heard = known(&desk);
    let missing = (1..=people).filter(|number| {
        let named = at_once
            .iter()
            .any(|entry| entry.session == session(*number));
        !named && !heard.has(*number)
    });
    assert_eq!(missing.count(), 0);
}
