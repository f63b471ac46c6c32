//! Making a dashboard: its first operation, its first snapshot, its place in the lists.

use coboard_engine::import_components;
use coboard_protocol::message::DashboardChanged;
use coboard_protocol::ot::{Document, Json};
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, ErrorBody, Kind, LogEntry, Meta, Operation, OperationId,
    Revision, SERVER_CLIENT, User,
};
use coboard_storage::NewDocument;

use crate::app::{App, random_id};
use crate::error::of_create;

/// A dashboard that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) document: DocumentId,
    pub(crate) title: String,
    pub(crate) revision: Revision,
}

/// Makes a dashboard of plain JSON and tells the lobby.
///
/// # Errors
/// The body of what storage could not do.
pub(crate) async fn create_dashboard(
    app: &App,
    user: &User,
    content: &Json,
) -> Result<Made, ErrorBody> {
    let new = first_entry(app, user, content);
    let (document, catalogue, at_ms) = (new.document.clone(), new.catalogue.clone(), new.at_ms);
    app.storage.create_document(new).await.map_err(|error| {
        tracing::warn!(%error, "a dashboard could not be made");
        of_create(&error)
    })?;
    let revision = 1;
    let message = DashboardChanged {
        document: document.clone(),
        title: catalogue.title.clone(),
        folder: catalogue.folder,
        tags: catalogue.tags,
        author: user.clone(),
        revision,
        at_ms,
    };
    app.tell_lobby("dashboard_created", &message).await;
    Ok(Made {
        document,
        title: catalogue.title,
        revision,
    })
}

fn first_entry(app: &App, user: &User, content: &Json) -> NewDocument {
    let at_ms = app.clock.now_ms();
    let operation = Operation {
        id: OperationId {
            client: server_client(),
            sequence: 1,
        },
        base: 0,
        components: import_components(content),
        meta: Meta {
            kind: Kind::Import,
            ..Meta::default()
        },
    };
    let mut document = Document::new();
    document.apply(&operation.components);
    NewDocument {
        document: DocumentId::try_from(random_id()).expect("letters and digits are an identifier"),
        created_by: user.clone(),
        at_ms,
        fingerprint: operation.fingerprint(),
        entry: LogEntry {
            id: operation.id,
            revision: 1,
            components: operation.components,
            meta: operation.meta,
            author: user.id.clone(),
            server_time_ms: at_ms,
            conflicts: Vec::new(),
        },
        catalogue: Catalogue::of(&document),
        content: document,
    }
}

/// [`SERVER_CLIENT`].
pub(crate) fn server_client() -> ClientId {
    ClientId::try_from(SERVER_CLIENT).expect("a word is an identifier")
}
