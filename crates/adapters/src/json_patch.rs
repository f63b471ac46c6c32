//! JSON Patch, RFC 6902.

use std::borrow::Cow;

use coboard_ot::{Components, Document, Json as Plain};
use coboard_protocol::codec::plain_from_json;
use serde_json::{Map, Value as Json};

use crate::OPERATIONS_MAX;
use crate::draft::Draft;
use crate::error::{AdapterError, Refusal};
use crate::place::{Step, existing, find};

/// A JSON Patch as one operation on `document`.
///
/// Elements of arrays become items: `move` keeps their identity, `replace` keeps it where the
/// values are alike, `copy` makes new ones. `next_id` gives ids that were never used.
///
/// # Errors
/// [`AdapterError`] with the index of the operation that does not fit, a failed `test` among them.
pub fn json_patch(
    document: &Document,
    patch: &Json,
    next_id: &mut dyn FnMut() -> u64,
) -> Result<Components, AdapterError> {
    let malformed = || Refusal::Malformed("a patch is an array of operations").at(0);
    let operations = patch.as_array().ok_or_else(malformed)?;
    if operations.len() > OPERATIONS_MAX {
        let max = OPERATIONS_MAX;
        return Err(Refusal::TooMany { max }.at(max));
    }
    let mut draft = Draft::new(document, next_id);
    for (index, operation) in operations.iter().enumerate() {
        take(&mut draft, operation).map_err(|refusal| refusal.at(index))?;
    }
    Ok(draft.made)
}

fn take(draft: &mut Draft<'_>, operation: &Json) -> Result<(), Refusal> {
    let object = operation.as_object();
    let object = object.ok_or(Refusal::Malformed("an operation is an object"))?;
    let path = pointer(object, "path")?;
    match object.get("op").and_then(Json::as_str) {
        Some("add") => {
            let place = find(&draft.document, &path)?;
            draft.add(&place, &value(object)?)
        }
        Some("remove") => {
            let place = find(&draft.document, &path)?;
            draft.take_out(&place).map(drop)
        }
        Some("replace") => {
            let cell = existing(&draft.document, &find(&draft.document, &path)?)?;
            draft.write(&cell, &value(object)?)
        }
        Some("move") => {
            let from = pointer(object, "from")?;
            if path.len() > from.len() && path.starts_with(&from) {
                return Err(Refusal::IntoItself);
            }
            if path == from {
                return existing(&draft.document, &find(&draft.document, &from)?).map(drop);
            }
            let place = find(&draft.document, &from)?;
            let taken = draft.take_out(&place)?;
            let place = find(&draft.document, &path)?;
            draft.put(&place, taken)
        }
        Some("copy") => {
            let from = pointer(object, "from")?;
            let cell = existing(&draft.document, &find(&draft.document, &from)?)?;
            let copied = draft.plain(&cell)?;
            let place = find(&draft.document, &path)?;
            draft.add(&place, &copied)
        }
        Some("test") => {
            let cell = existing(&draft.document, &find(&draft.document, &path)?)?;
            let found = draft.plain(&cell)? == value(object)?;
            found.then_some(()).ok_or(Refusal::TestFailed)
        }
        Some(_) | None => Err(Refusal::Malformed("the operation is none of the six")),
    }
}

fn value(object: &Map<String, Json>) -> Result<Plain, Refusal> {
    let value = object.get("value");
    let value = value.ok_or(Refusal::Malformed("the value is missing"))?;
    Ok(plain_from_json(value)?)
}

/// A JSON Pointer, RFC 6901.
fn pointer<'a>(object: &'a Map<String, Json>, name: &str) -> Result<Vec<Step<'a>>, Refusal> {
    let malformed = Refusal::Malformed("path and from are JSON Pointers");
    let Some(text) = object.get(name).and_then(Json::as_str) else {
        return Err(malformed);
    };
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let text = text.strip_prefix('/').ok_or(malformed)?;
    text.split('/')
        .map(|token| unescaped(token).map(Step::Token))
        .collect()
}

fn unescaped(token: &str) -> Result<Cow<'_, str>, Refusal> {
    let mut rest = token.split('~').skip(1);
    if !rest.all(|rest| rest.starts_with('0') || rest.starts_with('1')) {
        return Err(Refusal::Malformed("a ~ in a pointer is written ~0"));
    }
    if token.contains('~') {
        return Ok(Cow::Owned(token.replace("~1", "/").replace("~0", "~")));
    }
    Ok(Cow::Borrowed(token))
}
