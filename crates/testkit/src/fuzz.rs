//! The bodies of the fuzz targets: each takes any bytes and panics if a promise is broken.
//!
//! The folder `fuzz/` hands them to libFuzzer; a test of this crate runs them on the stable
//! toolchain over a small corpus and random bytes.

use coboard_ot::{
    Components, Delta, Document, ItemId, Path, Side, commit, compose, diff, invert, transform,
};
use coboard_protocol::codec::{components, plain_from_json};
use coboard_protocol::message::{CatchUpRequest, Hello, Join, Leave, PresencePatch, Submit};
use serde_json::Value as Json;

use crate::generate::{Generator, Taste};
use crate::laws::Case;
use crate::oracle::text;
use crate::random::Random;

/// A target and its name.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 5] = [
    ("decode", decode),
    ("apply", apply),
    ("transform", transform_any),
    ("delta", delta),
    ("diff", diff_any),
];

/// Messages and components are read or refused, never more; what was read is written the same.
pub fn decode(bytes: &[u8]) {
    let _hello = serde_json::from_slice::<Hello>(bytes);
    let _join = serde_json::from_slice::<Join>(bytes);
    let _leave = serde_json::from_slice::<Leave>(bytes);
    let _submit = serde_json::from_slice::<Submit>(bytes);
    let _presence = serde_json::from_slice::<PresencePatch>(bytes);
    let _catch_up = serde_json::from_slice::<CatchUpRequest>(bytes);
    let Some(op) = read(bytes) else { return };
    let written = components::to_json(&op);
    let again = components::from_json(&written).expect("what is written can be read");
    assert_eq!(again, op);
    assert_eq!(components::to_json(&again), written);
}

/// Whatever the components are, the committed form applies as a whole, can be undone and commits
/// to itself. The document is made of the same bytes.
pub fn apply(bytes: &[u8]) {
    let Some(op) = read(bytes) else { return };
    let mut generator = Generator::new(Random::of_bytes(bytes), Taste::Text);
    let document = generator.document().to_document();
    // Not exported: what is not committed may hold a list inside itself, twice at every level.
    let _anything = after(&document, &op);
    let committed = commit(&document, op).components;
    let again = commit(&document, committed.clone()).components;
    assert_eq!(again, committed, "commit is idempotent");
    let done = after(&document, &committed);
    let undo = invert(&committed);
    let redone = after(&after(&done, &undo), &invert(&undo));
    assert_eq!(redone, done, "undo and redo");
    let composed = compose(committed.clone(), &undo);
    assert_eq!(after(&document, &composed), after(&done, &undo));
    done.export();
}

/// The laws on a case that is drawn from the bytes.
pub fn transform_any(bytes: &[u8]) {
    let case = Case::drawn(Random::of_bytes(bytes), Taste::Text);
    let outcome = case.check();
    let mut failures = outcome.failures.iter();
    let failure = failures.find(|(law, _)| !law.bends_for_text());
    if let Some((law, seen)) = failure {
        panic!("{} does not hold\n{seen}", law.name());
    }
}

/// Two deltas on one text, drawn from the bytes: both orders, compose and invert.
pub fn delta(bytes: &[u8]) {
    let mut random = Random::of_bytes(bytes);
    let before = text::letters(&mut random, 20);
    let [a, b] = [(); 2].map(|()| text::delta(&mut random, &before));
    let fits = |delta: &Delta, text: &str| delta.apply(text).expect("it fits");
    let (after_a, after_b) = (fits(&a, &before), fits(&b, &before));
    let then = b.transform(&a, Side::Later);
    let end = fits(&then, &after_a);
    assert_eq!(end, fits(&a.transform(&b, Side::Earlier), &after_b));
    let both = a.compose(&then);
    assert_eq!(fits(&both, &before), end);
    let undo = both.invert().expect("everything is filled in");
    assert_eq!(fits(&undo, &end), before);
    let again = Delta::from_parts(both.parts().to_vec());
    assert_eq!(again, both, "normal form");
}

/// Two JSON texts, one a line: the diff of the first to the second leads there.
pub fn diff_any(bytes: &[u8]) {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let mut plain = || {
        let json: Json = serde_json::from_slice(lines.next()?).ok()?;
        plain_from_json(&json).ok()
    };
    let (Some(old), Some(new)) = (plain(), plain()) else {
        return;
    };
    let document = Document::import(&old);
    let mut counter = 0;
    let mut next_id = || {
        counter += 1;
        ItemId::new(7, counter).as_u64()
    };
    let op = diff(&document, ItemId::ROOT, &Path::whole(), &new, &mut next_id);
    let committed = commit(&document, op.clone());
    assert_eq!(committed.components, op, "it applies as a whole");
    assert_eq!(after(&document, &op).export(), new);
    let over = transform(op.clone(), &Components::new(), Side::Later);
    assert_eq!(over.components, op);
}

fn read(bytes: &[u8]) -> Option<Components> {
    let json: Json = serde_json::from_slice(bytes).ok()?;
    components::from_json(&json).ok()
}

fn after(document: &Document, op: &Components) -> Document {
    let mut document = document.clone();
    document.apply(op);
    document
}
