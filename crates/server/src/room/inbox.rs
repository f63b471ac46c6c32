//! What reaches a driver.

use std::sync::Arc;

use coboard_engine::room::Submission;
use coboard_protocol::message::{CatchUpAnswer, Joined, Pace, Submitted};
use coboard_protocol::ot::Components;
use coboard_protocol::{
    ClientId, ErrorBody, Meta, OperationId, PathPolicy, Revision, SessionId, User,
};
use serde_json::{Map, Value as Json};
use socketioxide::extract::SocketRef;
use tokio::sync::oneshot;

use super::rewrite::Rewrite;
use super::write::{Change, View};
use crate::socket::{Connection, Reply};

/// A message to a driver.
pub(crate) enum Message {
    /// Somebody enters.
    Join(Box<JoinRequest>),
    /// A session leaves, or its connection is gone.
    Leave { session: SessionId },
    /// A session submits operations.
    Submit {
        session: SessionId,
        operations: Vec<Submission>,
        reply: Reply<Submitted>,
    },
    /// A session asks for what it missed.
    CatchUp {
        session: SessionId,
        since: Revision,
        entries: bool,
        reply: Reply<CatchUpAnswer>,
    },
    /// A session tells about itself.
    Presence {
        session: SessionId,
        patch: Map<String, Json>,
        pace: Option<Pace>,
    },
    /// A session wants to hear what is done, or no longer.
    Activity { session: SessionId, wanted: bool },
    /// Somebody outside reads the document.
    View(oneshot::Sender<Result<View, ErrorBody>>),
    /// Somebody outside changes the document.
    Write {
        user: User,
        change: Change,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    },
    /// Somebody brings back what was.
    Restore {
        restoring: Box<Restoring>,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    },
    /// Somebody changes the policies.
    Policies {
        user: User,
        change: NewPolicies,
        reply: oneshot::Sender<Result<(), ErrorBody>>,
    },
    /// Somebody outside brings another version.
    Rewrite {
        user: User,
        rewrite: Box<Rewrite>,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    },
    /// Somebody deletes the document.
    Delete {
        user: User,
        reply: oneshot::Sender<Result<(), ErrorBody>>,
    },
}

/// Other policies in place of all that are there.
pub(crate) struct NewPolicies {
    pub(crate) policies: Vec<PathPolicy>,
    /// Those that are there, as far as whoever changes them knows; absent: whatever is there.
    pub(crate) before: Option<Vec<PathPolicy>>,
}

/// What somebody brings back.
pub(crate) struct Restoring {
    pub(crate) user: User,
    /// The revision that it was made on.
    pub(crate) base: Revision,
    /// One operation each.
    pub(crate) parts: Vec<Components>,
    pub(crate) meta: Meta,
}

/// Somebody who wants to enter.
pub(crate) struct JoinRequest {
    pub(crate) session: SessionId,
    pub(crate) client: ClientId,
    pub(crate) revision: Option<Revision>,
    pub(crate) lineage: Option<String>,
    pub(crate) inflight: Vec<OperationId>,
    pub(crate) socket: SocketRef,
    pub(crate) connection: Arc<Connection>,
    pub(crate) reply: Reply<Joined>,
}

impl Message {
    /// Answers the message with an error, if it wants an answer.
    pub(crate) fn refuse(self, error: ErrorBody) {
        match self {
            Self::Join(join) => {
                join.connection.forget(&join.session);
                join.reply.send(Err(error));
            }
            Self::Submit { reply, .. } => reply.send(Err(error)),
            Self::CatchUp { reply, .. } => reply.send(Err(error)),
            Self::View(reply)
            | Self::Write { reply, .. }
            | Self::Rewrite { reply, .. }
            | Self::Restore { reply, .. } => {
                // Whoever asked may be gone.
                let _ = reply.send(Err(error));
            }
            Self::Policies { reply, .. } | Self::Delete { reply, .. } => {
                let _ = reply.send(Err(error));
            }
            Self::Leave { .. } | Self::Presence { .. } | Self::Activity { .. } => {}
        }
    }
}
