//! What a person's edit asks for, and how it looks as JSON.

use coboard_protocol::decode::Fields;
use coboard_protocol::{PolicyWord, object};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

/// One edit: its steps become one operation, one event and one step of undo.
#[derive(Clone, PartialEq, Debug)]
pub struct EditRequest {
    /// What it does, in words for people.
    pub label: String,
    /// Edits of one gesture form one step of undo.
    pub gesture: Option<String>,
    /// Whether it applies as a whole or not at all.
    pub atomic: bool,
    /// The policy it asks for where those of the document say nothing.
    pub policy: Option<PolicyWord>,
    /// What it does, in order. Each step sees what those before it did.
    pub steps: Vec<Step>,
}

/// One step of an edit. Paths are cell addresses such as `@17/gridPos/x`.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// Sets a cell to plain JSON.
    Set {
        /// Which cell.
        path: String,
        /// Its new value; arrays become lists.
        value: Json,
    },
    /// Removes a key.
    Remove {
        /// Which one.
        path: String,
    },
    /// Adds to an integer.
    Add {
        /// Which cell.
        path: String,
        /// How much.
        by: i64,
    },
    /// Edits a string.
    Text {
        /// Which cell.
        path: String,
        /// The steps, counted in Unicode scalar values: skip, insert, `{"d": count}`.
        delta: Json,
    },
    /// Makes an item.
    Insert {
        /// The cell that holds the list.
        list: String,
        /// Its value as plain JSON.
        value: Json,
        /// Where; at the end if absent.
        at: Place,
        /// Its id, from [`Client::reserve_item`](super::Client::reserve_item); a new one if absent.
        item: Option<String>,
    },
    /// Moves an item, also out of trash.
    Move {
        /// Which one.
        item: String,
        /// The cell that holds the list it goes to.
        list: String,
        /// Where; at the end if absent.
        at: Place,
    },
    /// Deletes an item; it can be moved back.
    Trash {
        /// Which one.
        item: String,
    },
}

/// A place in a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Place {
    /// Before all others.
    Start,
    /// After all others.
    #[default]
    End,
    /// Right before this item.
    Before(String),
    /// Right after this item.
    After(String),
}

object!(EditRequest {
    label: required,
    gesture: optional,
    atomic: optional,
    policy: optional,
    steps: required,
});

/// A step is `{"set": {"path": …, "value": …}}`: its name in snake_case, then its fields.
impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (kind, body) = Fields::read(deserializer)?
            .single()
            .ok_or_else(|| D::Error::custom("a step has one name"))?;
        let mut fields = Fields::read(body).map_err(D::Error::custom)?;
        match kind.as_str() {
            "set" => Ok(Self::Set {
                path: fields.required("path")?,
                value: fields.json("value"),
            }),
            "remove" => Ok(Self::Remove {
                path: fields.required("path")?,
            }),
            "add" => Ok(Self::Add {
                path: fields.required("path")?,
                by: fields.required("by")?,
            }),
            "text" => Ok(Self::Text {
                path: fields.required("path")?,
                delta: fields.json("delta"),
            }),
            "insert" => Ok(Self::Insert {
                list: fields.required("list")?,
                value: fields.json("value"),
                at: fields.optional("at")?,
                item: fields.optional("item")?,
            }),
            "move" => Ok(Self::Move {
                item: fields.required("item")?,
                list: fields.required("list")?,
                at: fields.optional("at")?,
            }),
            "trash" => Ok(Self::Trash {
                item: fields.required("item")?,
            }),
            _ => Err(D::Error::custom("a step of an unknown kind")),
        }
    }
}

/// A place is `"start"`, `"end"`, `{"before": item}` or `{"after": item}`.
impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        let neighbour = |name| json.get(name).and_then(Json::as_str).map(str::to_owned);
        match (json.as_str(), neighbour("before"), neighbour("after")) {
            (Some("start"), ..) => Ok(Self::Start),
            (Some("end"), ..) => Ok(Self::End),
            (None, Some(item), None) => Ok(Self::Before(item)),
            (None, None, Some(item)) => Ok(Self::After(item)),
            _ => Err(D::Error::custom("a place of an unknown kind")),
        }
    }
}
