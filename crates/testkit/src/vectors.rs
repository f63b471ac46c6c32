//! Vectors: cases on the wire encoding with what must come of them, one JSON object a line.
//!
//! They tie the builds together: native, wasm and TypeScript, and today's with yesterday's.
//! The folder `vectors/` is written once and then only added to.

use coboard_ot::{Components, Document, DocumentHash, Side, commit, compose, invert, transform};
use coboard_protocol::codec::{DecodeError, committed, components, conflicts, content};
use serde_json::{Value, json};

use crate::edit::build;
use crate::generate::Taste;
use crate::laws::Case;

/// The files of vectors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum File {
    /// `document`, `components` → `result`, a document.
    Apply,
    /// `document`, `components` → `result`, `conflicts`.
    Commit,
    /// `first`, `next` → `result`.
    Compose,
    /// `op`, `over`, `side` → `result`, `conflicts`.
    Transform,
    /// `components` → `result`.
    Invert,
    /// `json` → `result`, written again, or `code` if it is refused.
    Codec,
    /// `document` → `hash`, as 32 hexadecimal digits.
    Hash,
}

/// The fields of a vector that say what must come of it.
const ANSWERS: [&str; 4] = ["result", "conflicts", "code", "hash"];

impl File {
    /// All files.
    pub const ALL: [Self; 7] = [
        Self::Apply,
        Self::Commit,
        Self::Compose,
        Self::Transform,
        Self::Invert,
        Self::Codec,
        Self::Hash,
    ];

    /// The name within the folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply.jsonl",
            Self::Commit => "commit.jsonl",
            Self::Compose => "compose.jsonl",
            Self::Transform => "transform.jsonl",
            Self::Invert => "invert.jsonl",
            Self::Codec => "codec.jsonl",
            Self::Hash => "hash.jsonl",
        }
    }

    /// The questions of this file: vectors without what comes of them.
    pub fn questions(self, count: u64) -> Vec<Value> {
        if self == Self::Codec {
            return codec_questions();
        }
        (0..count).map(|number| self.question(number)).collect()
    }

    /// Questions that came after the files were written: containers that are ensured, purged items.
    pub fn added_questions(self) -> Vec<Value> {
        let map = json!({"cells": {"@0/a": {"e": "map"}, "@0/a/x": {"s": [[], 1]}}});
        let list = json!({"cells": {"@0/a": {"e": "list"}}});
        let set = json!({"cells": {"@0/a": {"s": [[], 5]}}});
        let purge = json!({"items": {"7": {"p": true}}});
        let moved =
            json!({"items": {"7": {"m": [null, ["3", "a0"]]}}, "cells": {"@7/x": {"a": 1}}});
        let empty = json!({"items": {"0": [{}, null], "7": [{"x": 1}, null]}});
        let full = json!({"items": {"0": [{"a": 1}, null]}});
        let each = [&map, &list, &set, &purge, &moved];
        let pairs = || {
            let pairs = each
                .iter()
                .flat_map(|one| each.iter().map(move |other| (*one, *other)));
            pairs.filter(|(one, other)| one != other)
        };
        match self {
            Self::Apply | Self::Commit => [&empty, &full]
                .iter()
                .flat_map(|document| each.map(|op| json!({"document": document, "components": op})))
                .collect(),
            Self::Compose => pairs()
                .map(|(first, next)| json!({"first": first, "next": next}))
                .collect(),
            Self::Transform => pairs()
                .flat_map(|(op, over)| {
                    ["earlier", "later"].map(|side| json!({"op": op, "over": over, "side": side}))
                })
                .collect(),
            Self::Invert => each.map(|op| json!({"components": op})).into(),
            Self::Hash => Vec::new(),
            Self::Codec => {
                let bad = json!({"cells": {"@1/x": {"e": "set"}}});
                [map, list, bad, purge]
                    .map(|json| json!({"json": json}))
                    .into()
            }
        }
    }

    fn question(self, number: u64) -> Value {
        let case = Case::random(SEED, number, Taste::Text);
        let mut state = case.document.clone();
        let first = build(&mut state, &case.mine[0]);
        let next = build(&mut state, &case.mine[1]);
        let other = build(&mut case.document.clone(), &case.theirs[0]);
        let mut elsewhere = case.document.clone();
        let _unseen = build(&mut elsewhere, &case.stray[0]);
        let stray = build(&mut elsewhere, &case.stray[1]);
        let document = content::to_json(&case.document.to_document());
        match self {
            Self::Apply => json!({"document": document, "components": write(&first)}),
            Self::Commit => json!({"document": document, "components": write(&stray)}),
            Self::Compose => json!({"first": write(&first), "next": write(&next)}),
            Self::Transform => {
                let side = if number.is_multiple_of(2) {
                    "earlier"
                } else {
                    "later"
                };
                json!({"op": write(&first), "over": write(&other), "side": side})
            }
            Self::Invert => json!({"components": write(&first)}),
            Self::Codec => Value::Null,
            Self::Hash => json!({"document": content::to_json(&state.to_document())}),
        }
    }

    /// The vector with what this build makes of its question.
    ///
    /// # Errors
    /// [`DecodeError`] if the question cannot be read.
    pub fn answer(self, question: &Value) -> Result<Value, DecodeError> {
        let mut vector = question.clone();
        let op = |name: &str| committed::from_json(&question[name]);
        match self {
            Self::Apply => {
                let mut document = content::from_json(&question["document"])?;
                document.apply(&op("components")?);
                vector["result"] = content::to_json(&document);
            }
            Self::Commit => {
                let document: Document = content::from_json(&question["document"])?;
                let committed = commit(&document, op("components")?);
                vector["result"] = write(&committed.components);
                vector["conflicts"] = write_conflicts(&committed.conflicts);
            }
            Self::Compose => vector["result"] = write(&compose(op("first")?, &op("next")?)),
            Self::Transform => {
                let side = match question["side"].as_str() {
                    Some("earlier") => Side::Earlier,
                    Some("later") => Side::Later,
                    _ => return Err(DecodeError::Schema("side")),
                };
                let transformed = transform(op("op")?, &op("over")?, side);
                vector["result"] = write(&transformed.components);
                vector["conflicts"] = write_conflicts(&transformed.conflicts);
            }
            Self::Invert => vector["result"] = write(&invert(&op("components")?)),
            Self::Codec => match components::from_json(&question["json"]) {
                Ok(components) => vector["result"] = write(&components),
                Err(error) => vector["code"] = json!(error.code().as_str()),
            },
            Self::Hash => {
                let document = content::from_json(&question["document"])?;
                vector["hash"] = json!(DocumentHash::of(&document).to_string());
            }
        }
        Ok(vector)
    }

    /// A line of this file as this build writes it.
    ///
    /// # Errors
    /// [`DecodeError`] if the line is no vector.
    pub fn again(self, line: &str) -> Result<String, DecodeError> {
        let mut vector: Value =
            serde_json::from_str(line).map_err(|_| DecodeError::Schema("JSON"))?;
        if let Some(fields) = vector.as_object_mut() {
            fields.retain(|name, _| !ANSWERS.contains(&name.as_str()));
        }
        Ok(self.answer(&vector)?.to_string())
    }
}

/// Seed of the cases in the folder. Another seed would be another folder.
const SEED: u64 = 2026;

fn write(op: &Components) -> Value {
    components::to_json(op)
}

fn write_conflicts(found: &[coboard_ot::Conflict]) -> Value {
    found.iter().map(conflicts::record_to_json).collect()
}

/// What stands at the edges of the encoding, good and bad.
fn codec_questions() -> Vec<Value> {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-0.0),
        json!(1.0),
        json!(1.5),
        json!(9_007_199_254_740_991_i64),
        json!(9_007_199_254_740_992_i64),
        json!(1e300),
        json!(5e-324),
        json!(0.1),
        json!(""),
        json!("\u{0}\u{2028}🙂é\u{ffff}"),
        json!({}),
        json!({"a": {"b": []}}),
        json!({"$l": "902"}),
        json!({"$l": 902}),
        json!({"$l": "x"}),
        json!({"$l": "902", "b": 1}),
        json!({"$$l": "902"}),
        json!({"$$": 1, "$$$a": 2}),
        json!({"$a": 1}),
        json!({"__proto__": 1}),
        json!({"constructor": 1}),
        json!([1]),
    ];
    let sets = values
        .iter()
        .map(|value| json!({"cells": {"@1/x": {"s": [0, value]}}}));
    let bodies = [
        json!({}),
        json!({"cells": {}}),
        json!({"cells": {"@1": {"s": [1, {"a": 1}]}}}),
        json!({"cells": {"@1/x": {"s": [[], []]}}}),
        json!({"cells": {"@1/x": {"s": [5]}}}),
        json!({"cells": {"@1/x": {"s": []}}}),
        json!({"cells": {"@1/x": {"a": 0}}}),
        json!({"cells": {"@1/x": {"a": -3}}}),
        json!({"cells": {"@1/x": {"a": 1.5}}}),
        json!({"cells": {"@1/x": {"t": [2, {"d": "b"}, "a", 0, "c", {"d": 1}, 7]}}}),
        json!({"cells": {"@1/x": {"t": [-1]}}}),
        json!({"cells": {"@1/x": {"t": [{"d": -1}]}}}),
        json!({"cells": {"@1/x": {"z": 1}}}),
        json!({"cells": {"@1/x": {"a": 1, "s": [1]}}}),
        json!({"cells": {"@1/~0~1": {"a": 1}}}),
        json!({"cells": {"@1/~2": {"a": 1}}}),
        json!({"cells": {"@1x": {"a": 1}}}),
        json!({"cells": {"1/x": {"a": 1}}}),
        json!({"cells": {"@18446744073709551616/x": {"a": 1}}}),
        json!({"cells": {"@1/x": {"s": [0, {}]}, "@1/x/y": {"s": [0, 1]}}}),
        json!({"cells": {"@7/x": {"a": 1}}, "items": {"7": {"n": [{}, null]}}}),
        json!({"items": {"7": {"n": [{"l": {"$l": "8"}}, ["3", "a1"]]}}}),
        json!({"items": {"7": {"m": [["3", "a0"], null]}}}),
        json!({"items": {"7": {"m": [["3", "a1"]]}}}),
        json!({"items": {"7": {"m": [["3", "a 1"]]}}}),
        json!({"items": {"7": {"m": [["3", ""]]}}}),
        json!({"items": {"7": {"m": [[3, "a1"]]}}}),
        json!({"items": {"0": {"m": [null]}}}),
        json!({"moves": {}}),
        json!([]),
    ];
    sets.chain(bodies)
        .map(|json| json!({"json": json}))
        .collect()
}
