//! What was done to one thing by one operation.

use coboard_protocol::Kind;
use coboard_protocol::codec::plain_to_json;
use coboard_protocol::ot::{Document, ItemId, Value};
use serde_json::Value as Json;

use crate::derive::Deriving;
use crate::entry::VALUE_BYTES_MAX;
use crate::event::{Doing, Rect};
use crate::part::{Shown, part_of};
use crate::touched::{Edit, Fate, Touched, What};
use crate::words::{range, said};

/// What labels of copies begin with.
const DUPLICATE: &str = "duplicate ";

impl Deriving<'_> {
    /// What was done to one thing.
    pub(crate) fn told(&self, thing: &Touched) -> Told {
        let whole = |doing| Told {
            doing,
            path: None,
            before: None,
            after: None,
        };
        match thing.fate {
            Fate::Deleted(widgets) => return whole(Doing::Deleted { widgets }),
            Fate::Added => {
                let copy = self.label.starts_with(DUPLICATE);
                return whole(Doing::Added { copy });
            }
            // Who undoes or redoes an add brings it back, as far as the log tells.
            Fate::Restored if matches!(self.template.kind, Kind::Undo | Kind::Redo) => {
                return whole(Doing::Added { copy: false });
            }
            Fate::Restored => return whole(Doing::Restored),
            Fate::Stays => {}
        }
        if let Some(folded) = thing.folded {
            return whole(Doing::Folded(folded));
        }
        if let Some((from, to)) = &thing.rows
            && thing.renamed.is_none()
            && thing.edits.is_empty()
        {
            return match (from, to) {
                (_, Some(row)) => whole(Doing::Into { row: row.clone() }),
                (Some(row), None) => whole(Doing::OutOf { row: row.clone() }),
                (None, None) => whole(placed_or_nothing(thing)),
            };
        }
        let mut parts: Vec<_> = thing.edits.iter().map(|edit| edit.part).collect();
        parts.dedup_by_key(|part| part.id);
        let others = usize::from(thing.renamed.is_some()) + usize::from(thing.placed.is_some());
        match (&thing.renamed, thing.placed, parts.as_slice()) {
            (Some((from, to)), None, []) => Told {
                doing: Doing::Renamed {
                    from: from.clone(),
                    to: to.clone(),
                },
                path: (from.len().max(to.len()) <= VALUE_BYTES_MAX / 2)
                    .then(|| thing.object.title_address()),
                before: small(Some(&Json::String(from.clone()))),
                after: small(Some(&Json::String(to.clone()))),
            },
            (None, Some((from, to)), []) => Told {
                doing: Doing::Placed { from, to },
                path: Some(format!("@{}/gridPos", thing.object.item)),
                before: Some(from.to_json()),
                after: Some(to.to_json()),
            },
            (_, _, [_]) if others == 0 => self.part(thing),
            _ => {
                for (there, keys) in [
                    (thing.renamed.is_some(), "title"),
                    (thing.placed.is_some(), "gridPos"),
                ] {
                    let part = part_of(&thing.object, &[keys.to_owned()]);
                    parts.extend(part.filter(|_| there));
                }
                whole(Doing::Parts(parts))
            }
        }
    }

    /// What was done to the one part that was changed.
    fn part(&self, thing: &Touched) -> Told {
        let edit = thing.edits.first().expect("one part was changed");
        let part = edit.part;
        let alone = thing.edits.len() == 1;
        let mut told = Told {
            doing: Doing::Set { part, said: None },
            path: alone.then(|| edit.address.clone()),
            before: None,
            after: None,
        };
        if part.shown == Shown::Range {
            let item = thing.object.item;
            let time = |document: &Document| {
                let time = document.value(item, "/time")?;
                Some(plain_to_json(&document.plain(time)))
            };
            told.before = small(time(self.both.before).as_ref());
            told.after = small(time(self.both.after).as_ref());
            told.doing = Doing::Set {
                part,
                said: range_of(self.both.after, item),
            };
            told.path = Some(format!("@{item}/time"));
            return told;
        }
        let choice = if alone {
            Some(edit)
        } else {
            best(&thing.edits)
        };
        match choice.map(|edit| (&edit.what, edit)) {
            // Several cells of one part, and none of them says it all.
            None => {}
            Some((What::Wrote, _)) => told.doing = Doing::Wrote { part },
            Some((What::Reordered, _)) => told.doing = Doing::Reordered { part },
            Some((What::ElementAdded(name), _)) => {
                let name = name.clone();
                told.doing = Doing::ElementAdded { part, name };
            }
            Some((What::ElementRemoved(name), _)) => {
                let name = name.clone();
                told.doing = Doing::ElementRemoved { part, name };
            }
            Some((What::Set { before, after, .. }, edit)) => {
                let part = edit.part;
                told.before = small(before.as_ref());
                told.after = small(after.as_ref());
                // Whoever takes it back must not think that there was nothing.
                if told.before.is_some() != before.is_some()
                    || told.after.is_some() != after.is_some()
                {
                    told.path = None;
                }
                told.doing = match (part.shown, after) {
                    (Shown::Switch(..), Some(Json::Bool(on))) => Doing::Switched { part, on: *on },
                    _ => Doing::Set {
                        part,
                        said: after.as_ref().and_then(|after| said(after, part.shown)),
                    },
                };
            }
        }
        told
    }
}

/// What was done to one thing, and the cell it was done to.
pub(crate) struct Told {
    pub(crate) doing: Doing,
    pub(crate) path: Option<String>,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
}

impl Rect {
    fn to_json(self) -> Json {
        serde_json::json!({"x": self.x, "y": self.y, "w": self.w, "h": self.h})
    }
}

/// Of several writes of one part, the one whose value says it; none if two do.
fn best(edits: &[Edit]) -> Option<&Edit> {
    let mut saying = edits.iter().filter(|edit| match &edit.what {
        What::Set { key, after, .. } => {
            let says = |after: &Json| said(after, edit.part.shown).is_some();
            key != "value" && after.as_ref().is_some_and(says)
        }
        What::Wrote | What::ElementAdded(_) | What::ElementRemoved(_) | What::Reordered => false,
    });
    let first = saying.next()?;
    saying.next().is_none().then_some(first)
}

fn placed_or_nothing(thing: &Touched) -> Doing {
    match thing.placed {
        Some((from, to)) => Doing::Placed { from, to },
        None => Doing::Parts(Vec::new()),
    }
}

/// A value, if it is small.
fn small(value: Option<&Json>) -> Option<Json> {
    let value = value?;
    (value.to_string().len() <= VALUE_BYTES_MAX).then(|| value.clone())
}

/// How the time range of a dashboard is said.
fn range_of(document: &Document, item: ItemId) -> Option<String> {
    let text = |pointer| match document.value(item, pointer)? {
        Value::Str(text) => Some(text.to_string()),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Map(_)
        | Value::List(_) => None,
    };
    Some(range(&text("/time/from")?, &text("/time/to")?))
}
