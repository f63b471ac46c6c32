//! What the tests of all formats share.

use coboard_adapters::AdapterError;
use coboard_ot::{Components, Document, ItemId, commit, invert};
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use serde_json::Value as Json;

/// An adapter.
pub(crate) type Adapter =
    fn(&Document, &Json, &mut dyn FnMut() -> u64) -> Result<Components, AdapterError>;

pub(crate) fn seed() -> u64 {
    std::env::var("SEED").map_or(20, |seed| seed.parse().expect("SEED is a number"))
}

pub(crate) fn import(json: &Json) -> Document {
    Document::import(&plain_from_json(json).expect("plain JSON"))
}

/// Reads `op` against `before`, checks what is promised of every result, and gives the operation
/// and the document after it.
pub(crate) fn read(
    adapter: Adapter,
    before: &Json,
    op: &Json,
) -> Result<(Components, Json), AdapterError> {
    let document = import(before);
    let mut counter = 0;
    let mut next_id = || {
        counter += 1;
        ItemId::new(7, counter).as_u64()
    };
    let components = adapter(&document, op, &mut next_id)?;
    let committed = commit(&document, components.clone());
    assert_eq!(
        committed.components, components,
        "it applies as a whole: {op}"
    );
    let mut after = document.clone();
    after.apply(&components);
    let mut back = after.clone();
    back.apply(&invert(&components));
    assert_eq!(
        back.export(),
        document.export(),
        "its inverse takes it back: {op}"
    );
    Ok((components, plain_to_json(&after.export())))
}

/// The document after `op`.
pub(crate) fn after(adapter: Adapter, before: &Json, op: &Json) -> Result<Json, AdapterError> {
    read(adapter, before, op).map(|(_, after)| after)
}
