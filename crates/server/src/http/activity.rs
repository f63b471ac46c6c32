//! What people did to a dashboard: read from the log when somebody asks, the newest first.
//!
//! A page costs what it reads of the log, not what there is of it: it starts at the document as it stands, or
//! where the page before it ended, and goes back from entry to entry, for an operation carries what it replaced.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use coboard_protocol::message::ActivityEntry;
use coboard_protocol::ot::{Document, ItemId};
use coboard_protocol::{DocumentId, ErrorBody, ErrorCode, Revision, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::page::Page;
use super::dashboards::{NO_STORE, checked_query, document_id};
use super::past::document_at;
use super::types::Failure;
use crate::app::App;
use crate::error::{HttpError, of_storage};
use crate::names::Known;

mod page;

/// Most entries of one page.
const ENTRIES_MAX: usize = 100;
/// Entries of a page where nobody says how many.
const ENTRIES_DEFAULT: usize = 50;
/// Places in logs at which somebody stopped reading and may go on. A guess.
const PLACES_MAX: usize = 32;

/// Which part of what was done.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ActivityQuery {
    /// Only what was done before this revision; absent: up to now.
    before: Option<Revision>,
    /// At most so many entries, 1 to 100; absent: 50.
    limit: Option<usize>,
    /// Only what was done to this item.
    item: Option<String>,
    /// Only what this person did.
    author: Option<String>,
}

/// A page of what was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ActivityAnswer {
    /// The head revision.
    revision: Revision,
    /// What was done, the newest first; what one person did to one thing within two minutes is one entry. The
    /// fields are those of `activity` in the protocol.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<ActivityEntry>,
    /// What to ask for as `before` next; absent at the beginning of the log. A page may be short, even
    /// empty, and another one follow: there is a limit to what one page reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Revision>,
}

/// Documents as they stood where pages ended, the one asked for last at the end. Cloning one is cheap; each
/// shares what it can with its neighbours.
#[derive(Debug, Default)]
pub(crate) struct ActivityPlaces(Mutex<VecDeque<(DocumentId, Revision, Document)>>);

/// What people did, in words.
#[utoipa::path(
    get, path = "/api/dashboards/{id}/activity", tag = "dashboards",
    params(("id" = String, Path), ActivityQuery),
    responses(
        (status = 200, body = ActivityAnswer), (status = 400, body = Failure), (status = 404, body = Failure),
        (status = 409, description = "There was no such revision, or the log does not reach it", body = Failure)
    )
)]
pub(super) async fn activity(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Result<Query<ActivityQuery>, QueryRejection>,
) -> Result<impl IntoResponse, HttpError> {
    let document = document_id(id)?;
    let query = checked_query(query)?;
    let wanted = Wanted::of(&query)?;
    let view = app.rooms.view(&app, &document).await?;
    let upto = match query.before {
        None => view.revision,
        Some(before) if before > view.revision + 1 => {
            let error = ErrorBody::new(ErrorCode::RevFuture, "the revision is beyond the head");
            return Err(error.with("head", view.revision).into());
        }
        Some(before) => before.saturating_sub(1),
    };
    let start = if upto == view.revision {
        view.document
    } else {
        match app.activity_places.take(&document, upto) {
            Some(kept) => kept,
            None => document_at(&app, &document, upto).await?,
        }
    };
    let page = Page::read(&app, &document, &wanted, (start, upto)).await?;
    let mut names = Known::new(app.clone());
    let told: Vec<_> = page.entries.iter().collect();
    let learnt = names.learn(&told).await;
    learnt.map_err(|error| of_storage(&error))?;
    let entries = told.iter().rev().map(|entry| entry.tell(&names)).collect();
    let next = page.next.map(|(next, kept)| {
        app.activity_places.keep(document, next - 1, kept);
        next
    });
    let answer = ActivityAnswer {
        revision: view.revision,
        entries,
        next,
    };
    Ok(([NO_STORE], Json(answer)))
}

/// Which entries a page is to have.
struct Wanted {
    limit: usize,
    item: Option<ItemId>,
    author: Option<UserId>,
}

impl Wanted {
    fn of(query: &ActivityQuery) -> Result<Self, HttpError> {
        let schema = |message| HttpError::new(ErrorCode::Schema, message);
        let limit = query.limit.unwrap_or(ENTRIES_DEFAULT);
        if !(1..=ENTRIES_MAX).contains(&limit) {
            return Err(schema("limit is a number from 1 to 100"));
        }
        let item = query.item.as_deref().map(str::parse);
        let author = query.author.clone().map(UserId::try_from);
        Ok(Self {
            limit,
            item: item
                .transpose()
                .map_err(|_| schema("the item is no identifier"))?,
            author: author
                .transpose()
                .map_err(|_| schema("the author is no identifier"))?,
        })
    }
}

impl ActivityPlaces {
    fn take(&self, document: &DocumentId, revision: Revision) -> Option<Document> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = places
            .iter()
            .position(|(of, at, _)| of == document && *at == revision)?;
        // Two readers may be at one place.
        let place = places.remove(found)?;
        let kept = place.2.clone();
        places.push_back(place);
        Some(kept)
    }

    fn keep(&self, document: DocumentId, revision: Revision, content: Document) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|(of, at, _)| *of != document || *at != revision);
        places.push_back((document, revision, content));
        if places.len() > PLACES_MAX {
            places.pop_front();
        }
    }
}
