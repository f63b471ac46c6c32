//! A json1 operation as a tree of places.

use serde_json::Value as Json;

use crate::error::Refusal;
use crate::json0::step;
use crate::place::Step;

/// One place, and what is done there.
#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// Picked up, into this slot.
    pub(super) pick: Option<u64>,
    /// Removed.
    pub(super) remove: bool,
    /// What was picked up into this slot comes here.
    pub(super) drop: Option<u64>,
    /// This comes here.
    pub(super) insert: Option<&'a Json>,
    /// Edits of the value that stands here at the end.
    pub(super) edits: Vec<Edit<'a>>,
    /// In the order of the operation.
    pub(super) children: Vec<(Step<'a>, Self)>,
    /// Whether something is picked up or removed here or below.
    pub(super) picks: bool,
    /// Whether something is dropped, inserted or edited here or below.
    pub(super) drops: bool,
}

/// An edit of a value in place.
#[derive(Debug)]
pub(super) enum Edit<'a> {
    /// Of a string, by `text-unicode`.
    Text(&'a Json),
    /// Of a number: this is added.
    Add(&'a Json),
}

impl<'a> Node<'a> {
    pub(super) fn parse(op: &'a Json) -> Result<Self, Refusal> {
        match op {
            Json::Null => Ok(Self::default()),
            Json::Array(parts) => Self::descent(parts),
            Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
                Err(Refusal::Malformed(
                    "an operation is null or an array of keys, components and arrays",
                ))
            }
        }
    }

    /// How many places there are.
    pub(super) fn size(&self) -> usize {
        1 + self
            .children
            .iter()
            .map(|(_, child)| child.size())
            .sum::<usize>()
    }

    /// Keys lead down, components belong to the place reached, arrays go on from there.
    fn descent(parts: &'a [Json]) -> Result<Self, Refusal> {
        let mut node = Self::default();
        for (index, part) in parts.iter().enumerate() {
            match part {
                Json::Array(parts) => {
                    let Some(key) = parts.first().and_then(step) else {
                        return Err(Refusal::Malformed("a branch starts with a key"));
                    };
                    node.children.push((key, Self::descent(&parts[1..])?));
                }
                Json::Object(_) => node.component(part)?,
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {
                    let key = step(part).ok_or(Refusal::Malformed("a key is text or an index"))?;
                    node.children
                        .push((key, Self::descent(&parts[index + 1..])?));
                    break;
                }
            }
        }
        let (mut picks, mut drops) = (node.pick.is_some() || node.remove, !node.edits.is_empty());
        drops |= node.drop.is_some() || node.insert.is_some();
        for (_, child) in &node.children {
            picks |= child.picks;
            drops |= child.drops;
        }
        (node.picks, node.drops) = (picks, drops);
        Ok(node)
    }

    fn component(&mut self, component: &'a Json) -> Result<(), Refusal> {
        let slot = |json: &Json| {
            json.as_u64()
                .ok_or(Refusal::Malformed("a slot is a number"))
        };
        for (name, json) in component.as_object().into_iter().flatten() {
            match name.as_str() {
                "p" => self.pick = Some(slot(json)?),
                "d" => self.drop = Some(slot(json)?),
                "r" => self.remove = true,
                "i" => self.insert = Some(json),
                "es" => self.edits.push(Edit::Text(json)),
                "ena" => self.edits.push(Edit::Add(json)),
                "et" => self.embedded(component)?,
                "e" if component.get("et").is_some() => {}
                _ => return Err(Refusal::Malformed("a component has an unknown member")),
            }
        }
        Ok(())
    }

    fn embedded(&mut self, component: &'a Json) -> Result<(), Refusal> {
        let edit = component.get("e");
        let edit = edit.ok_or(Refusal::Malformed("an edit of a type is missing"))?;
        self.edits
            .push(match component.get("et").and_then(Json::as_str) {
                Some("text-unicode") => Edit::Text(edit),
                Some("number") => Edit::Add(edit),
                Some(_) | None => {
                    return Err(Refusal::Unsupported(
                        "an embedded type other than text-unicode and number",
                    ));
                }
            });
        Ok(())
    }
}
