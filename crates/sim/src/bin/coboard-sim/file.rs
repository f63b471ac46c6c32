//! A saved failure: a head with seed and plan, a line for each event, the log.

use std::fs;
use std::io;
use std::path::Path;

use coboard_sim::{Failure, Plan, World};
use serde_json::{Value as Json, json};

use crate::cores;

/// What a file says of its run.
pub(crate) struct Saved {
    pub(crate) seed: u64,
    pub(crate) plan: Plan,
    pub(crate) checker: String,
    /// Of the run, in hexadecimal digits.
    pub(crate) trace: String,
}

/// Plays the run once more with a line for each event, and saves these.
pub(crate) fn save(path: &Path, seed: u64, plan: &Plan, failure: &Failure) -> io::Result<()> {
    let head = json!({
        "seed": seed,
        "plan": plan.to_json(),
        "checker": failure.checker,
        "seen": failure.seen,
        "trace": format!("{:016x}", failure.trace),
    });
    let mut lines = vec![head.to_string()];
    // A panic takes the journal with it; what is left is the log as it was told.
    if failure.checker != "panic" {
        lines.extend(World::new(seed, plan.clone()).recorded().play().0);
    }
    lines.extend(
        failure
            .log
            .iter()
            .map(|entry| format!("{{\"log\":{entry}}}")),
    );
    lines.push(String::new());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, lines.join("\n"))
}

pub(crate) fn load(path: &str) -> Result<Saved, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let head = text.lines().next().unwrap_or_default();
    let head: Json = serde_json::from_str(head).map_err(|error| format!("{path}: {error}"))?;
    let word = |name: &str| head[name].as_str().unwrap_or_default().to_owned();
    Ok(Saved {
        seed: head["seed"].as_u64().ok_or("the file has no seed")?,
        plan: Plan::from_json(&head["plan"])?,
        checker: word("checker"),
        trace: word("trace"),
    })
}

/// The failure of a run, if it fails.
pub(crate) fn failure(seed: u64, plan: &Plan) -> Option<Box<Failure>> {
    cores::play(World::new(seed, plan.clone())).err()
}
