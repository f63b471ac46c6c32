//! A person gives up an own operation that waits.

use coboard_protocol::{ErrorBody, ErrorCode, OperationId};

use super::Client;
use super::outbox::Pending;

impl Client {
    /// Takes an own operation back that the server never got; its id is not used again. One that
    /// may have arrived stays: it is taken back by undo, as everything that is committed.
    pub(super) fn discard(&mut self, id: &OperationId) {
        let unsent = |pending: &Pending| pending.id == *id && !pending.may_be_known();
        if let Some(index) = self.outbox.queue.iter().position(unsent) {
            let error = ErrorBody::new(ErrorCode::Discarded, "it was discarded before it was sent");
            self.reject(index, error);
        }
    }
}
