//! json0 and json1: cases a person can judge.

use coboard_adapters::{Refusal, json0, json1};
use coboard_protocol::codec::DecodeError;
use serde_json::{Value as Json, json};

use super::support::{Adapter, after, read};

fn board() -> Json {
    json!({"l": ["a", "b", "c"], "m": {"x": 1, "t": "h🙂llo"}, "panels": [{"id": 1, "in": [1]}, {"id": 2, "in": []}]})
}

fn gives(adapter: Adapter, op: Json, pointer: &str, expected: Json) {
    let after = after(adapter, &board(), &op).unwrap_or_else(|error| panic!("{op}: {error}"));
    assert_eq!(after.pointer(pointer), Some(&expected), "{op}");
}

#[test]
fn json0_components() {
    gives(
        json0,
        json!([{"p": ["l", 1], "li": "x"}]),
        "/l",
        json!(["a", "x", "b", "c"]),
    );
    gives(
        json0,
        json!([{"p": ["l", 1], "ld": "b"}]),
        "/l",
        json!(["a", "c"]),
    );
    gives(
        json0,
        json!([{"p": ["l", 1], "ld": "b", "li": {"y": 1}}]),
        "/l",
        json!(["a", {"y": 1}, "c"]),
    );
    gives(
        json0,
        json!([{"p": ["l", 0], "lm": 2}]),
        "/l",
        json!(["b", "c", "a"]),
    );
    gives(json0, json!([{"p": ["m", "x"], "na": 4}]), "/m/x", json!(5));
    gives(
        json0,
        json!([{"p": ["m", "x"], "na": 0.5}]),
        "/m/x",
        json!(1.5),
    );
    gives(
        json0,
        json!([{"p": ["m", "x"], "od": 1, "oi": "y"}]),
        "/m/x",
        json!("y"),
    );
    gives(
        json0,
        json!([{"p": ["m", "x"], "od": 1}, {"p": ["m", "y"], "oi": [1]}]),
        "/m",
        json!({"y": [1], "t": "h🙂llo"}),
    );
    // 🙂 counts as two units there.
    gives(
        json0,
        json!([{"p": ["m", "t", 3], "sd": "llo"}, {"p": ["m", "t", 3], "si": "!"}]),
        "/m/t",
        json!("h🙂!"),
    );
    // json0 puts it at the end.
    gives(
        json0,
        json!([{"p": ["m", "t", 99], "si": "!"}]),
        "/m/t",
        json!("h🙂llo!"),
    );
    let text0 =
        json!([{"p": ["m", "t"], "t": "text0", "o": [{"p": 0, "d": "h"}, {"p": 2, "i": "x"}]}]);
    gives(json0, text0, "/m/t", json!("🙂xllo"));
}

#[test]
fn json0_that_does_not_fit() {
    let refused = |op: Json| after(json0, &board(), &op).expect_err("it does not fit");
    let error = refused(json!([{"p": ["l", 0], "lm": 1}, {"p": ["l", 7], "ld": 1}]));
    assert_eq!((error.operation, error.refusal), (1, Refusal::NoSuchIndex));
    assert_eq!(
        refused(json!([{"p": ["m", "t", 2], "si": "x"}])).refusal,
        Refusal::TextMisfit
    );
    assert_eq!(
        refused(json!([{"p": ["m", "t", 0], "sd": "x"}])).refusal,
        Refusal::TextMisfit
    );
    assert_eq!(
        refused(json!([{"p": ["m", "t"], "na": 1}])).refusal,
        Refusal::WrongType("a number")
    );
    assert_eq!(
        refused(json!([{"p": ["l", "0"], "li": 1}])).refusal,
        Refusal::WrongType("an object")
    );
    assert_eq!(
        refused(json!([{"p": ["m", "x"], "li": 1}])).refusal,
        Refusal::WrongType("an array")
    );
    assert_eq!(
        refused(json!([{"p": ["m", "t"], "t": "rich-text", "o": []}])).refusal,
        Refusal::Unsupported("an embedded type other than text0")
    );
}

#[test]
fn a_sum_beyond_the_exact_integers_is_refused() {
    let before = json!({"x": 9_007_199_254_740_991_i64, "y": 0.5});
    let beyond = Refusal::Value(DecodeError::BadNumber);
    let refused = |adapter: Adapter, op: Json| {
        let error = after(adapter, &before, &op).expect_err("doubles do not hold it");
        assert_eq!(error.refusal, beyond, "{op}");
    };
    refused(json0, json!([{"p": ["x"], "na": 1}]));
    refused(json0, json!([{"p": ["x"], "na": 0.5}]));
    refused(json1, json!(["x", {"ena": 1}]));
    refused(json1, json!(["y", {"ena": 1e19}]));
    let large = after(json0, &before, &json!([{"p": ["y"], "na": 1e20}])).expect("a double");
    assert_eq!(large["y"], json!(1e20));
    let down = after(json0, &before, &json!([{"p": ["x"], "na": -1}])).expect("it fits");
    assert_eq!(down["x"], json!(9_007_199_254_740_990_i64));
}

#[test]
fn json1_operations() {
    gives(
        json1,
        json!(["l", 1, {"i": "x"}]),
        "/l",
        json!(["a", "x", "b", "c"]),
    );
    gives(json1, json!(["l", 1, {"r": true}]), "/l", json!(["a", "c"]));
    gives(
        json1,
        json!(["l", 1, {"r": "b", "i": "x"}]),
        "/l",
        json!(["a", "x", "c"]),
    );
    gives(
        json1,
        json!(["l", [0, {"p": 0}], [2, {"d": 0}]]),
        "/l",
        json!(["b", "c", "a"]),
    );
    gives(json1, json!(["m", "x", {"ena": 4}]), "/m/x", json!(5));
    gives(
        json1,
        json!(["m", "t", {"es": [1, {"d": "🙂"}, "e"]}]),
        "/m/t",
        json!("hello"),
    );
    let typed =
        json!(["m", ["t", {"et": "text-unicode", "e": [5, "!"]}], ["x", {"et": "number", "e": 2}]]);
    gives(json1, typed, "/m", json!({"t": "h🙂llo!", "x": 3}));
    gives(
        json1,
        json!([["l", 0, {"p": 0}], ["m", "x", {"r": true, "d": 0}]]),
        "/m/x",
        json!("a"),
    );
    gives(
        json1,
        json!([["l", 1, {"d": 0}], ["m", {"p": 0}]]),
        "/l/1/x",
        json!(1),
    );
    gives(json1, json!(["l", {"r": true, "i": [7]}]), "/l", json!([7]));
    // Out of one that is removed.
    let out = json!(["panels", [0, {"r": true}, ["in", {"p": 0}]], [0, ["out", {"d": 0}]]]);
    gives(
        json1,
        out,
        "/panels",
        json!([{"id": 2, "in": [], "out": [1]}]),
    );
    gives(json1, json!(null), "/l", json!(["a", "b", "c"]));
}

#[test]
fn an_element_that_json1_moves_into_another_stays_itself() {
    let moved = json!(["panels", [0, {"p": 0}, ["in", 0, {"d": 0}]]]);
    let (op, after) = read(json1, &board(), &moved).expect("it fits");
    assert_eq!(
        after["panels"],
        json!([{"id": 2, "in": [{"id": 1, "in": [1]}]}])
    );
    assert_eq!(op.len(), 1, "one move: {op:?}");
}

#[test]
fn json1_that_does_not_fit() {
    let refused = |op: Json| {
        after(json1, &board(), &op)
            .expect_err("it does not fit")
            .refusal
    };
    assert_eq!(refused(json!(["l", 5, {"r": true}])), Refusal::NoSuchIndex);
    assert_eq!(refused(json!([{"r": true}])), Refusal::Root);
    assert!(matches!(
        refused(json!(["l", 0, {"p": 0}])),
        Refusal::Malformed(_)
    ));
    assert!(matches!(
        refused(json!(["l", 0, {"d": 0}])),
        Refusal::Malformed(_)
    ));
    assert!(matches!(
        refused(json!(["l", 0, {"q": 0}])),
        Refusal::Malformed(_)
    ));
    assert!(matches!(
        refused(json!(["m", "t", {"es": [99, "x"]}])),
        Refusal::TextMisfit
    ));
    assert!(matches!(
        refused(json!(["m", "t", {"et": "rich", "e": 1}])),
        Refusal::Unsupported(_)
    ));
}
