//! JSON Merge Patch, RFC 7396.

use coboard_ot::{Components, Document, Json as Plain, Key, Value};
use coboard_protocol::codec::plain_from_json;
use serde_json::Value as Json;

use crate::draft::Draft;
use crate::error::{AdapterError, Refusal};
use crate::place::{Cell, Place};

/// A JSON Merge Patch as one operation on `document`.
///
/// Arrays are replaced as wholes, says the RFC; the items in them keep their identity where they
/// are recognised, as in [`diff`](coboard_ot::diff). `next_id` gives ids that were never used.
///
/// # Errors
/// [`AdapterError`] if a value is beyond a limit.
pub fn merge_patch(
    document: &Document,
    patch: &Json,
    next_id: &mut dyn FnMut() -> u64,
) -> Result<Components, AdapterError> {
    let mut draft = Draft::new(document, next_id);
    let patch = plain_from_json(patch).map_err(|error| Refusal::Value(error).at(0))?;
    merge(&mut draft, &Cell::root(), &patch).map_err(|refusal| refusal.at(0))?;
    Ok(draft.made)
}

fn merge(draft: &mut Draft<'_>, cell: &Cell, patch: &Plain) -> Result<(), Refusal> {
    let Plain::Map(members) = patch else {
        return draft.write(cell, patch);
    };
    if !matches!(cell.value(&draft.document), Some(Value::Map(_))) {
        return draft.write(cell, &without_nulls(members));
    }
    for (key, member) in members {
        let child = Cell {
            item: cell.item,
            path: cell.path.child(key),
        };
        let is_there = child.value(&draft.document).is_some();
        match member {
            Plain::Null => {
                if is_there {
                    draft.take_out(&Place::Key(child))?;
                }
            }
            Plain::Bool(_)
            | Plain::Int(_)
            | Plain::Float(_)
            | Plain::Str(_)
            | Plain::List(_)
            | Plain::Map(_) => merge(draft, &child, member)?,
        }
    }
    Ok(())
}

/// What a patch makes of nothing.
fn without_nulls(members: &[(Key, Plain)]) -> Plain {
    let kept = members.iter().filter_map(|(key, member)| match member {
        Plain::Null => None,
        Plain::Map(members) => Some((key.clone(), without_nulls(members))),
        Plain::Bool(_) | Plain::Int(_) | Plain::Float(_) | Plain::Str(_) | Plain::List(_) => {
            Some((key.clone(), member.clone()))
        }
    });
    Plain::Map(kept.collect())
}
