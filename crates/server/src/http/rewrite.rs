//! Changes of a dashboard that come as JSON: what they were made on, and what is answered.

use axum::Json;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use coboard_adapters::{AdapterError, Refusal};
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use coboard_protocol::limits::{DOCUMENT_BYTES_MAX, LABEL_BYTES_MAX};
use coboard_protocol::ot::{Components, Document, ItemId, Json as Plain, Path, diff};
use coboard_protocol::{Catalogue, DocumentId, ErrorBody, ErrorCode, Kind, Meta, Revision, User};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::past::{checked_revision, document_at};
use super::types::Written;
use crate::app::App;
use crate::error::HttpError;
use crate::room::{Rewrite, Since, View};

const _: () = assert!(CHANGED.len() <= LABEL_BYTES_MAX);
/// What such a change is called in the history.
const CHANGED: &str = "change dashboard";

/// What a change was made on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BaseQuery {
    /// The revision that the change was made on. What was committed since merges with it; absent:
    /// the newest one.
    pub(super) base: Option<Revision>,
}

/// Reads a change in some format against a document.
pub(super) type Adapter =
    fn(&Document, &Value, &mut dyn FnMut() -> u64) -> Result<Components, AdapterError>;

/// Brings a whole version of the dashboard. That is an import: those who read what was done want one line.
pub(super) async fn put(
    app: &App,
    user: User,
    target: Target,
    content: &Value,
) -> Result<Response, HttpError> {
    if !content.is_object() {
        return Err(not_an_object().into());
    }
    let plain = plain_from_json(content).map_err(|error| HttpError(error.body()))?;
    target
        .write(app, user, Kind::Import, move |document, next_id| {
            Ok(whole(document, &plain, next_id))
        })
        .await
}

/// Brings a change in another format.
pub(super) async fn adapted(
    app: &App,
    user: User,
    target: Target,
    change: Value,
    adapter: Adapter,
) -> Result<Response, HttpError> {
    let make = move |document: &Document, next_id: &mut dyn FnMut() -> u64| {
        let components = adapter(document, &change, next_id).map_err(|error| refused(&error))?;
        let mut after = document.clone();
        after.apply(&components);
        check(&after.export())?;
        Ok(components)
    };
    target.write(app, user, Kind::Edit, make).await
}

/// Which dashboard is changed, and on which revision the change was made.
pub(super) struct Target {
    document: DocumentId,
    base: Option<Revision>,
    exactly: Option<Revision>,
}

impl Target {
    /// Reads `base` and `If-Match`.
    pub(super) fn new(
        document: DocumentId,
        base: &BaseQuery,
        headers: &HeaderMap,
    ) -> Result<Self, HttpError> {
        let exactly = match headers
            .get(IF_MATCH)
            .map(|tag| tag.to_str().unwrap_or_default().trim())
        {
            None | Some("*") => None,
            Some(tag) => {
                let revision = tag.trim_matches('"').parse();
                let message = "If-Match takes one revision, as ETag gives it";
                Some(revision.map_err(|_| HttpError::new(ErrorCode::Schema, message))?)
            }
        };
        let base = base.base;
        if exactly.is_some() && base.is_some() && base != exactly {
            let message = "base and If-Match name different revisions";
            return Err(HttpError::new(ErrorCode::Schema, message));
        }
        Ok(Self {
            document,
            base,
            exactly,
        })
    }

    /// Whether the change was made on a revision that was named.
    pub(super) fn is_bound(&self) -> bool {
        self.base.is_some() || self.exactly.is_some()
    }

    async fn write(
        self,
        app: &App,
        user: User,
        kind: Kind,
        make: impl FnOnce(&Document, &mut dyn FnMut() -> u64) -> Result<Components, ErrorBody>
        + Send
        + 'static,
    ) -> Result<Response, HttpError> {
        let since = match (self.exactly, self.base) {
            (Some(revision), _) => Since::Exactly(revision),
            (None, Some(base)) => Since::Former(former(app, &self.document, base).await?),
            (None, None) => Since::Head,
        };
        let rewrite = Rewrite {
            since,
            make: Box::new(make),
            meta: Meta {
                kind,
                ..Meta::edit(CHANGED)
            },
        };
        match app.rooms.rewrite(app, &self.document, user, rewrite).await {
            Ok(view) => Ok(written(self.document, &view)),
            Err(error) if self.exactly.is_some() && error.code == ErrorCode::RevOld => {
                Ok(HttpError(error).with_status(StatusCode::PRECONDITION_FAILED))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The answer to a change.
pub(super) fn written(document: DocumentId, view: &View) -> Response {
    let written = Written {
        id: document.into(),
        title: Catalogue::of(&view.document).title,
        revision: view.revision,
    };
    ([(ETAG, etag(view.revision))], Json(written)).into_response()
}

/// The tag of a revision.
pub(super) fn etag(revision: Revision) -> String {
    format!("\"{revision}\"")
}

fn whole(document: &Document, new: &Plain, next_id: &mut dyn FnMut() -> u64) -> Components {
    diff(document, ItemId::ROOT, &Path::whole(), new, next_id)
}

/// The document at a former revision.
async fn former(app: &App, document: &DocumentId, base: Revision) -> Result<View, HttpError> {
    let head = app.rooms.view(app, document).await?;
    if base == head.revision {
        return Ok(head);
    }
    checked_revision(base, head.revision)?;
    Ok(View {
        document: document_at(app, document, base).await?,
        revision: base,
    })
}

/// Whether a dashboard may hold this, as if it had been imported.
fn check(plain: &Plain) -> Result<(), ErrorBody> {
    let json = plain_to_json(plain);
    if !json.is_object() {
        return Err(not_an_object());
    }
    plain_from_json(&json).map_err(|error| error.body())?;
    if json.to_string().len() > DOCUMENT_BYTES_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "the dashboard would be too large");
        return Err(error.with("limit", DOCUMENT_BYTES_MAX));
    }
    Ok(())
}

fn not_an_object() -> ErrorBody {
    ErrorBody::new(ErrorCode::Schema, "a dashboard is a JSON object")
}

/// The error of an adapter, with the number of the operation that does not fit.
fn refused(error: &AdapterError) -> ErrorBody {
    let code = match &error.refusal {
        Refusal::Malformed(_) | Refusal::Unsupported(_) => ErrorCode::Schema,
        Refusal::Value(error) => error.code(),
        Refusal::NoSuchPath => ErrorCode::Path,
        Refusal::NoSuchIndex => ErrorCode::Index,
        Refusal::WrongType(_) => ErrorCode::Type,
        Refusal::TooMany { .. } | Refusal::TooMuch { .. } => ErrorCode::TooLarge,
        Refusal::TestFailed | Refusal::TextMisfit | Refusal::IntoItself | Refusal::Root | _ => {
            ErrorCode::Op
        }
    };
    ErrorBody::new(code, error.to_string()).with("operation", error.operation)
}
