//! Keeping the lists of dashboards true: what they show follows the document by a moment.

use std::time::Duration;

use coboard_protocol::message::DashboardChanged;
use coboard_protocol::{Catalogue, DocumentId, Revision, User};
use tokio::time::Instant;

use crate::app::App;

/// How long changes gather before the lists are told. A title or tags do not wait.
const DELAY: Duration = Duration::from_secs(2);

/// What the lists do not know yet about one document.
#[derive(Debug, Default)]
pub(super) struct CatalogueDebt {
    due: Option<Instant>,
    author: Option<User>,
}

impl CatalogueDebt {
    /// The document changed.
    pub(super) fn changed(&mut self, author: User, at_once: bool) {
        let due = Instant::now() + if at_once { Duration::ZERO } else { DELAY };
        self.due = Some(self.due.map_or(due, |before| before.min(due)));
        self.author = Some(author);
    }

    /// When to pay.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Who made the last change, once, if the time has come or `now_or_never`.
    pub(super) fn take(&mut self, now_or_never: bool) -> Option<User> {
        if !now_or_never && self.due.is_none_or(|due| due > Instant::now()) {
            return None;
        }
        self.due = None;
        self.author.take()
    }
}

/// Stores what the lists show and tells those who watch them.
pub(super) async fn pay(
    app: App,
    document: DocumentId,
    catalogue: Catalogue,
    revision: Revision,
    author: User,
) {
    if let Err(error) = app.storage.save_catalogue(&document, &catalogue).await {
        tracing::warn!(%error, %document, "the list of dashboards is behind");
    }
    let message = DashboardChanged {
        document,
        title: catalogue.title,
        folder: catalogue.folder,
        tags: catalogue.tags,
        author,
        revision,
        at_ms: app.clock.now_ms(),
    };
    app.tell_lobby("dashboard_updated", &message).await;
}
