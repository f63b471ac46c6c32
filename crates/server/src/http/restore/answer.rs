//! What a restore tells about itself.

use coboard_protocol::Revision;
use coboard_protocol::codec::plain_to_json;
use coboard_protocol::ot::{Document, ItemChange, ItemId, Location, Path};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::plan::Plan;
use crate::room::View;

/// Most changes that an answer lists. A guess: more than a person reads.
const CHANGES_MAX: usize = 500;
/// Longest value that an answer shows, in bytes of JSON.
const VALUE_BYTES_MAX: usize = 2_000;

/// What came back, or would.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RestoreAnswer {
    /// The head revision, after the restore if there was one.
    pub(in crate::http) revision: Revision,
    /// Whether anything was committed: not if nothing differs, and not in a dry run.
    pub(in crate::http) restored: bool,
    /// How many cells and items change.
    pub(in crate::http) changed_count: usize,
    /// The first 500 of them.
    pub(in crate::http) changed: Vec<Restored>,
    /// The first 500 cells and items that stay because others wrote them since.
    pub(in crate::http) kept: Vec<Kept>,
    /// Items that cannot come back: they were deleted so long ago that the server has forgotten them.
    pub(in crate::http) lost: Vec<String>,
}

/// One cell or item that changes.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Restored {
    /// `added` and `removed` items, `moved` ones, `changed` cells.
    pub(in crate::http) kind: &'static str,
    /// The item.
    pub(in crate::http) item: String,
    /// The address of the cell; absent if the item itself changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) path: Option<String>,
    /// What it holds now; absent if nothing, or something long.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub(in crate::http) before: Option<Json>,
    /// What it holds then; absent if nothing, or something long.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub(in crate::http) after: Option<Json>,
}

/// A cell or item that stays.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Kept {
    /// The item.
    pub(in crate::http) item: String,
    /// The address of the cell; absent if it is about the place of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) path: Option<String>,
}

/// Puts in words of the interface what a plan does to the document.
pub(super) fn tell(view: &View, plan: Plan) -> RestoreAnswer {
    let now = &view.document;
    let mut then = now.clone();
    then.apply(&plan.components);
    let items = plan.components.items();
    let items = items.map(|(id, change)| of_item(now, &then, id, change));
    let cells = plan.components.cells();
    let cells = cells.map(|(id, path, _)| of_cell(now, &then, id, path));
    let kept = plan.kept.iter().take(CHANGES_MAX).map(|conflict| Kept {
        item: conflict.item.to_string(),
        path: conflict
            .path
            .as_ref()
            .map(|path| format!("@{}{path}", conflict.item)),
    });
    RestoreAnswer {
        revision: view.revision,
        restored: false,
        changed_count: plan.components.len(),
        changed: items.chain(cells).take(CHANGES_MAX).collect(),
        kept: kept.collect(),
        lost: plan.lost.iter().map(ToString::to_string).collect(),
    }
}

fn of_item(now: &Document, then: &Document, id: ItemId, change: &ItemChange) -> Restored {
    let kind = match change {
        ItemChange::New { .. }
        | ItemChange::Move {
            old: Location::Trash,
            ..
        } => "added",
        ItemChange::Move {
            new: Location::Trash,
            ..
        }
        | ItemChange::Purge => "removed",
        ItemChange::Move { .. } => "moved",
    };
    let whole = Path::whole();
    Restored {
        kind,
        item: id.to_string(),
        path: None,
        before: (kind == "removed")
            .then(|| shown(now, id, &whole))
            .flatten(),
        after: (kind == "added").then(|| shown(then, id, &whole)).flatten(),
    }
}

fn of_cell(now: &Document, then: &Document, id: ItemId, path: &Path) -> Restored {
    Restored {
        kind: "changed",
        item: id.to_string(),
        path: Some(format!("@{id}{path}")),
        before: shown(now, id, path),
        after: shown(then, id, path),
    }
}

fn shown(document: &Document, id: ItemId, path: &Path) -> Option<Json> {
    let value = document.value(id, path.as_str())?;
    let json = plain_to_json(&document.plain(value));
    (json.to_string().len() <= VALUE_BYTES_MAX).then_some(json)
}
