//! Inputs and outputs as JSON, for drivers that are not written in Rust.
//!
//! Written by hand: serde's tagged enums would instantiate every decoder a second and third
//! time, and the browser's core would be half as large again.

use coboard_protocol::codec::conflicts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use super::keep::Kept;
use super::{Input, Output, Request};

/// JSON that is no input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The member `type` is missing or unknown.
    #[error("the type of the input is missing or unknown")]
    UnknownType,
    /// A member is missing or has the wrong type.
    #[error("the member {name} is missing or has the wrong type")]
    Member {
        /// Which one.
        name: &'static str,
        /// What the decoder says.
        source: serde_json::Error,
    },
}

/// Reads an input: `{"type": "connected"}`, with the fields of the variant beside `type`.
///
/// # Errors
/// [`InputError`] if the JSON is no input.
pub fn from_json(mut json: Json) -> Result<Input, InputError> {
    let kind = json.get_mut("type").map(Json::take);
    let mut fields = Fields(json);
    match kind.as_ref().and_then(Json::as_str) {
        Some("restore") => Ok(Input::Restore { kept: fields.0 }),
        Some("connected") => Ok(Input::Connected),
        Some("disconnected") => Ok(Input::Disconnected),
        Some("answer") => Ok(Input::Answer {
            request: fields.take("request")?,
            answer: fields.take("answer")?,
        }),
        Some("committed") => Ok(Input::Committed {
            message: fields.take("message")?,
        }),
        Some("head") => Ok(Input::Head {
            revision: fields.take("revision")?,
            hash: fields.take("hash")?,
        }),
        Some("snapshot") => Ok(Input::Snapshot {
            snapshot: fields.take("snapshot")?,
        }),
        Some("snapshot_failed") => Ok(Input::SnapshotFailed),
        Some("session_ended") => Ok(Input::SessionEnded {
            session: fields.take("session")?,
            error: fields.take("error")?,
        }),
        Some("discard") => Ok(Input::Discard {
            id: fields.take("id")?,
        }),
        Some("timeout") => Ok(Input::Timeout),
        Some(_) | None => Err(InputError::UnknownType),
    }
}

/// An output as JSON: `{"type": "ack", …}`, with the fields of the variant beside `type`.
///
/// A request is `{"type": "request", "request": 1, "event": "join", "payload": {…}}`.
pub fn to_json(output: &Output) -> Json {
    match output {
        Output::Request { request, message } => {
            let (event, payload) = match message {
                Request::Join(join) => ("join", value(join)),
                Request::Submit(submit) => ("submit", value(submit)),
                Request::CatchUp(catch_up) => ("catch_up", value(catch_up)),
            };
            tagged(
                "request",
                json!({ "request": request, "event": event, "payload": payload }),
            )
        }
        Output::FetchSnapshot { url, etag } => {
            tagged("fetch_snapshot", json!({ "url": url, "etag": etag }))
        }
        Output::Session {
            session,
            role,
            client_number,
            presence,
        } => tagged(
            "session",
            json!({
                "session": value(session),
                "role": value(role),
                "client_number": client_number,
                "presence": value(presence),
            }),
        ),
        Output::Changed(changed) => tagged("changed", value(changed)),
        Output::Ack { id, revision } => {
            tagged("ack", json!({ "id": value(id), "revision": revision }))
        }
        Output::Conflicts {
            id,
            revision,
            conflicts,
        } => tagged(
            "conflicts",
            json!({
                "id": value(id),
                "revision": revision,
                "conflicts": conflicts.iter().map(conflicts::to_json).collect::<Vec<_>>(),
            }),
        ),
        Output::Keep(keep) => tagged(
            "keep",
            json!({
                "snapshot": keep.snapshot,
                "put": keep.put.iter().map(to_keep).collect::<Vec<_>>(),
                "drop": keep.drop,
                "reserve": value(&keep.reserve),
            }),
        ),
        Output::RestoreFailed { error } => {
            tagged("restore_failed", json!({ "error": value(error) }))
        }
        Output::Reject { kept, error } => {
            let mut fields = to_keep(kept);
            fields["error"] = value(error);
            tagged("reject", fields)
        }
        Output::Diverged { revision } => tagged("diverged", json!({ "revision": revision })),
        Output::Status(status) => tagged("status", value(status)),
        Output::Ended { error } => tagged("ended", json!({ "error": value(error) })),
    }
}

/// `{id, base, components, meta, at_ms}`.
fn to_keep(kept: &Kept) -> Json {
    let mut fields = value(&kept.operation);
    fields["at_ms"] = Json::from(kept.made_at.as_ms());
    fields
}

struct Fields(Json);

impl Fields {
    fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, InputError> {
        let field = self.0.get_mut(name).map(Json::take).unwrap_or_default();
        serde_json::from_value(field).map_err(|source| InputError::Member { name, source })
    }
}

fn tagged(kind: &str, fields: Json) -> Json {
    let mut object = match fields {
        Json::Object(object) => object,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Map::new()
        }
    };
    object.insert("type".to_owned(), Json::from(kind));
    Json::Object(object)
}

fn value<T: Serialize>(value: &T) -> Json {
    serde_json::to_value(value).expect("outputs have string keys only, so they are always JSON")
}
