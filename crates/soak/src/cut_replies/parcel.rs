//! What a client sends, again and again, and what it is told each time.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use coboard_protocol::message::{Answer, SubmitResult, Submitted};
use coboard_protocol::{OperationId, Revision};
use serde_json::{Value as Json, json};

use crate::board;
use crate::record::Record;

/// What a client was told.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) records: Vec<Record>,
    pub(super) violations: Vec<String>,
    answers: BTreeMap<OperationId, Revision>,
}

/// A submit, the same each time.
pub(super) struct Parcel {
    pub(super) ids: Vec<OperationId>,
    pub(super) operations: Vec<Json>,
}

impl Known {
    /// Notes an answer: it must be the same each time.
    pub(super) fn compare(&mut self, id: &OperationId, revision: Revision, started: Instant) {
        match self.answers.insert(id.clone(), revision) {
            None => self.records.push(Record::Ack {
                id: id.clone(),
                revision,
                at: started.elapsed(),
            }),
            Some(first) if first == revision => {}
            Some(first) => self.violations.push(format!(
                "{id} was answered {first} first and {revision} later"
            )),
        }
    }
}

/// Adds to a counter.
pub(super) fn operation(id: &OperationId, base: Revision, counter: usize, by: i64) -> Json {
    let mut cells = serde_json::Map::new();
    cells.insert(board::counter_path(counter), json!({ "a": by }));
    json!({ "id": id, "base": base, "components": { "cells": cells }, "meta": {} })
}

/// An answer as it came from the server: `43`, its number, a list of one.
pub(super) fn read(packet: &str) -> Result<Vec<SubmitResult>> {
    let at = packet.find('[').context("an answer is a list")?;
    let [answer]: [Answer<Submitted>; 1] = serde_json::from_str(&packet[at..])?;
    match answer.into_result() {
        Ok(submitted) => Ok(submitted.results),
        Err(error) => bail!("the submit was refused as a whole: {error:?}"),
    }
}
