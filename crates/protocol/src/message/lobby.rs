//! What the list of dashboards is told.

use serde::Serialize;

use crate::id::{DocumentId, Revision, User};
use crate::object;

/// `dashboard_created` and `dashboard_updated`, to the lobby.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DashboardChanged {
    /// Which document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its folder; empty if none.
    pub folder: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// Who did it.
    pub author: User,
    /// The head revision.
    pub revision: Revision,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

object!(DashboardChanged {
    document: required,
    title: required,
    folder: required,
    tags: required,
    author: required,
    revision: required,
    at_ms: required
});

/// `dashboard_deleted`, to the lobby.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DashboardDeleted {
    /// Which document.
    pub document: DocumentId,
    /// Who did it.
    pub author: User,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

object!(DashboardDeleted {
    document: required,
    author: required,
    at_ms: required
});
