//! Every limit of submitted components: what just fits is taken, what is one more is refused by name.

use serde_json::{Map, Value as Json, json};

use super::components::from_json;
use super::{DecodeError, plain_from_json};
use crate::limits::{
    COMPONENTS_PER_OPERATION_MAX, DEPTH_MAX, DOCUMENT_ITEMS_MAX, KEY_BYTES_MAX, LIST_ITEMS_MAX,
    MAP_KEYS_MAX, PATH_BYTES_MAX, STRING_BYTES_MAX, TEXT_PARTS_MAX,
};
use crate::ot::{INTEGER_MAX, ORDER_KEY_BYTES_MAX};

fn cell(address: &str, change: Json) -> Json {
    json!({ "cells": { address: change } })
}

fn set(value: Json) -> Json {
    cell("@1/a", json!({ "s": [value] }))
}

fn text(steps: Json) -> Json {
    cell("@1/a", json!({ "t": steps }))
}

fn item(id: &str, change: Json) -> Json {
    json!({ "items": { id: change } })
}

fn nested(depth: usize) -> Json {
    (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }))
}

fn map(count: usize) -> Json {
    (0..count).map(|i| (i.to_string(), json!(i))).collect()
}

fn steps(count: usize) -> Json {
    let step = |i| if i % 2 == 0 { json!(1) } else { json!("x") };
    (0..count).map(step).collect()
}

fn cells(count: usize) -> Json {
    let cell = |i| (format!("@{i}/a"), json!({"s": [1]}));
    json!({ "cells": (1..=count).map(cell).collect::<Map<_, _>>() })
}

fn path(bytes: usize) -> String {
    let key = "/".to_owned() + &"k".repeat(KEY_BYTES_MAX);
    key.repeat(bytes.div_ceil(key.len()))[..bytes].to_owned()
}

fn refused(json: &Json) -> DecodeError {
    from_json(json).expect_err("one more than the limit")
}

#[test]
fn what_fits_is_taken_and_one_more_is_refused_with_its_limit() {
    let a_string = |bytes| json!("é".repeat(bytes / 2) + &"x".repeat(bytes % 2));
    type Made = Box<dyn Fn(usize) -> Json>;
    let cases: [(usize, &str, Made); 10] = [
        (
            STRING_BYTES_MAX,
            "E_TOO_LARGE",
            Box::new(move |n| set(a_string(n))),
        ),
        (
            STRING_BYTES_MAX,
            "E_TOO_LARGE",
            Box::new(|n| text(json!(["x".repeat(n)]))),
        ),
        (
            STRING_BYTES_MAX,
            "E_TOO_LARGE",
            Box::new(|n| text(json!(["x", 1, "y".repeat(n - 1)]))),
        ),
        (
            KEY_BYTES_MAX,
            "E_TOO_LARGE",
            Box::new(|n| set(json!({ "k".repeat(n): 1 }))),
        ),
        (
            KEY_BYTES_MAX,
            "E_TOO_LARGE",
            Box::new(|n| cell(&format!("@1/{}", "k".repeat(n)), json!({"s": [1]}))),
        ),
        (
            PATH_BYTES_MAX,
            "E_TOO_LARGE",
            Box::new(|n| cell(&format!("@1{}", path(n)), json!({"s": [1]}))),
        ),
        (MAP_KEYS_MAX, "E_TOO_LARGE", Box::new(|n| set(map(n)))),
        (TEXT_PARTS_MAX, "E_TOO_LARGE", Box::new(|n| text(steps(n)))),
        (COMPONENTS_PER_OPERATION_MAX, "E_TOO_LARGE", Box::new(cells)),
        (DEPTH_MAX, "E_DEPTH", Box::new(|n| set(nested(n)))),
    ];
    for (index, (max, code, made)) in cases.iter().enumerate() {
        assert_eq!(from_json(&made(*max)).err(), None, "case {index}");
        let error = refused(&made(*max + 1));
        assert_eq!(error.code().as_str(), *code, "case {index}");
        assert_eq!(error.body().details["limit"], *max, "case {index}");
    }
}

#[test]
fn a_path_has_as_many_keys_as_a_value_may_be_deep() {
    let path = |keys: usize| cell(&format!("@1{}", "/a".repeat(keys)), json!({"s": [1]}));
    assert_eq!(from_json(&path(DEPTH_MAX)).err(), None);
    assert_eq!(
        refused(&path(DEPTH_MAX + 1)),
        DecodeError::TooDeep { max: DEPTH_MAX }
    );
}

#[test]
fn numbers_are_exact_integers_or_finite() {
    for json in [
        set(json!(INTEGER_MAX)),
        set(json!(-INTEGER_MAX)),
        set(json!(1e300)),
        cell("@1/a", json!({"a": -INTEGER_MAX})),
    ] {
        assert_eq!(from_json(&json).err(), None, "{json}");
    }
    for json in [
        set(json!(INTEGER_MAX + 1)),
        set(json!(-INTEGER_MAX - 1)),
        set(json!(u64::MAX)),
        cell("@1/a", json!({"a": INTEGER_MAX + 1})),
        cell("@1/a", json!({"a": i64::MIN})),
        cell("@1/a", json!({"a": u64::MAX})),
        cell("@1/a", json!({"a": 0.5})),
    ] {
        assert_eq!(refused(&json), DecodeError::BadNumber, "{json}");
    }
    let zero = from_json(&set(json!(-0.0)));
    assert_eq!(zero, from_json(&set(json!(0))));
}

#[test]
fn ids_and_keys_have_one_spelling() {
    let key = |bytes: usize| item("5", json!({"m": [["3", "a".repeat(bytes)]]}));
    assert_eq!(from_json(&key(ORDER_KEY_BYTES_MAX)).err(), None);
    assert_eq!(
        refused(&key(ORDER_KEY_BYTES_MAX + 1)),
        DecodeError::BadOrderKey
    );
    for bad in ["", "é", "a b", "a\n", "a\u{0}"] {
        let json = item("5", json!({"m": [["3", bad]]}));
        assert_eq!(refused(&json), DecodeError::BadOrderKey, "{bad:?}");
    }
    assert_eq!(
        from_json(&item("18446744073709551615", json!({"m": [null]}))).err(),
        None
    );
    for bad in [
        "",
        "+5",
        "05",
        "00",
        "-1",
        "1.5",
        " 5",
        "5 ",
        "0x5",
        "1e3",
        "18446744073709551616",
        "x",
    ] {
        for json in [
            item(bad, json!({"m": [null]})),
            item("5", json!({"m": [[bad, "a0"]]})),
            cell(&format!("@{bad}/a"), json!({"s": [1]})),
            set(json!({"$l": bad})),
        ] {
            assert_eq!(refused(&json), DecodeError::BadPath, "{json}");
        }
    }
}

#[test]
fn steps_of_a_text_edit_are_counts_and_strings() {
    for bad in [
        json!(-1),
        json!(1.5),
        json!(4_294_967_296_u64),
        json!({"d": -1}),
        json!({"d": null}),
        json!({"x": 1}),
        json!({}),
        json!([1]),
        json!({"d": 1, "x": 1}),
        json!(null),
        json!(true),
    ] {
        assert_eq!(
            refused(&text(json!([1, bad]))),
            DecodeError::BadDelta,
            "{bad}"
        );
    }
    // A step that does nothing is left out: the canonical form has none.
    let nothing = json!([0, "", {"d": 0}, {"d": ""}, 3]);
    assert_eq!(from_json(&text(nothing)), from_json(&json!({})));
}

#[test]
fn keys_that_javascript_stumbles_over_are_refused_at_any_depth() {
    for bad in ["__proto__", "constructor", "prototype"] {
        for json in [
            set(json!({ bad: 1 })),
            set(json!({"a": {"b": { bad: {} }}})),
            cell(&format!("@1/a/{bad}/b"), json!({"s": [1]})),
        ] {
            assert_eq!(refused(&json), DecodeError::BadKey, "{json}");
        }
    }
    for good in [
        "",
        "toString",
        "hasOwnProperty",
        "__defineGetter__",
        "é",
        "a\u{0}",
        "$$l",
    ] {
        assert_eq!(from_json(&set(json!({ good: 1 }))).err(), None, "{good}");
    }
}

#[test]
fn imported_documents_have_the_same_limits_but_longer_strings() {
    let list = |n: usize| -> Json { (0..n).map(|_| json!(1)).collect() };
    let lists = |n: usize| -> Json { (0..n).map(|_| list(LIST_ITEMS_MAX)).collect() };
    let full = DOCUMENT_ITEMS_MAX / LIST_ITEMS_MAX;
    for (fits, refused, code) in [
        (nested(DEPTH_MAX), nested(DEPTH_MAX + 1), "E_DEPTH"),
        (map(MAP_KEYS_MAX), map(MAP_KEYS_MAX + 1), "E_TOO_LARGE"),
        (
            list(LIST_ITEMS_MAX),
            list(LIST_ITEMS_MAX + 1),
            "E_TOO_LARGE",
        ),
        (lists(full - 1), lists(full), "E_TOO_LARGE"),
        (
            json!({ "k".repeat(KEY_BYTES_MAX): 1 }),
            json!({ "k".repeat(KEY_BYTES_MAX + 1): 1 }),
            "E_TOO_LARGE",
        ),
        (
            json!("x".repeat(STRING_BYTES_MAX + 1)),
            json!(INTEGER_MAX + 1),
            "E_NUM",
        ),
        (
            json!({"$l": "7"}),
            json!({"a": [{"__proto__": 1}]}),
            "E_KEY",
        ),
    ] {
        assert_eq!(plain_from_json(&fits).err(), None);
        let error = plain_from_json(&refused).expect_err("one more than the limit");
        assert_eq!(error.code().as_str(), code);
    }
}
