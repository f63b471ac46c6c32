//! Who wrote what: folded from the log when somebody asks, and kept for the next one who does.
//!
//! Rooms pay nothing for it. The first question about a dashboard goes through its log once, some
//! tens of thousands of entries a second; later ones go through what was committed since.

use std::collections::{BTreeMap, VecDeque};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use coboard_protocol::codec::components::cell_address;
use coboard_protocol::ot::attribution::{Attribution, CellTags, ItemTags};
use coboard_protocol::ot::{Document, ItemId, Value};
use coboard_protocol::{DocumentId, Revision, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use utoipa::{IntoParams, ToSchema};

use super::dashboards::{checked_query, document_id};
use super::past::for_each_entry;
use super::types::Failure;
use crate::app::App;
use crate::error::HttpError;

/// Entries of the log that are gone through at most; what was written before is told of nobody.
/// A guess: some seconds for the first who asks.
const ENTRIES_MAX: Revision = 200_000;
/// Dashboards whose attribution is kept. A guess.
const KEPT_MAX: usize = 32;

/// Which part of a dashboard.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AttributionQuery {
    /// Only this item; absent: all that can be seen.
    item: Option<String>,
}

/// Who wrote what. Every number of a revision is a key of `revisions`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct AttributionAnswer {
    /// The head revision.
    revision: Revision,
    /// What was written up to this revision is told of nobody: the log was not read further back.
    since: Revision,
    /// The operations that are named below.
    revisions: BTreeMap<Revision, Contributor>,
    /// The items, by id.
    items: BTreeMap<String, ItemAnswer>,
    /// The cells that were written by themselves, by address such as `@17/title`. Any other cell was
    /// written with the nearest one above it.
    cells: BTreeMap<String, CellAnswer>,
}

/// Who committed a revision.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Contributor {
    /// The person.
    author: String,
    /// When, in milliseconds since 1970.
    server_time_ms: u64,
}

/// Who made and moved an item.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ItemAnswer {
    /// The revision that made it; absent if that was before `since`.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<Revision>,
    /// The revision that moved or restored it last; absent if none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Revision>,
}

/// Who wrote a cell.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CellAnswer {
    /// The revision that wrote it last.
    revision: Revision,
    /// Stretches of a text that was edited: how many characters, and the revision that wrote them
    /// or null if that was before `since`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Vec<u64>>>)]
    text: Option<Vec<(usize, Option<Revision>)>>,
}

/// An operation, as a tag of what it wrote.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Tag {
    revision: Revision,
    /// Index into the authors.
    author: usize,
    server_time_ms: u64,
}

/// Who wrote what in one dashboard up to a revision.
#[derive(Debug)]
struct Folded {
    document: DocumentId,
    since: Revision,
    revision: Revision,
    authors: Vec<UserId>,
    tags: Attribution<Tag>,
}

/// Attribution that is kept, the least recently asked for first. One question has its turn at a time:
/// that bounds what they cost together.
#[derive(Debug, Default)]
pub(crate) struct AttributionCache(Mutex<VecDeque<Folded>>);

/// Who wrote which cell, item and stretch of a text.
#[utoipa::path(
    get, path = "/api/dashboards/{id}/attribution", tag = "dashboards",
    params(("id" = String, Path), AttributionQuery),
    responses((status = 200, body = AttributionAnswer), (status = 404, body = Failure))
)]
pub(super) async fn attribution(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Result<Query<AttributionQuery>, QueryRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let item = checked_query(query)?.item;
    let address = item.map(|item| cell_address(&format!("@{item}")));
    let item = address
        .transpose()
        .map_err(|error| HttpError(error.body()))?;
    let view = app.rooms.view(&app, &document).await?;
    let mut kept = app.attributions.0.lock().await;
    let index = kept.iter().position(|folded| folded.document == document);
    let known = index.and_then(|index| kept.remove(index));
    let since = view.revision.saturating_sub(ENTRIES_MAX);
    let mut folded = known
        .filter(|folded| folded.revision <= view.revision)
        .unwrap_or_else(|| Folded::new(document.clone(), since));
    folded.catch_up(&app, view.revision).await?;
    let answer = folded.answer(&view.document, item.map(|(item, _)| item));
    kept.push_back(folded);
    if kept.len() > KEPT_MAX {
        kept.pop_front();
    }
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)))
}

impl Folded {
    fn new(document: DocumentId, since: Revision) -> Self {
        Self {
            document,
            since,
            revision: since,
            authors: Vec::new(),
            tags: Attribution::new(),
        }
    }

    /// Goes through what was committed since.
    async fn catch_up(&mut self, app: &App, head: Revision) -> Result<(), HttpError> {
        let Self {
            document,
            revision,
            authors,
            tags,
            ..
        } = self;
        let mut indexes: BTreeMap<UserId, usize> = authors.iter().cloned().zip(0..).collect();
        for_each_entry(app, document, *revision, head, |entry| {
            let author = *indexes.entry(entry.author.clone()).or_insert_with(|| {
                authors.push(entry.author.clone());
                authors.len() - 1
            });
            let tag = Tag {
                revision: entry.revision,
                author,
                server_time_ms: entry.server_time_ms,
            };
            tags.fold(&entry.components, tag);
        })
        .await?;
        self.revision = head;
        Ok(())
    }

    fn answer(&self, document: &Document, only: Option<ItemId>) -> AttributionAnswer {
        let mut answer = AttributionAnswer {
            revision: self.revision,
            since: self.since,
            ..AttributionAnswer::default()
        };
        for (id, tags) in self.tags.items() {
            let wanted = only.is_none_or(|only| only == id) && document.is_reachable(id);
            let Some(item) = document.item(id).filter(|_| wanted) else {
                continue;
            };
            self.add_item(&mut answer, id, tags, &item.value);
        }
        answer
    }

    fn add_item(
        &self,
        answer: &mut AttributionAnswer,
        id: ItemId,
        tags: &ItemTags<Tag>,
        value: &Value,
    ) {
        let mut named = |tag: Tag| {
            answer
                .revisions
                .entry(tag.revision)
                .or_insert_with(|| Contributor {
                    author: self.authors[tag.author].to_string(),
                    server_time_ms: tag.server_time_ms,
                });
            tag.revision
        };
        if tags.made.is_some() || tags.moved.is_some() {
            let item = ItemAnswer {
                made: tags.made.map(&mut named),
                moved: tags.moved.map(&mut named),
            };
            answer.items.insert(id.to_string(), item);
        }
        for (path, cell) in tags.cells() {
            if let Some(value) = value.at(path.as_str()) {
                let cell = CellAnswer {
                    revision: named(cell.last),
                    text: text_of(cell, value, &mut named),
                };
                answer.cells.insert(format!("@{id}{path}"), cell);
            }
        }
    }
}

/// The stretches of a text, up to its end.
fn text_of(
    cell: &CellTags<Tag>,
    value: &Value,
    named: &mut impl FnMut(Tag) -> Revision,
) -> Option<Vec<(usize, Option<Revision>)>> {
    let (Some(text), Value::Str(value)) = (&cell.text, value) else {
        return None;
    };
    let mut left = value.chars().count();
    let mut runs = Vec::new();
    for (len, tag) in text.runs.iter().copied().chain([(left, text.rest)]) {
        let len = len.min(left);
        if len > 0 {
            runs.push((len, tag.map(&mut *named)));
            left -= len;
        }
    }
    Some(runs)
}
