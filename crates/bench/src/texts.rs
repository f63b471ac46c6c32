//! A long text written one character at a time, as in the trace of a paper (260,000 edits).

use coboard_protocol::ot::{Change, Components, Delta, Document, ItemId, Part, Path, Value};
use coboard_testkit::Random;

use crate::case::{Case, Entry, batch};
use crate::script::splice;

/// Inserts and deletes of the automerge-paper trace; it ends at 104,852 characters.
const INSERTS: usize = 182_315;
const DELETES: usize = 77_463;
/// Length of the text that single edits are measured in.
const TEXT_BYTES: usize = 10_000;

/// One edit of the trace.
#[derive(Clone, Copy, Debug)]
pub enum Patch {
    /// A character typed.
    Insert(usize, char),
    /// A character taken away.
    Delete(usize),
}

/// The cases of this file.
pub fn cases() -> Vec<Entry> {
    vec![
        Entry::core("apply text in 10 KB of text", || in_text(TEXT_BYTES)),
        Entry::core("apply text in 100 KB of text", || in_text(10 * TEXT_BYTES)),
        Entry::long("259,778 edits of one text", || replay(INSERTS, DELETES)),
    ]
}

/// A trace of the shape of automerge-paper: runs of typing, corrections, jumps.
pub fn trace(inserts: usize, deletes: usize) -> Vec<Patch> {
    let mut random = Random::new(259_778, 0);
    let mut patches = Vec::with_capacity(inserts + deletes);
    let (mut inserts, mut deletes) = (inserts, deletes);
    let (mut length, mut at) = (0_usize, 0_usize);
    while inserts + deletes > 0 {
        if random.chance(15) {
            // Most jumps go to the end, where the text is being written.
            at = if random.chance(60) {
                length
            } else {
                random.below(length + 1)
            };
        }
        let run = 1 + random.below(30);
        if random.below(inserts + deletes) < inserts {
            for _ in 0..run.min(inserts) {
                let letter = b"etaoin shrdlu\n"[random.below(14)];
                patches.push(Patch::Insert(at, char::from(letter)));
                (at, length, inserts) = (at + 1, length + 1, inserts - 1);
            }
        } else {
            for _ in 0..run.min(deletes).min(at) {
                (at, length, deletes) = (at - 1, length - 1, deletes - 1);
                patches.push(Patch::Delete(at));
            }
        }
    }
    patches
}

/// Each edit becomes an operation and is applied to a document.
fn replay(inserts: usize, deletes: usize) -> Box<dyn Case> {
    let patches = trace(inserts, deletes);
    batch(
        1,
        || document(String::new()),
        move |mut document: Document| {
            let path = Path::of(["text"]);
            for patch in &patches {
                let parts = match *patch {
                    Patch::Insert(at, letter) => [Part::Skip(at), Part::Insert(letter.into())],
                    Patch::Delete(at) => {
                        let (count, text) = (1, None);
                        [Part::Skip(at), Part::Delete { count, text }]
                    }
                };
                let change = Change::Text(Delta::from_parts(parts));
                document.apply(&Components::of_cell(ItemId::ROOT, path.clone(), change));
            }
            document
        },
    )
}

fn in_text(bytes: usize) -> Box<dyn Case> {
    let mut document = document("all work and no play ".repeat(bytes / 21 + 1));
    let ops: Vec<Components> = (0..64)
        .flat_map(|n| {
            let at = n * bytes / 64;
            let typed = splice(ItemId::ROOT, "text", at, "x", "");
            [typed, splice(ItemId::ROOT, "text", at, "", "x")]
        })
        .collect();
    batch(
        ops.len(),
        || (),
        move |()| {
            for op in &ops {
                document.apply(std::hint::black_box(op));
            }
        },
    )
}

fn document(text: String) -> Document {
    let mut document = Document::new();
    let change = Change::Set {
        old: None,
        new: Some(Value::Str(text.into())),
    };
    document.apply(&Components::of_cell(
        ItemId::ROOT,
        Path::of(["text"]),
        change,
    ));
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_ends_at_its_length() {
        let mut case = replay(1_800, 700);
        case.prepare();
        case.run();
        let mut text = String::new();
        for patch in trace(1_800, 700) {
            match patch {
                Patch::Insert(at, letter) => text.insert(at, letter),
                Patch::Delete(at) => {
                    text.remove(at);
                }
            }
        }
        assert_eq!(text.len(), 1_100);
        assert_eq!(trace(INSERTS, DELETES).len(), 259_778);
    }
}
