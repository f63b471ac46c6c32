//! Where a person works: their own live connections, told to nobody else.

use serde::Serialize;

use crate::id::{ClientId, DocumentId, SessionId};
use crate::object;

/// `view`: which part of a document a session shows, kept for the person's other connections alone.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct View {
    /// Which document.
    pub document: DocumentId,
    /// The session.
    pub session: SessionId,
    /// What it shows; replaces what it told before. What the keys mean is up to the application.
    pub view: serde_json::Map<String, serde_json::Value>,
}

object!(View {
    document: required,
    session: required,
    view: required
});

/// The answer to `devices`, and `devices_changed`.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Devices {
    /// The connections of the person, the one used last first.
    pub connections: Vec<OwnConnection>,
}

object!(Devices {
    connections: required
});

/// One live connection of the person.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OwnConnection {
    /// Its name, as `hello` was told.
    pub connection: String,
    /// The client that said `hello`.
    pub client: ClientId,
    /// What the person works on, if it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// How it is called, if it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// When it was greeted, in milliseconds since 1970.
    pub since_ms: u64,
    /// When something was last done on it, in milliseconds since 1970.
    pub active_at_ms: u64,
    /// What is open on it, the document used last first.
    pub documents: Vec<OwnDocument>,
}

object!(OwnConnection {
    connection: required,
    client: required,
    device: optional,
    device_name: optional,
    since_ms: required,
    active_at_ms: required,
    documents: required
});

/// One session of the person.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OwnDocument {
    /// Which document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// The client that has it open: a connection may serve several.
    pub client: ClientId,
    /// When something was last done in it, in milliseconds since 1970.
    pub active_at_ms: u64,
    /// What it shows, if it has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<serde_json::Map<String, serde_json::Value>>,
}

object!(OwnDocument {
    document: required,
    title: required,
    client: required,
    active_at_ms: required,
    view: optional
});
