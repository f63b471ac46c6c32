//! What a write of a cell changed in it, cell by cell: whoever sets `fieldConfig` anew may have set a unit.

use coboard_protocol::codec::plain_to_json;
use coboard_protocol::ot::{Document, Value};
use serde_json::Value as Json;

/// Cells that one write is taken apart into, at most; beyond it the write is one change. A guess.
const LEAVES_MAX: usize = 256;

/// One cell that differs.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// From the item to the cell.
    pub(crate) keys: Vec<String>,
    /// What it held before; absent if there was nothing.
    pub(crate) before: Option<Json>,
    /// What it holds after.
    pub(crate) after: Option<Json>,
}

/// Two documents, one before the other.
#[derive(Clone, Copy)]
pub(crate) struct Both<'a> {
    pub(crate) before: &'a Document,
    pub(crate) after: &'a Document,
}

impl Both<'_> {
    /// The cells that differ between `old` and `new`, which stand at `keys`.
    pub(crate) fn leaves(
        self,
        keys: Vec<String>,
        old: Option<&Value>,
        new: Option<&Value>,
    ) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.collect(&keys, old, new, &mut leaves);
        if leaves.len() > LEAVES_MAX {
            leaves = vec![Leaf {
                keys,
                before: None,
                after: None,
            }];
        }
        leaves
    }

    fn collect(
        self,
        keys: &[String],
        old: Option<&Value>,
        new: Option<&Value>,
        leaves: &mut Vec<Leaf>,
    ) {
        if leaves.len() > LEAVES_MAX {
            return;
        }
        match (old, new) {
            (Some(Value::Map(_)) | None, Some(Value::Map(_))) | (Some(Value::Map(_)), None) => {
                let mut names: Vec<&str> =
                    [old, new].into_iter().flatten().flat_map(keys_of).collect();
                names.sort_unstable();
                names.dedup();
                for name in names {
                    let mut below = keys.to_vec();
                    below.push(name.to_owned());
                    self.collect(&below, child(old, name), child(new, name), leaves);
                }
            }
            (old, new) => {
                let before = old.map(|old| plain_to_json(&self.before.plain(old)));
                let after = new.map(|new| plain_to_json(&self.after.plain(new)));
                if before != after && !(is_nothing(before.as_ref()) && is_nothing(after.as_ref())) {
                    leaves.push(Leaf {
                        keys: keys.to_vec(),
                        before,
                        after,
                    });
                }
            }
        }
    }
}

/// Whether a value says nothing: absent, or a container without anything.
fn is_nothing(value: Option<&Json>) -> bool {
    match value {
        None | Some(Json::Null) => true,
        Some(Json::Array(list)) => list.is_empty(),
        Some(Json::Object(map)) => map.is_empty(),
        Some(Json::Bool(_) | Json::Number(_) | Json::String(_)) => false,
    }
}

fn keys_of(value: &Value) -> Vec<&str> {
    match value {
        Value::Map(map) => map.iter().map(|(key, _)| &**key).collect(),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::List(_) => Vec::new(),
    }
}

fn child<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    match value? {
        Value::Map(map) => map.get(key),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::List(_) => None,
    }
}
