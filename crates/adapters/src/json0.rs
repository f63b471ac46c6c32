//! json0, the operations of ShareDB's default type.

use std::borrow::Cow;

use coboard_ot::{Components, Document, Json as Plain, Value};
use coboard_protocol::codec::plain_from_json;
use serde_json::{Map, Value as Json};

use crate::OPERATIONS_MAX;
use crate::draft::Draft;
use crate::error::{AdapterError, Refusal};
use crate::place::{Cell, Place, Step, existing, find};
use crate::text::{deleted, inserted, scalars, utf16_length};

/// A json0 operation, an array of components, as one operation on `document`.
///
/// Offsets in strings count UTF-16 code units there and are converted. An element that is deleted
/// and inserted by one component is replaced: the item stays. `next_id` gives ids that were never used.
///
/// # Errors
/// [`AdapterError`] with the index of the component that does not fit. As in json0, the values in
/// `od` and `ld` are not compared with what is there; a deleted text is. Also as there, what is
/// inserted beyond the end of a text goes to its end: json0's own transform makes such offsets.
pub fn json0(
    document: &Document,
    op: &Json,
    next_id: &mut dyn FnMut() -> u64,
) -> Result<Components, AdapterError> {
    let malformed = || Refusal::Malformed("an operation is an array of components").at(0);
    let components = op.as_array().ok_or_else(malformed)?;
    if components.len() > OPERATIONS_MAX {
        let max = OPERATIONS_MAX;
        return Err(Refusal::TooMany { max }.at(max));
    }
    let mut draft = Draft::new(document, next_id);
    for (index, component) in components.iter().enumerate() {
        take(&mut draft, component).map_err(|refusal| refusal.at(index))?;
    }
    Ok(draft.made)
}

fn take(draft: &mut Draft<'_>, component: &Json) -> Result<(), Refusal> {
    let object = component.as_object();
    let object = object.ok_or(Refusal::Malformed("a component is an object"))?;
    let steps = path(object)?;
    let has = |name| object.contains_key(name);
    if has("si") || has("sd") {
        let Some((Step::Index(at), steps)) = steps.split_last() else {
            return Err(Refusal::Malformed("the path of a text ends with an offset"));
        };
        let cell = existing(&draft.document, &find(&draft.document, steps)?)?;
        return splice(draft, &cell, *at, object.get("si"), object.get("sd"));
    }
    let place = find(&draft.document, &steps)?;
    if has("t") {
        subtype(draft, &existing(&draft.document, &place)?, object)
    } else if let Some(by) = object.get("na") {
        let by = plain_from_json(by)?;
        draft.add_number(&existing(&draft.document, &place)?, &by)
    } else if let Some(to) = object.get("lm") {
        relocate(draft, &place, to)
    } else if has("oi") || has("od") {
        let (true, new) = (!matches!(place, Place::Index(..)), value(object, "oi")?) else {
            return Err(Refusal::WrongType("an object"));
        };
        replace(draft, &place, has("od"), new)
    } else if has("li") || has("ld") {
        let (true, new) = (matches!(place, Place::Index(..)), value(object, "li")?) else {
            return Err(Refusal::WrongType("an array"));
        };
        replace(draft, &place, has("ld"), new)
    } else {
        Err(Refusal::Malformed("a component of an unknown kind"))
    }
}

fn replace(
    draft: &mut Draft<'_>,
    place: &Place,
    delete: bool,
    new: Option<Plain>,
) -> Result<(), Refusal> {
    match new {
        Some(new) if delete && matches!(place, Place::Index(..)) => {
            draft.write(&existing(&draft.document, place)?, &new)
        }
        Some(new) => draft.add(place, &new),
        None => draft.take_out(place).map(drop),
    }
}

fn relocate(draft: &mut Draft<'_>, place: &Place, to: &Json) -> Result<(), Refusal> {
    let Place::Index(list, _) = place else {
        return Err(Refusal::WrongType("an array"));
    };
    let to = to.as_u64().and_then(|to| usize::try_from(to).ok());
    let to = to.ok_or(Refusal::Malformed("lm is an index"))?;
    let taken = draft.take_out(place)?;
    if to > draft.document.list(*list).count() {
        return Err(Refusal::NoSuchIndex);
    }
    draft.put(&Place::Index(*list, to), taken)
}

/// The only embedded type that json0 ships: `text0`.
fn subtype(draft: &mut Draft<'_>, cell: &Cell, object: &Map<String, Json>) -> Result<(), Refusal> {
    if object.get("t").and_then(Json::as_str) != Some("text0") {
        return Err(Refusal::Unsupported("an embedded type other than text0"));
    }
    let malformed = Refusal::Malformed("an operation of text0 is an array of p with i or d");
    let parts = object.get("o").and_then(Json::as_array);
    let parts = parts.ok_or_else(|| malformed.clone())?;
    draft.spend(parts.len())?;
    for part in parts {
        let at = part.get("p").and_then(Json::as_u64);
        let at = at.and_then(|at| usize::try_from(at).ok());
        let at = at.ok_or_else(|| malformed.clone())?;
        splice(draft, cell, at, part.get("i"), part.get("d"))?;
    }
    Ok(())
}

fn splice(
    draft: &mut Draft<'_>,
    cell: &Cell,
    at: usize,
    insert: Option<&Json>,
    delete: Option<&Json>,
) -> Result<(), Refusal> {
    let offset = |draft: &Draft<'_>| match cell.value(&draft.document) {
        Some(Value::Str(text)) => scalars(text, at.min(utf16_length(text))),
        Some(_) | None => Err(Refusal::WrongType("a string")),
    };
    let text = |json: &Json| match json {
        Json::String(text) => Ok(text.clone()),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Err(Refusal::Malformed("a text is a string"))
        }
    };
    if let Some(gone) = delete {
        let delta = deleted(offset(draft)?, &text(gone)?);
        draft.edit_text(cell, &delta)?;
    }
    if let Some(new) = insert {
        let delta = inserted(offset(draft)?, &text(new)?);
        draft.edit_text(cell, &delta)?;
    }
    Ok(())
}

fn value(object: &Map<String, Json>, name: &str) -> Result<Option<Plain>, Refusal> {
    Ok(object.get(name).map(plain_from_json).transpose()?)
}

fn path(object: &Map<String, Json>) -> Result<Vec<Step<'_>>, Refusal> {
    let malformed = || Refusal::Malformed("p is an array of keys and indexes");
    let steps = object.get("p").and_then(Json::as_array);
    let steps = steps.ok_or_else(malformed)?.iter();
    steps.map(|json| step(json).ok_or_else(malformed)).collect()
}

/// A key or an index.
pub(crate) fn step(json: &Json) -> Option<Step<'_>> {
    match json {
        Json::String(key) => Some(Step::Key(Cow::Borrowed(key))),
        Json::Number(index) => Some(Step::Index(usize::try_from(index.as_u64()?).ok()?)),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}
