//! Every example in `docs/protocol.md` is what it says it is, and its tables are true.

use coboard_protocol::message::{
    Activity, ActivityWanted, CatchUpAnswer, CatchUpRequest, Committed, DashboardChanged,
    DashboardDeleted, Devices, Head, Hello, Join, Joined, PRESENCE_MOTION_KEYS,
    PRESENCE_VIEWING_KEY, Pace, Ping, PoliciesChanged, Pong, Presence, PresencePatch, Reset,
    Segment, SessionEnded, Submit, Submitted, View, Welcome,
};
use coboard_protocol::{ErrorBody, ErrorCode, LogEntry, Operation, Snapshot, limits};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::start;

const TEXT: &str = include_str!("../../../../docs/protocol.md");

/// The tagged examples: what the tag says, and the JSON.
fn examples() -> Vec<(&'static str, Value)> {
    TEXT.split("```json ")
        .skip(1)
        .map(|block| {
            let (tag, rest) = block.split_once('\n').unwrap();
            let (body, _) = rest.split_once("```").unwrap();
            let json = serde_json::from_str(body);
            (
                tag,
                json.unwrap_or_else(|error| panic!("example {tag}: {error}")),
            )
        })
        .collect()
}

fn check<T: Serialize + DeserializeOwned>(tag: &str, json: &Value) {
    let decoded: T = serde_json::from_value(json.clone())
        .unwrap_or_else(|error| panic!("example {tag} does not decode: {error}"));
    assert_eq!(
        serde_json::to_value(&decoded).unwrap(),
        *json,
        "example {tag} changes"
    );
}

#[test]
fn every_example_is_of_its_type() {
    let examples = examples();
    assert!(examples.len() >= 20);
    for (tag, json) in &examples {
        let check = match *tag {
            "hello" => check::<Hello>,
            "welcome" => check::<Welcome>,
            "operation" => check::<Operation>,
            "entry" => check::<LogEntry>,
            "join" => check::<Join>,
            "joined" => check::<Joined>,
            "reset" => check::<Reset>,
            "snapshot" => check::<Snapshot>,
            "submit" => check::<Submit>,
            "submitted" => check::<Submitted>,
            "committed" => check::<Committed>,
            "head" => check::<Head>,
            "catch_up" => check::<CatchUpRequest>,
            "caught_up" => check::<CatchUpAnswer>,
            "segment" => check::<Segment>,
            "session_ended" => check::<SessionEnded>,
            "presence_patch" => check::<PresencePatch>,
            "presence" => check::<Presence>,
            "activity_wanted" => check::<ActivityWanted>,
            "activity" => check::<Activity>,
            "view" => check::<View>,
            "devices" => check::<Devices>,
            "ping" => check::<Ping>,
            "pong" => check::<Pong>,
            "policies_changed" => check::<PoliciesChanged>,
            "dashboard_changed" => check::<DashboardChanged>,
            "dashboard_deleted" => check::<DashboardDeleted>,
            "error" => check::<ErrorBody>,
            other => panic!("no type for the example {other}"),
        };
        check(tag, json);
    }
}

#[test]
fn every_code_is_explained() {
    for code in ErrorCode::ALL {
        assert!(TEXT.contains(&format!("`{}`", code.as_str())), "{code:?}");
    }
}

#[test]
fn the_paces_of_presence_are_true() {
    let every = format!("at most every {} ms", limits::PRESENCE_LIGHT_MS);
    assert_eq!(TEXT.matches(&every).count(), 2);
    for key in PRESENCE_MOTION_KEYS {
        assert!(TEXT.contains(&format!("`{key}`")), "{key}");
    }
    for pace in [Pace::Full, Pace::Light, Pace::None] {
        let word = serde_json::to_value(pace).unwrap();
        assert!(TEXT.contains(&format!("| `{}` |", word.as_str().unwrap())));
    }
}

#[test]
fn the_bounds_of_presence_are_true() {
    let words = [
        format!("at most {} sessions", limits::PRESENCE_ENTRIES_MAX),
        format!("In a large room {} sessions", limits::PRESENCE_LISTED_MAX),
        format!(
            "{} messages a second",
            limits::PRESENCE_MESSAGES_PER_SECOND_MAX
        ),
        format!("or within {} ms", limits::PRESENCE_LIGHT_MS),
        format!(
            "more than {} sessions hear",
            limits::PRESENCE_MESSAGES_PER_SECOND_MAX * limits::TICK_MS / 1_000
        ),
        format!("for another {} ms", limits::CUT_GRACE_MS),
        format!("`\"{PRESENCE_VIEWING_KEY}\": true`"),
    ];
    for words in words {
        assert!(TEXT.contains(&words), "{words}");
    }
}

#[test]
fn the_table_of_limits_is_true() {
    let (_, table) = TEXT.split_once("## Limits").unwrap();
    for (what, limit) in [
        ("message, also", limits::MESSAGE_BYTES_MAX),
        ("operation |", limits::OPERATION_BYTES_MAX),
        ("operations in a submit", limits::OPERATIONS_PER_SUBMIT_MAX),
        ("string in an operation", limits::STRING_BYTES_MAX),
        ("key |", limits::KEY_BYTES_MAX),
        ("nesting of a value", limits::DEPTH_MAX),
        ("keys in an object", limits::MAP_KEYS_MAX),
        ("identifier", limits::ID_BYTES_MAX),
        ("presence of a session", limits::PRESENCE_BYTES_MAX),
        ("view of a session", limits::VIEW_BYTES_MAX),
        ("own connections listed", limits::CONNECTIONS_LISTED_MAX),
        ("documents listed of each", limits::DOCUMENTS_LISTED_MAX),
        ("name of a device", limits::DEVICE_NAME_CHARS_MAX),
        ("documents joined", limits::DOCUMENTS_PER_CONNECTION_MAX),
        ("policies of a dashboard", limits::POLICIES_MAX),
        ("path of a policy", coboard_protocol::ot::PATTERN_BYTES_MAX),
        ("items in a document", limits::DOCUMENT_ITEMS_MAX),
        ("body of an import", limits::DOCUMENT_BYTES_MAX),
    ] {
        let row = table
            .lines()
            .find(|line| line.starts_with(&format!("| {what}")));
        let row = row.unwrap_or_else(|| panic!("no row for {what}"));
        let told = row
            .rsplit('|')
            .nth(1)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap();
        assert_eq!(told, limit.to_string(), "{what}");
    }
}

#[tokio::test]
async fn hello_tells_the_limits_of_the_example() {
    let server = start().await;
    let mut socket = server.greeted("ca").await;
    let hello = json!({"protocol_min": 1, "protocol_max": 1, "client": "ca"});
    let told = socket.ok("hello", hello).await;
    let (_, example) = examples()
        .into_iter()
        .find(|(tag, _)| *tag == "welcome")
        .unwrap();
    assert_eq!(told["limits"], example["limits"]);
}

#[test]
fn order_keys_made_by_the_recipe_fit() {
    let base62 = |mut number: u32| {
        let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut text = String::new();
        loop {
            text.insert(0, char::from(digits[(number % 62) as usize]));
            number /= 62;
            if number == 0 {
                return text;
            }
        }
    };
    let recipe = |left: &str, right: Option<&str>, counter: u32| {
        let start = match right.and_then(|right| right.strip_prefix(left)) {
            None if left.is_empty() => "a0".to_owned(),
            None => format!("{left}V"),
            Some(rest) => {
                let after = rest.trim_start_matches(['.', '0']);
                format!("{left}{}0V", &rest[..rest.len() - after.len()])
            }
        };
        format!("{start}.{}.{}.", base62(7), base62(counter))
    };
    let mut keys: Vec<String> = vec!["a0".to_owned(), "a1".to_owned()];
    let mut random = 1_u32;
    for counter in 1..400 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let at = (random >> 8) as usize % (keys.len() + 1);
        let left = at.checked_sub(1).map_or("", |index| keys[index].as_str());
        let right = keys.get(at).map(String::as_str);
        let key = recipe(left, right, counter);
        assert!(
            left < key.as_str() && right.is_none_or(|right| key.as_str() < right),
            "{key}"
        );
        assert!(
            coboard_protocol::ot::OrderKey::parse(&key).is_some(),
            "{key}"
        );
        keys.insert(at, key);
    }
}
