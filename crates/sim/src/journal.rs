//! What happened, in order: a running hash always, lines of JSON when somebody will read them.

use coboard_engine::Time;
use serde_json::{Map, Value as Json, json};

/// The record of a run.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    hash: u64,
    lines: Option<Vec<String>>,
}

impl Journal {
    /// A journal that keeps its lines.
    pub(crate) fn kept() -> Self {
        Self {
            lines: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Notes that something happened. What tells one event from another is in `numbers`; `detail`
    /// is asked only if lines are kept, and must be a function of the run as well.
    pub(crate) fn note(
        &mut self,
        now: Time,
        event: &'static str,
        numbers: &[u64],
        detail: impl FnOnce() -> Json,
    ) {
        self.mix(now.as_ms());
        for byte in event.bytes() {
            self.mix(u64::from(byte));
        }
        for number in numbers {
            self.mix(*number);
        }
        if let Some(lines) = &mut self.lines {
            let mut line = Map::from_iter([("at".to_owned(), json!(now.as_ms()))]);
            line.insert("event".to_owned(), json!(event));
            if let Json::Object(detail) = detail() {
                line.extend(detail);
            }
            lines.push(Json::Object(line).to_string());
        }
    }

    /// Takes a text into the hash.
    pub(crate) fn note_text(&mut self, text: &str) {
        for bytes in text.as_bytes().chunks(8) {
            let word = bytes
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.mix(word);
        }
    }

    /// A number over everything that happened: equal runs have equal ones.
    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines.unwrap_or_default()
    }

    fn mix(&mut self, number: u64) {
        let mixed = (self.hash ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.hash = mixed ^ (mixed >> 29);
    }
}
