//! Histories of documents: files with one version a line, followed from version to version.
//!
//! A step is the difference of two successive versions. What is judged: applying it gives exactly
//! the next version, its inverse the one before, the same after a trip over the wire; and when two
//! people make one half of it each, at the same time, both halves are in, whoever comes first.

mod halves;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path as FilePath, PathBuf};
use std::time::{Duration, Instant};

use coboard_ot::{Components, Document, ItemChange, ItemId, Json as Plain, Path, diff, invert};
use coboard_protocol::codec::{committed, components, plain_from_json, plain_to_json};
use coboard_protocol::limits::OPERATION_BYTES_MAX;
use flate2::read::GzDecoder;
use serde_json::Value as Json;

/// A client that makes all operations of a history.
const CLIENT: u32 = 1;

/// What was found in one history.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many versions there are.
    pub versions: usize,
    /// Steps in which something changed.
    pub changed: usize,
    /// Bytes of all versions but the first, as JSON text.
    pub json_bytes: usize,
    /// Bytes of all operations, as they go over the wire.
    pub operation_bytes: usize,
    /// Operations that are too large to be submitted by a client.
    pub oversized: usize,
    /// Components of all operations.
    pub components: usize,
    /// Items that were moved, not counting deletes.
    pub moves: usize,
    /// Items that were made.
    pub made: usize,
    /// Items that were deleted.
    pub deleted: usize,
    /// Steps whose two halves both changed something.
    pub merged: usize,
    /// Time spent on finding differences.
    pub diff_time: Duration,
    /// The longest of them.
    pub diff_time_max: Duration,
    /// What was wrong, in words.
    pub failures: Vec<String>,
}

/// The histories in a folder, in order of name: files `*.jsonl` and `*.jsonl.gz`.
///
/// # Errors
/// When the folder cannot be read.
pub fn files(folder: &FilePath) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".jsonl") || name.ends_with(".jsonl.gz") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads the versions of one history, the oldest first.
///
/// # Errors
/// When the file cannot be read, or a line is not JSON.
pub fn read(path: &FilePath) -> io::Result<Vec<Json>> {
    let file = File::open(path)?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|end| end == "gz") {
        Box::new(GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let lines = BufReader::new(reader).lines();
    lines
        .filter(|line| line.as_ref().map_or(true, |line| !line.trim().is_empty()))
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect()
}

/// Follows a history from its first version to its last.
pub fn follow(versions: &[Json]) -> Report {
    let mut report = Report {
        versions: versions.len(),
        ..Report::default()
    };
    let mut plain = Vec::new();
    for (number, json) in versions.iter().enumerate() {
        match plain_from_json(json) {
            Ok(version) if plain_to_json(&version) == *json => plain.push(version),
            Ok(_) => report.fail(number, "it does not come back from the import as it was"),
            Err(error) => report.fail(number, &error.to_string()),
        }
    }
    let Some(first) = plain.first() else {
        return report;
    };
    let mut document = Document::import(first);
    let mut counter = 0;
    for (number, new) in plain.iter().enumerate().skip(1) {
        report.json_bytes += versions[number].to_string().len();
        let op = report.difference(&document, new, &mut counter);
        let next = report.step(number, &document, new, &op);
        report.halves(number, &document, &next, new, &op);
        document = next;
    }
    report
}

impl Report {
    fn fail(&mut self, number: usize, what: &str) {
        self.failures
            .push(format!("version {}: {what}", number + 1));
    }

    fn difference(&mut self, document: &Document, new: &Plain, counter: &mut u32) -> Components {
        let mut next_id = || {
            *counter += 1;
            ItemId::new(CLIENT, *counter).as_u64()
        };
        let started = Instant::now();
        let op = diff(document, ItemId::ROOT, &Path::whole(), new, &mut next_id);
        let took = started.elapsed();
        self.diff_time += took;
        self.diff_time_max = self.diff_time_max.max(took);
        op
    }

    /// Applies one step, back and forth, here and beyond the wire. Gives the document after it.
    fn step(
        &mut self,
        number: usize,
        document: &Document,
        new: &Plain,
        op: &Components,
    ) -> Document {
        let before = document.export();
        self.count(op, before == *new);
        if op.is_empty() != (before == *new) {
            self.fail(
                number,
                "an operation is empty if and only if nothing changed",
            );
        }
        let mut next = document.clone();
        next.apply(op);
        if next.export() != *new {
            self.fail(number, "applying the difference does not give the version");
        }
        if coboard_ot::commit(document, op.clone()).components != *op {
            self.fail(number, "a server would not commit the operation as it is");
        }
        let mut back = next.clone();
        back.apply(&invert(op));
        if back.export() != before {
            self.fail(number, "the inverse does not give the version before");
        }
        let text = components::to_json(op).to_string();
        self.operation_bytes += text.len();
        self.oversized += usize::from(text.len() > OPERATION_BYTES_MAX);
        let decoded = serde_json::from_str(&text).map(|json: Json| committed::from_json(&json));
        let mut elsewhere = document.clone();
        match decoded {
            Ok(Ok(decoded)) => elsewhere.apply(&decoded),
            Ok(Err(error)) => self.fail(number, &error.to_string()),
            Err(error) => self.fail(number, &error.to_string()),
        }
        if elsewhere != next {
            self.fail(
                number,
                "the operation is another one after a trip over the wire",
            );
        }
        next
    }

    fn count(&mut self, op: &Components, unchanged: bool) {
        self.changed += usize::from(!unchanged);
        self.components += op.len();
        for (_, change) in op.items() {
            if let ItemChange::New { .. } = change {
                self.made += 1;
            } else if is_delete(change) {
                self.deleted += 1;
            } else {
                self.moves += 1;
            }
        }
    }
}

fn is_delete(change: &ItemChange) -> bool {
    use coboard_ot::Location::Trash;
    matches!(change, ItemChange::Move { new: Trash, .. })
}
