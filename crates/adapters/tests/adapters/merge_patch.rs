//! JSON Merge Patch: the table of RFC 7396, appendix A, as far as documents are objects, and random ones.

use coboard_adapters::merge_patch;
use coboard_testkit::{Random, Versions};
use serde_json::{Value as Json, json};

use super::support::{after, read, seed};

/// What the RFC says, on plain JSON.
fn naive(target: Json, patch: &Json) -> Json {
    let Json::Object(members) = patch else {
        return patch.clone();
    };
    let mut map = match target {
        Json::Object(map) => map,
        _ => serde_json::Map::new(),
    };
    for (key, member) in members {
        if member.is_null() {
            map.remove(key);
        } else {
            let inner = map.remove(key).unwrap_or_default();
            map.insert(key.clone(), naive(inner, member));
        }
    }
    Json::Object(map)
}

#[test]
fn the_cases_of_the_rfc() {
    for (before, patch, expected) in [
        (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
        (
            json!({"a": "b"}),
            json!({"b": "c"}),
            json!({"a": "b", "b": "c"}),
        ),
        (
            json!({"a": "b", "b": "c"}),
            json!({"a": null}),
            json!({"b": "c"}),
        ),
        (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
        (
            json!({"a": {"b": "c"}}),
            json!({"a": {"b": "d", "c": null}}),
            json!({"a": {"b": "d"}}),
        ),
        (
            json!({"a": [{"b": "c"}]}),
            json!({"a": [1]}),
            json!({"a": [1]}),
        ),
        (
            json!({"e": null}),
            json!({"a": 1}),
            json!({"e": null, "a": 1}),
        ),
        (
            json!({}),
            json!({"a": {"bb": {"ccc": null}}}),
            json!({"a": {"bb": {}}}),
        ),
        (json!({"a": "b"}), json!(["c"]), json!(["c"])),
    ] {
        assert_eq!(
            naive(before.clone(), &patch),
            expected,
            "the model: {patch}"
        );
        assert_eq!(after(merge_patch, &before, &patch), Ok(expected), "{patch}");
    }
}

#[test]
fn items_of_a_replaced_array_stay_themselves() {
    let before = json!({"panels": [{"id": 1, "x": 1}, {"id": 2, "x": 2}]});
    let patch = json!({"panels": [{"id": 2, "x": 2}, {"id": 1, "x": 5}]});
    let (op, _) = read(merge_patch, &before, &patch).expect("it fits");
    assert_eq!(op.len(), 2, "one move and one cell: {op:?}");
}

#[test]
fn random_patches_do_what_they_do_to_plain_json() {
    for case in 0..2_000 {
        let mut versions = Versions::new(Random::new(seed(), case));
        let before = versions.first();
        // A version as a patch writes much; a part of it with nulls removes something as well.
        let mut patch = versions.next(&before);
        if let Json::Object(members) = &mut patch {
            members.insert("title".to_owned(), Json::Null);
            members.insert("templating".to_owned(), versions.value(0));
            members.retain(|key, _| key != "thresholds");
        }
        let expected = naive(before.clone(), &patch);
        let hint = format!("SEED={} case {case}: {patch}", seed());
        assert_eq!(after(merge_patch, &before, &patch), Ok(expected), "{hint}");
    }
}
