//! Requests that wait for the room to answer them.

use std::collections::HashMap;

use coboard_engine::room::RequestId;
use coboard_protocol::message::{CatchUpAnswer, Joined, Submitted};
use coboard_protocol::{ErrorBody, SessionId};
use tokio::sync::oneshot;

use super::outbound::Member;
use super::write::View;
use crate::socket::Reply;

/// A request that waits for the room.
pub(super) enum Waiting {
    Join(Box<Entering>),
    Submit(SessionId, Reply<Submitted>),
    CatchUp(SessionId, Reply<CatchUpAnswer>),
    Write(oneshot::Sender<Result<View, ErrorBody>>),
}

/// Somebody on the way in.
pub(super) struct Entering {
    pub(super) session: SessionId,
    pub(super) member: Member,
    pub(super) reply: Reply<Joined>,
}

/// All requests that wait for the room.
#[derive(Default)]
pub(super) struct Requests {
    waiting: HashMap<RequestId, Waiting>,
    last: RequestId,
}

impl Waiting {
    /// The session that waits.
    fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Join(entering) => Some(&entering.session),
            Self::Submit(session, _) | Self::CatchUp(session, _) => Some(session),
            Self::Write(_) => None,
        }
    }

    /// Answers with an error.
    fn refuse(self, error: ErrorBody) {
        match self {
            Self::Join(entering) => {
                entering.member.connection.forget(&entering.session);
                entering.reply.send(Err(error));
            }
            Self::Submit(_, reply) => reply.send(Err(error)),
            Self::CatchUp(_, reply) => reply.send(Err(error)),
            Self::Write(reply) => {
                // Whoever asked may be gone.
                let _ = reply.send(Err(error));
            }
        }
    }
}

impl Requests {
    /// Lets a request wait, under a number of its own.
    pub(super) fn add(&mut self, waiting: Waiting) -> RequestId {
        self.last += 1;
        self.waiting.insert(self.last, waiting);
        self.last
    }

    /// Takes a request out.
    pub(super) fn take(&mut self, request: RequestId) -> Option<Waiting> {
        self.waiting.remove(&request)
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether one of this session waits.
    pub(super) fn has(&self, session: &SessionId) -> bool {
        self.waiting
            .values()
            .any(|waiting| waiting.session() == Some(session))
    }

    /// Answers all with an error.
    pub(super) fn refuse_all(&mut self, error: &ErrorBody) {
        for (_, waiting) in self.waiting.drain() {
            waiting.refuse(error.clone());
        }
    }
}
