//! The one answer that every request gets.

use std::marker::PhantomData;

use coboard_protocol::ErrorBody;
use coboard_protocol::message::Answer;
use serde::Serialize;
use socketioxide::extract::AckSender;

use crate::error::unavailable;

/// An answer that is owed. Dropped unanswered, it still answers: with an error.
pub(crate) struct Reply<T> {
    owed: Owed,
    value: PhantomData<fn(T)>,
}

struct Owed(Option<AckSender>);

impl<T: Serialize> Reply<T> {
    /// The answer to the event that `ack` came with.
    pub(crate) fn new(ack: AckSender) -> Self {
        Self {
            owed: Owed(Some(ack)),
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
        if let Some(ack) = self.0.take()
            && let Err(error) = ack.send(answer)
        {
            // The connection is gone or does not keep up; its client asks again after a timeout.
            tracing::debug!(%error, "an answer could not be sent");
        }
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        if self.0.is_some() {
            self.send(&Answer::<()>::from(Err(unavailable())));
        }
    }
}
