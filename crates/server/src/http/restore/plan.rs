//! What a restore would change, computed on the document as it stands.

use std::collections::BTreeSet;

use coboard_protocol::codec::components::cell_address;
use coboard_protocol::ot::{
    Components, Conflict, ItemId, Path, Rollback, commit, items_below, revert, revert_cell,
};
use coboard_protocol::{DocumentId, ErrorBody, ErrorCode, Revision, UserId};

use super::RestoreRequest;
use crate::app::App;
use crate::error::{HttpError, unavailable};
use crate::http::past::{checked_revision, document_at, for_each_entry};
use crate::room::View;

/// Most entries that one request goes through to take a person's work back. A guess: about a second.
const ENTRIES_MAX: Revision = 20_000;

/// What to bring back.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Wanted {
    /// Everything as it was.
    All { to: Revision },
    /// A cell, the whole of an item included, with what stands in it.
    Cell {
        to: Revision,
        item: ItemId,
        path: Path,
        /// Whether the item's place too.
        place: bool,
    },
    /// Everything but what one person did.
    Without { author: UserId, since: Revision },
}

/// What a restore changes.
#[derive(Debug)]
pub(super) struct Plan {
    /// On the document as it stands, in committed form.
    pub(super) components: Components,
    /// What stays because others wrote it since.
    pub(super) kept: Vec<Conflict>,
    /// Items that cannot come back: the server has forgotten them.
    pub(super) lost: Vec<ItemId>,
}

impl Wanted {
    pub(super) fn of(request: RestoreRequest) -> Result<Self, HttpError> {
        let RestoreRequest {
            to,
            item,
            path,
            author,
            since,
            dry_run: _,
        } = request;
        let address = |text: &str| cell_address(text).map_err(|error| HttpError(error.body()));
        match (to, item, path, author, since) {
            (Some(to), None, None, None, None) => Ok(Self::All { to }),
            (Some(to), Some(item), None, None, None) => {
                let (item, path) = address(&format!("@{item}"))?;
                let place = true;
                path.is_whole()
                    .then_some(Self::Cell {
                        to,
                        item,
                        path,
                        place,
                    })
                    .ok_or_else(|| HttpError::new(ErrorCode::Path, "it is no item"))
            }
            (Some(to), None, Some(path), None, None) => {
                let (item, path) = address(&path)?;
                let place = false;
                Ok(Self::Cell {
                    to,
                    item,
                    path,
                    place,
                })
            }
            (None, None, None, Some(author), Some(since)) => {
                let author = UserId::try_from(author).map_err(|_| {
                    HttpError::new(ErrorCode::Schema, "the author is no identifier")
                })?;
                Ok(Self::Without { author, since })
            }
            _ => Err(HttpError::new(
                ErrorCode::Schema,
                "expected to, to and item, to and path, or author and since",
            )),
        }
    }

    /// What the restore is called in the history.
    pub(super) fn label(&self) -> String {
        match self {
            Self::All { to } => format!("restore revision {to}"),
            Self::Cell { to, .. } => format!("restore a part as of revision {to}"),
            Self::Without { author, since } => {
                format!("take back changes of {author} since revision {since}")
            }
        }
    }
}

/// Computes what a restore changes.
pub(super) async fn make(
    app: &App,
    document: &DocumentId,
    view: &View,
    wanted: &Wanted,
) -> Result<Plan, HttpError> {
    match wanted {
        Wanted::All { to } | Wanted::Cell { to, .. } => {
            checked_revision(*to, view.revision)?;
            let then = document_at(app, document, *to).await?;
            let (now, wanted) = (view.document.clone(), wanted.clone());
            let made = tokio::task::spawn_blocking(move || match wanted {
                Wanted::Cell {
                    item, path, place, ..
                } => part(&now, &then, item, &path, place),
                Wanted::All { .. } | Wanted::Without { .. } => Ok(revert(&now, &then, |_| true)),
            });
            let components = made.await.map_err(|_| unavailable())??;
            let components = commit(&view.document, components).components;
            Ok(Plan {
                components,
                kept: Vec::new(),
                lost: Vec::new(),
            })
        }
        Wanted::Without { author, since } => without(app, document, view, author, *since).await,
    }
}

/// One cell or item with everything that stands in it, now or then.
fn part(
    now: &coboard_protocol::ot::Document,
    then: &coboard_protocol::ot::Document,
    item: ItemId,
    path: &Path,
    place: bool,
) -> Result<Components, HttpError> {
    let mut wanted: BTreeSet<ItemId> = items_below(then, item, path);
    wanted.extend(items_below(now, item, path));
    if place {
        if then.item(item).is_none() && now.item(item).is_none() {
            return Err(HttpError::new(
                ErrorCode::NotFound,
                "there was no such item",
            ));
        }
        wanted.insert(item);
        return Ok(revert(now, then, |id| wanted.contains(&id)));
    }
    let cell = revert_cell(now, then, item, path).ok_or_else(|| {
        HttpError::new(ErrorCode::Path, "what held the cell is not there any more")
    })?;
    wanted.remove(&item);
    let below = revert(now, then, |id| wanted.contains(&id));
    Ok(coboard_protocol::ot::compose(cell, &below))
}

async fn without(
    app: &App,
    document: &DocumentId,
    view: &View,
    author: &UserId,
    since: Revision,
) -> Result<Plan, HttpError> {
    if since > 0 {
        checked_revision(since, view.revision)?;
    }
    if view.revision - since > ENTRIES_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "too much was committed since");
        return Err(error.with("limit", ENTRIES_MAX).into());
    }
    let mut rollback = Rollback::new();
    for_each_entry(app, document, since, view.revision, |entry| {
        if entry.author == *author {
            rollback.take_back(&entry.components);
        } else {
            rollback.leave(&entry.components);
        }
    })
    .await?;
    let (inverse, kept) = rollback.finish();
    let forgotten = |id: &ItemId| view.document.item(*id).is_none();
    let lost = inverse.touched().filter(forgotten).collect();
    Ok(Plan {
        components: commit(&view.document, inverse).components,
        kept,
        lost,
    })
}
