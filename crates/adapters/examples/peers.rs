//! Makes of operations of json0 and json1 what the peers' own packages made of them.
//!
//! Reads the cases that `adapters.mjs` of the test kit prints, one JSON object a line on standard
//! input, and counts how each came out. Ends with an error if one came out in a way that is not named.
#![allow(clippy::print_stdout, reason = "a program whose output a person reads")]

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::process::ExitCode;

use coboard_adapters::{AdapterError, Refusal, json0, json1};
use coboard_ot::{Components, Document, INTEGER_MAX, ItemId, commit, invert};
use coboard_protocol::codec::{DecodeError, plain_from_json, plain_to_json};
use serde_json::Value as Json;

type Adapter = fn(&Document, &Json, &mut dyn FnMut() -> u64) -> Result<Components, AdapterError>;

const INEXACT: Refusal = Refusal::Value(DecodeError::BadNumber);
/// More than the cases add to a number.
const NEAR: i64 = 100;
const SHOWN_MAX: u64 = 5;

/// How one case came out.
enum Outcome {
    Equal,
    /// The adapters take no operation that removes or moves the root; the packages do.
    Root,
    /// Both the document and the sums of ours stay within the integers that a double holds exactly.
    Inexact,
    Unexplained(String),
}

fn main() -> io::Result<ExitCode> {
    let kind = std::env::args().nth(1).unwrap_or_default();
    let adapter: Adapter = match kind.as_str() {
        "json0" => json0,
        "json1" => json1,
        _ => {
            eprintln!("Usage: peers json0|json1 < CASES");
            return Ok(ExitCode::from(2));
        }
    };
    let mut counts: BTreeMap<(String, &str), u64> = BTreeMap::new();
    let (mut cases, mut unexplained) = (0_u64, 0_u64);
    for line in io::stdin().lock().lines() {
        let line = line?;
        let case: Json = serde_json::from_str(&line)?;
        let form = case["form"].as_str().unwrap_or_default().to_owned();
        cases += 1;
        let class = match replay(adapter, &case) {
            Outcome::Equal => "equal",
            Outcome::Root => "refused: the root is removed or moved",
            Outcome::Inexact => "refused: beyond the exact integers",
            Outcome::Unexplained(why) => {
                unexplained += 1;
                if unexplained <= SHOWN_MAX {
                    println!("{why}\n  {line}");
                }
                "unexplained"
            }
        };
        *counts.entry((form, class)).or_default() += 1;
    }
    println!("adapter of {kind}: {cases} cases");
    for ((form, class), times) in counts {
        println!("    {times:>8}  {form}: {class}");
    }
    println!("  unexplained: {unexplained}");
    let good = cases > 0 && unexplained == 0;
    Ok(ExitCode::from(u8::from(!good)))
}

fn replay(adapter: Adapter, case: &Json) -> Outcome {
    let before = match plain_from_json(&case["document"]) {
        Ok(plain) => Document::import(&plain),
        Err(DecodeError::BadNumber) if is_inexact(&case["document"]) => return Outcome::Inexact,
        Err(error) => return Outcome::Unexplained(format!("the document: {error}")),
    };
    let mut counter = 0;
    let mut next_id = || {
        counter += 1;
        ItemId::new(7, counter).as_u64()
    };
    let op = match adapter(&before, &case["op"], &mut next_id) {
        Ok(op) => op,
        Err(error) if error.refusal == Refusal::Root && touches_root(case) => return Outcome::Root,
        Err(error) if error.refusal == INEXACT && is_inexact(case) => return Outcome::Inexact,
        Err(error) => return Outcome::Unexplained(format!("refused: {error}")),
    };
    match fault(&before, op, case) {
        None => Outcome::Equal,
        Some(why) => Outcome::Unexplained(why),
    }
}

/// What is wrong with the operation that was made of the case.
fn fault(before: &Document, op: Components, case: &Json) -> Option<String> {
    let mut after = before.clone();
    after.apply(&op);
    let ours = plain_to_json(&after.export());
    if case.get("after") != Some(&ours) {
        return Some(format!("ours is {ours}"));
    }
    after.apply(&invert(&op));
    if after.export() != before.export() {
        return Some("its inverse does not take it back".to_owned());
    }
    let committed = commit(before, op.clone()).components;
    (committed != op).then(|| format!("commit drops a part of {op:?}"))
}

/// Whether the root is gone after the operation, or was picked up by it.
fn touches_root(case: &Json) -> bool {
    let picked = case["op"].get(0).is_some_and(|part| part["p"].is_u64());
    case.get("after").is_none() || picked
}

/// Whether an integer beyond the exact ones, or one that some adds bring there, stands anywhere.
fn is_inexact(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(_) | Json::String(_) => false,
        Json::Number(number) => number
            .as_i64()
            .is_some_and(|i| i.abs() > INTEGER_MAX - NEAR),
        Json::Array(list) => list.iter().any(is_inexact),
        Json::Object(map) => map.values().any(is_inexact),
    }
}
