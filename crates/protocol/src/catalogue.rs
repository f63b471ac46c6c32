//! What lists and the lobby show of a dashboard, derived from its document.

use coboard_ot::{Document, ItemId, Value};
use serde::{Deserialize, Serialize};

use crate::limits::{
    CATALOGUE_TAGS_MAX, CATALOGUE_WORD_CHARS_MAX, PREVIEW_WIDGETS_MAX, TITLE_CHARS_MAX,
};

/// What a dashboard without a title is called.
const UNTITLED: &str = "Untitled dashboard";
/// The type of a panel that only heads a group of others.
const ROW: &str = "row";

/// One dashboard as lists show it. It never decides anything: the document is the truth.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// Its title; never blank.
    pub title: String,
    /// Its folder; empty if it is in none.
    pub folder: String,
    /// Its tags, in their order.
    pub tags: Vec<String>,
    /// Its top-level widgets, the first few of them, as a miniature shows them.
    pub preview: Vec<PreviewWidget>,
    /// How many widgets there are; those in collapsed rows count, the rows do not.
    pub widget_count: u32,
}

/// One widget of the miniature, in cells of the grid.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PreviewWidget {
    /// Column of its left edge.
    pub x: u32,
    /// Row of its upper edge.
    pub y: u32,
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
    /// Its type; empty if it names none.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Catalogue {
    /// Reads what `document` says of itself. What is missing or of another type is left out.
    ///
    /// Cost: linear in the top-level items of `/panels` and `/tags`.
    pub fn of(document: &Document) -> Self {
        let panels = document.value(ItemId::ROOT, "/panels");
        Self {
            preview: elements(document, panels)
                .filter_map(PreviewWidget::of)
                .take(PREVIEW_WIDGETS_MAX)
                .collect(),
            widget_count: widget_count(document, panels),
            ..Self::heading(document)
        }
    }

    /// Title, folder and tags alone: what tells whether lists must be told of a change.
    ///
    /// Cost: linear in the items of `/tags`.
    pub fn heading(document: &Document) -> Self {
        let root = |pointer| document.value(ItemId::ROOT, pointer);
        let title = match root("/title").and_then(text) {
            Some(title) if !title.trim().is_empty() => cut_chars(title, TITLE_CHARS_MAX),
            Some(_) | None => UNTITLED.to_owned(),
        };
        Self {
            title,
            folder: root("/folder").and_then(text).map(word).unwrap_or_default(),
            tags: elements(document, root("/tags"))
                .filter_map(text)
                .take(CATALOGUE_TAGS_MAX)
                .map(word)
                .collect(),
            ..Self::default()
        }
    }
}

impl PreviewWidget {
    /// The miniature of one panel. `None` if it has no place in the grid.
    fn of(panel: &Value) -> Option<Self> {
        let place = |side| panel.at(side).and_then(cells);
        Some(Self {
            x: place("/gridPos/x")?,
            y: place("/gridPos/y")?,
            w: place("/gridPos/w")?,
            h: place("/gridPos/h")?,
            kind: panel
                .at("/type")
                .and_then(text)
                .map(word)
                .unwrap_or_default(),
        })
    }
}

/// The values in the list that `value` is; none if it is no list.
fn elements<'a>(document: &'a Document, value: Option<&Value>) -> impl Iterator<Item = &'a Value> {
    let list = match value {
        Some(Value::List(list)) => Some(*list),
        Some(
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Map(_),
        )
        | None => None,
    };
    list.into_iter()
        .flat_map(|list| document.list(list))
        .filter_map(|(_, id)| document.item(id))
        .map(|item| &item.value)
}

/// Panels, without rows but with the panels that collapsed rows hold. Rows do not nest.
fn widget_count(document: &Document, panels: Option<&Value>) -> u32 {
    let is_row = |panel: &Value| panel.at("/type").and_then(text) == Some(ROW);
    let counts = elements(document, panels).map(|panel| {
        if is_row(panel) {
            elements(document, panel.at("/panels"))
                .filter(|inner| !is_row(inner))
                .count()
        } else {
            1
        }
    });
    u32::try_from(counts.sum::<usize>()).unwrap_or(u32::MAX)
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Str(text) => Some(text),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Map(_)
        | Value::List(_) => None,
    }
}

/// A number of grid cells: whole and not negative, whatever the document holds.
fn cells(value: &Value) -> Option<u32> {
    match value {
        Value::Int(number) => Some(u32::try_from((*number).max(0)).unwrap_or(u32::MAX)),
        // The conversion saturates.
        Value::Float(number) => Some(number.round() as u32),
        Value::Null | Value::Bool(_) | Value::Str(_) | Value::Map(_) | Value::List(_) => None,
    }
}

fn word(text: &str) -> String {
    cut_chars(text, CATALOGUE_WORD_CHARS_MAX)
}

fn cut_chars(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::codec::plain_from_json;

    fn catalogue(json: serde_json::Value) -> Catalogue {
        Catalogue::of(&Document::import(&plain_from_json(&json).unwrap()))
    }

    #[test]
    fn says_what_the_document_says() {
        let panel = |x, kind| json!({"gridPos": {"x": x, "y": 1, "w": 12, "h": 8}, "type": kind});
        let got = catalogue(json!({
            "title": "Nodes", "folder": "Kubernetes", "tags": ["a", 7, "b"],
            "panels": [panel(0, "stat"), {"type": "text"}, {"type": "row", "panels": [panel(0, "a"), panel(1, "b")]}],
        }));
        let expected = json!({
            "title": "Nodes", "folder": "Kubernetes", "tags": ["a", "b"],
            "preview": [{"x": 0, "y": 1, "w": 12, "h": 8, "type": "stat"}], "widget_count": 4,
        });
        assert_eq!(serde_json::to_value(&got).unwrap(), expected);
        assert_eq!(serde_json::from_value::<Catalogue>(expected).unwrap(), got);
    }

    #[test]
    fn an_empty_document_has_a_name() {
        let untitled = Catalogue {
            title: UNTITLED.to_owned(),
            ..Catalogue::default()
        };
        assert_eq!(Catalogue::of(&Document::new()), untitled);
        assert_eq!(
            catalogue(json!({"title": "  ", "tags": "x", "panels": {}, "folder": 3})),
            untitled
        );
    }

    #[test]
    fn odd_numbers_become_cells() {
        let at = |x| {
            let panel = json!({"gridPos": {"x": x, "y": 0, "w": 1, "h": 1}});
            catalogue(json!({"panels": [panel]}))
                .preview
                .first()
                .map(|widget| widget.x)
        };
        assert_eq!(at(json!(-4)), Some(0));
        assert_eq!(at(json!(2.6)), Some(3));
        assert_eq!(at(json!(-0.7)), Some(0));
        assert_eq!(at(json!(9_007_199_254_740_991_u64)), Some(u32::MAX));
        assert_eq!(at(json!("4")), None);
    }

    #[test]
    fn nothing_grows_without_bound() {
        let panel = json!({"gridPos": {"x": 0, "y": 0, "w": 1, "h": 1}, "type": "x".repeat(1_000)});
        let got = catalogue(json!({
            "title": "ü".repeat(1_000), "folder": "f".repeat(1_000), "tags": vec!["t"; 1_000], "panels": vec![panel; 1_000],
        }));
        assert_eq!(got.title.chars().count(), TITLE_CHARS_MAX);
        assert_eq!(got.folder.len(), CATALOGUE_WORD_CHARS_MAX);
        assert_eq!(got.tags.len(), CATALOGUE_TAGS_MAX);
        assert_eq!(got.preview.len(), PREVIEW_WIDGETS_MAX);
        assert_eq!(got.preview[0].kind.len(), CATALOGUE_WORD_CHARS_MAX);
        assert_eq!(got.widget_count, 1_000);
    }
}
