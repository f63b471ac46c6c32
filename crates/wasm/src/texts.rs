//! Text steps of an edit, from the units of JavaScript to those of the engine.

use coboard_engine::client::{Client, EditRequest, Step};
use coboard_protocol::codec::{components, value_to_json};
use coboard_protocol::{ErrorBody, ErrorCode};
use serde_json::{Value as Json, json};

use crate::utf16::{OffsetError, Part, to_scalars};

/// Rewrites the text steps of `request`; each is counted in the text that the steps before it leave.
///
/// A delta that cannot be read and a path without text stay as they are: the engine refuses them.
///
/// # Errors
/// When an offset has no place between scalar values.
pub(crate) fn convert(client: &Client, request: &mut EditRequest) -> Result<(), ErrorBody> {
    let mut texts = Texts {
        client,
        writes: Vec::new(),
    };
    for step in &mut request.steps {
        match step {
            Step::Set { path, value } => texts.write(path, Some(value.clone())),
            Step::Remove { path } => texts.write(path, None),
            Step::Insert {
                item: Some(item),
                value,
                ..
            } => texts.write(&format!("@{item}"), Some(value.clone())),
            Step::Text { path, delta } => texts.convert(path, delta)?,
            Step::Add { .. }
            | Step::Insert { item: None, .. }
            | Step::Move { .. }
            | Step::Trash { .. } => {}
        }
    }
    Ok(())
}

/// The texts of the view, and what the steps so far have written over it.
struct Texts<'a> {
    client: &'a Client,
    /// Path and value, in order; no value: removed.
    writes: Vec<(String, Option<Json>)>,
}

impl Texts<'_> {
    fn write(&mut self, path: &str, value: Option<Json>) {
        self.writes.push((path.to_owned(), value));
    }

    fn convert(&mut self, path: &str, delta: &mut Json) -> Result<(), ErrorBody> {
        let (Some(text), Some(parts)) = (self.at(path), read(delta)) else {
            return Ok(());
        };
        let converted = to_scalars(&text, parts).map_err(refusal)?;
        *delta = converted.parts.iter().map(write).collect();
        self.write(path, Some(Json::String(converted.text)));
        Ok(())
    }

    fn at(&self, path: &str) -> Option<String> {
        for (written, value) in self.writes.iter().rev() {
            let below = path
                .strip_prefix(written.as_str())
                .filter(|rest| rest.is_empty() || rest.starts_with('/'));
            if let Some(pointer) = below {
                return value
                    .as_ref()?
                    .pointer(pointer)?
                    .as_str()
                    .map(str::to_owned);
            }
        }
        let (item, cell) = components::cell_address(path).ok()?;
        let value = self.client.view().value(item, cell.as_str())?;
        value_to_json(value).as_str().map(str::to_owned)
    }
}

/// Reads a delta; `None` where it is none.
fn read(delta: &Json) -> Option<Vec<Part>> {
    delta.as_array()?.iter().map(read_part).collect()
}

fn read_part(part: &Json) -> Option<Part> {
    if let Some(text) = part.as_str() {
        return Some(Part::Insert(text.to_owned()));
    }
    let (count, make): (_, fn(usize) -> Part) = match part.get("d") {
        Some(count) => (count, Part::Delete),
        None => (part, Part::Skip),
    };
    usize::try_from(count.as_u64()?).ok().map(make)
}

fn write(part: &Part) -> Json {
    match part {
        Part::Skip(count) => json!(count),
        Part::Insert(text) => json!(text),
        Part::Delete(count) => json!({ "d": count }),
    }
}

fn refusal(error: OffsetError) -> ErrorBody {
    let (message, at) = match error {
        OffsetError::SplitsPair { at } => ("a text offset splits a surrogate pair", at),
        OffsetError::BeyondEnd { at } => ("a text offset is behind the end", at),
    };
    ErrorBody::new(ErrorCode::Index, message).with("offset", at)
}
