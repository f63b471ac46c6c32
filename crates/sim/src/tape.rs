//! What one client was told and what it answered, as JSON: for another build of the same engine.

use coboard_engine::Time;
use coboard_engine::client::{Config, Edited, Input, Output, to_json};
use coboard_protocol::Revision;
use coboard_protocol::ot::DocumentHash;
use serde_json::{Value as Json, json};

/// A call of the browser's core.
#[derive(Debug)]
pub(crate) enum Call {
    /// Nobody keeps it.
    Untaped,
    Handle(Json),
    Edit(Json),
    Undo,
    Redo,
}

/// The calls of one client.
#[derive(Debug)]
pub(crate) struct Tape {
    seed: u64,
    config: Json,
    calls: Vec<Json>,
}

impl Call {
    /// The call that gives an input.
    pub(crate) fn of(input: &Input) -> Self {
        Self::Handle(match input {
            Input::Restore { kept } => {
                let mut call = kept.clone();
                call["type"] = json!("restore");
                call
            }
            Input::Connected => json!({"type": "connected"}),
            Input::Disconnected => json!({"type": "disconnected"}),
            Input::Answer { request, answer } => {
                json!({"type": "answer", "request": request, "answer": answer})
            }
            Input::Committed { message } => json!({"type": "committed", "message": message}),
            Input::Head { revision, hash } => {
                json!({"type": "head", "revision": revision, "hash": hash})
            }
            Input::Snapshot { snapshot } => json!({"type": "snapshot", "snapshot": snapshot}),
            Input::SnapshotFailed => json!({"type": "snapshot_failed"}),
            Input::SessionEnded { session, error } => {
                json!({"type": "session_ended", "session": session, "error": error})
            }
            Input::Discard { id } => json!({"type": "discard", "id": id}),
            Input::Timeout => json!({"type": "timeout"}),
        })
    }
}

impl Tape {
    pub(crate) fn new(seed: u64, config: &Config) -> Self {
        Self {
            seed,
            config: json!(config),
            calls: Vec::new(),
        }
    }

    /// Another machine takes the place of the former one.
    pub(crate) fn begin(&mut self, now: Time, config: &Config) {
        self.calls.push(json!([now.as_ms(), "begin", config, 0]));
    }

    /// Keeps a call with a hash of its answer: the outputs, and for an edit what came of it.
    pub(crate) fn push(
        &mut self,
        now: Time,
        call: &Call,
        edited: Option<&Edited>,
        outputs: &[Output],
    ) {
        let outputs: Json = outputs.iter().map(to_json).collect();
        let answer = match edited {
            Some(edited) => {
                let mut answer = json!(edited);
                answer["outputs"] = outputs;
                answer
            }
            None => outputs,
        };
        let (name, argument) = match call {
            Call::Untaped => return,
            Call::Handle(input) => ("handle", Some(input)),
            Call::Edit(request) => ("edit", Some(request)),
            Call::Undo => ("undo", None),
            Call::Redo => ("redo", None),
        };
        let hash = hash_of(&answer.to_string());
        self.calls.push(json!([now.as_ms(), name, argument, hash]));
    }

    /// One line of JSON. Its last call lets the machine compare its own hash with that of all.
    pub(crate) fn finish(mut self, head: Revision, hash: &DocumentHash, now: Time) -> String {
        let input = json!({"type": "head", "revision": head, "hash": hash.to_string()});
        self.calls
            .push(json!([now.as_ms(), "handle", input, hash_of("[]")]));
        json!({"seed": self.seed, "config": self.config, "hash": hash.to_string(), "calls": self.calls}).to_string()
    }
}

/// FNV-1a, 32 bit: quick in JavaScript too.
fn hash_of(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
