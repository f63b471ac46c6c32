//! What people do: random gestures on what they see.

use coboard_engine::client::{EditRequest, Place, Step};
use coboard_protocol::ot::{Document, ItemId, Path, Value};
use coboard_testkit::Random;
use serde_json::{Value as Json, json};

mod cells;
mod wire;

use cells::cell;
pub(crate) use wire::edit_to_json;

/// What the document starts with.
pub(crate) fn dashboard() -> Json {
    json!({
        "title": "Nodes",
        "refresh": 10,
        "notes": "",
        "tags": ["a", "b"],
        "panels": [
            {"title": "cpu", "gridPos": {"x": 0, "y": 0}, "targets": [{"expr": "up"}]},
            {"title": "row", "panels": [{"title": "disk", "gridPos": {"x": 0, "y": 8}}]},
            {"title": "notes 🙂", "content": "some text to edit"},
        ],
    })
}

/// The cell of the notes: people add to it, and nobody takes anything out but by undo.
pub(crate) const NOTES: &str = "@0/notes";

/// One gesture.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Gesture {
    Edit(EditRequest),
    Undo,
    Redo,
}

impl Gesture {
    /// Leaves out what follows a step on text that is not the first one: other steps before it may
    /// have changed the text, and offsets in UTF-16 are counted on the one that people see.
    pub(crate) fn keep_first_text(&mut self) {
        if let Self::Edit(request) = self {
            let is_text = |step: &Step| matches!(step, Step::Text { .. });
            let later = request.steps.iter().skip(1).position(is_text);
            request
                .steps
                .truncate(later.map_or(usize::MAX, |at| at + 1));
        }
    }
}

/// A gesture that fits `view`.
pub(crate) fn gesture(random: &mut Random, view: &Document, undo: bool) -> Option<Gesture> {
    match random.below(100) {
        0..8 if undo => return Some(Gesture::Undo),
        8..12 if undo => return Some(Gesture::Redo),
        _ => {}
    }
    let count = 1 + random.below(3);
    let steps: Vec<Step> = (0..count).filter_map(|_| step(random, view)).collect();
    let gesture = random.chance(30).then(|| "drag".to_owned());
    (!steps.is_empty()).then(|| {
        Gesture::Edit(EditRequest {
            policy: None,
            label: "edit".to_owned(),
            gesture,
            atomic: random.chance(10),
            steps,
        })
    })
}

/// Adds `note` to the notes, before, after or between those that are there. A note ends with a semicolon.
pub(crate) fn note(random: &mut Random, view: &Document, note: &str) -> Option<Gesture> {
    let Value::Str(notes) = view.value(ItemId::ROOT, "/notes")? else {
        return None;
    };
    let ends = notes.char_indices().filter(|(_, c)| *c == ';');
    let places: Vec<usize> = std::iter::once(0)
        .chain(ends.map(|(at, _)| at + 1))
        .collect();
    let at = *random.pick(&places)?;
    Some(Gesture::Edit(EditRequest {
        policy: None,
        label: "note".to_owned(),
        gesture: random.chance(30).then(|| "drag".to_owned()),
        atomic: false,
        steps: vec![Step::Text {
            path: NOTES.to_owned(),
            delta: json!([at, note]),
        }],
    }))
}

fn step(random: &mut Random, view: &Document) -> Option<Step> {
    match random.below(100) {
        0..30 => {
            let path = cell(random, view, |value| matches!(value, Value::Map(_)))?;
            let key = *random.pick(&["title", "x", "y", "options", "~/"])?;
            let path = format!("{path}{}", Path::of([key]));
            let value = value(random);
            Some(Step::Set { path, value })
        }
        30..36 => {
            let path = cell(random, view, |_| true)?;
            Some(Step::Remove { path })
        }
        36..46 => {
            let path = cell(random, view, |value| matches!(value, Value::Int(_)))?;
            let by = random.below(9) as i64 - 4;
            Some(Step::Add { path, by })
        }
        46..62 => text(random, view),
        62..75 => {
            let list = cell(random, view, |value| matches!(value, Value::List(_)))?;
            Some(Step::Insert {
                list,
                value: value(random),
                at: place(random, view),
                item: None,
            })
        }
        75..90 => {
            let list = cell(random, view, |value| matches!(value, Value::List(_)))?;
            Some(Step::Move {
                item: item(random, view)?.to_string(),
                list,
                at: place(random, view),
            })
        }
        _ => Some(Step::Trash {
            item: item(random, view)?.to_string(),
        }),
    }
}

fn text(random: &mut Random, view: &Document) -> Option<Step> {
    let path = cell(random, view, |value| matches!(value, Value::Str(_)))?;
    let (item, pointer) = path[1..].split_at(path[1..].find('/').unwrap_or(path.len() - 1));
    let Value::Str(text) = view.value(item.parse().ok()?, pointer)? else {
        return None;
    };
    let length = text.chars().count();
    let at = random.below(length + 1);
    let delete = random.below((length - at).min(4) + 1);
    let insert = *random.pick(&["", "x", "yz", "🙂", " "])?;
    let delta = json!([at, insert, {"d": delete}]);
    Some(Step::Text { path, delta })
}

fn value(random: &mut Random) -> Json {
    match random.below(12) {
        0..4 => json!(random.below(5)),
        4..7 => json!("text"),
        7 => json!(0.5),
        8 => json!(null),
        9 => json!({"x": random.below(3), "title": "t"}),
        10 => json!([{"title": "inner", "panels": []}, 1]),
        _ => json!({"options": {"list": ["a", {"title": "b"}]}}),
    }
}

fn place(random: &mut Random, view: &Document) -> Place {
    match (random.below(4), item(random, view)) {
        (0, _) => Place::Start,
        (1, Some(item)) => Place::After(item.to_string()),
        (2, Some(item)) => Place::Before(item.to_string()),
        (_, _) => Place::End,
    }
}

fn item(random: &mut Random, view: &Document) -> Option<ItemId> {
    // The root comes first and cannot be moved.
    let others = view.item_count().checked_sub(1)?;
    view.items().nth(1 + random.below(others)).map(|(id, _)| id)
}
