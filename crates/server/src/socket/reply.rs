//! The one answer that every request gets.

use std::marker::PhantomData;

use coboard_protocol::ErrorBody;
use coboard_protocol::message::Answer;
use serde::Serialize;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::{SendError, SocketError};
use tokio::time::Instant;

use crate::error::unavailable;
use crate::limits::{LAGGING_RETRY, LAGGING_TIMEOUT};

/// An answer that is owed. Dropped unanswered, it still answers: with an error.
pub(crate) struct Reply<T> {
    owed: Owed,
    value: PhantomData<fn(T)>,
}

struct Owed(Option<(AckSender, SocketRef)>);

impl<T: Serialize> Reply<T> {
    /// The answer to the event that `ack` came with.
    pub(crate) fn new(ack: AckSender, socket: SocketRef) -> Self {
        Self {
            owed: Owed(Some((ack, socket))),
            value: PhantomData,
        }
    }

    /// Answers.
    pub(crate) fn send(mut self, result: Result<T, ErrorBody>) {
        self.owed.send(&Answer::from(result));
    }
}

impl Owed {
    fn send<T: Serialize>(&mut self, answer: &T) {
        let Some((ack, socket)) = self.0.take() else {
            return;
        };
        if let Err(SendError::Socket(SocketError::InternalChannelFull)) = ack.send(answer) {
            // The answer is lost, and nobody may wait for it for ever: the client comes back and asks again.
            tokio::spawn(close(socket));
        }
    }
}

/// Closes a connection that has not read what it was sent. Its heartbeat does it if this cannot.
async fn close(socket: SocketRef) {
    tracing::info!("a connection does not read its answers");
    let deadline = Instant::now() + LAGGING_TIMEOUT;
    while socket.connected() && Instant::now() < deadline {
        if socket.clone().disconnect().is_ok() {
            return;
        }
        tokio::time::sleep(LAGGING_RETRY).await;
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        if self.0.is_some() {
            self.send(&Answer::<()>::from(Err(unavailable())));
        }
    }
}
