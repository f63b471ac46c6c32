//! Operations as they are submitted and as they stand in the log.

use coboard_ot::Components;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::codec;
use crate::decode::{Fields, words};
use crate::id::{OperationId, Revision, UserId};
use crate::limits::LABEL_BYTES_MAX;
use crate::object;
use crate::policy::{Conflict, PolicyWord};

/// What an operation is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A change by a person or a program.
    #[default]
    Edit,
    /// Takes back an operation of the same client.
    Undo,
    /// Takes back an undo.
    Redo,
    /// Goes back to an earlier revision.
    Restore,
    /// Brings in content from outside.
    Import,
    /// A correction by the server.
    Fixup,
}

words!(Kind {
    Edit,
    Undo,
    Redo,
    Restore,
    Import,
    Fixup
});

/// What is known about an operation besides its content.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Meta {
    /// What it is for.
    pub kind: Kind,
    /// What it did, in words for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Operations of one gesture form one step of undo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gesture: Option<String>,
    /// The operation it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo_of: Option<OperationId>,
    /// Whether it applies as a whole or not at all.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub atomic: bool,
    /// The policy it asks for itself, where the dashboard has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyWord>,
    /// When it was made, by the clock of the client, in milliseconds since 1970. For people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_time_ms: Option<u64>,
}

object!(Meta {
    kind: optional,
    label: optional,
    gesture: optional,
    undo_of: optional,
    atomic: optional,
    policy: optional,
    client_time_ms: optional
});

impl Meta {
    /// An edit with a label, cut to its limit.
    pub fn edit(label: &str) -> Self {
        Self {
            label: Some(cut(label, LABEL_BYTES_MAX)),
            ..Self::default()
        }
    }

    /// The same with label and gesture cut to their limit.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.label = self.label.map(|label| cut(&label, LABEL_BYTES_MAX));
        self.gesture = self.gesture.map(|gesture| cut(&gesture, LABEL_BYTES_MAX));
        self
    }
}

/// The beginning of `text` in at most `bytes_max` bytes, whole characters only.
pub fn cut(text: &str, bytes_max: usize) -> String {
    text[..text.floor_char_boundary(bytes_max)].to_owned()
}

/// An operation on its way to the server.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Operation {
    /// Its identity; a resend has the same.
    pub id: OperationId,
    /// The revision it was made on.
    pub base: Revision,
    /// What it changes.
    #[serde(serialize_with = "codec::components::serialize")]
    pub components: Components,
    /// What is known about it.
    pub meta: Meta,
}

impl Operation {
    /// A number that tells two operations of one id apart: FNV-1a over the JSON of content and purpose.
    ///
    /// It guards against a client that uses an id twice, not against an attacker. Source: FNV,
    /// 64 bit, offset basis and prime of the reference.
    pub fn fingerprint(&self) -> u64 {
        let json =
            serde_json::json!([codec::components::to_json(&self.components), self.meta.kind]);
        json.to_string()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
    }
}

/// An operation in the log, as committed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LogEntry {
    /// Its identity.
    pub id: OperationId,
    /// Its place in the log, from 1 on, without gaps.
    pub revision: Revision,
    /// What it changes: pruned, with what it replaces.
    #[serde(serialize_with = "codec::committed::serialize")]
    pub components: Components,
    /// What is known about it.
    pub meta: Meta,
    /// Who made it.
    pub author: UserId,
    /// When it was committed, by the clock of the server, in milliseconds since 1970.
    pub server_time_ms: u64,
    /// What it met on its way.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "codec::conflicts::serialize"
    )]
    pub conflicts: Vec<Conflict>,
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let components = fields.json("components");
        Ok(Self {
            id: fields.required("id")?,
            base: fields.required("base")?,
            components: codec::components::from_json(&components).map_err(D::Error::custom)?,
            meta: fields.optional("meta")?,
        })
    }
}

impl<'de> Deserialize<'de> for LogEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let components = fields.json("components");
        let conflicts = fields.json("conflicts");
        Ok(Self {
            id: fields.required("id")?,
            revision: fields.required("revision")?,
            components: codec::committed::from_json(&components).map_err(D::Error::custom)?,
            meta: fields.optional("meta")?,
            author: fields.required("author")?,
            server_time_ms: fields.required("server_time_ms")?,
            conflicts: codec::conflicts::from_json(&conflicts).map_err(D::Error::custom)?,
        })
    }
}
