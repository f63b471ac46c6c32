//! The application's handle to one open document.

use coboard_engine::Time;
use coboard_engine::client::{Changed, Client as Machine, EditRequest, Edited, Queued, Status};
use coboard_protocol::codec::{components, plain_to_json};
use coboard_protocol::message::Role;
use coboard_protocol::ot::Document;
use coboard_protocol::{Conflict, DocumentId, ErrorBody, OperationId, Revision, SessionId};
use serde_json::Value as Json;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::driver::{Command, News};

/// What happens to a document.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The view has changed.
    Changed(Changed),
    /// An own operation is committed and durable.
    Ack {
        /// Which one.
        id: OperationId,
        /// Its revision.
        revision: Revision,
    },
    /// An own operation met changes that its author had not seen; told once for each operation.
    Conflicts {
        /// Which one.
        id: OperationId,
        /// Its revision.
        revision: Revision,
        /// What it met, never empty.
        conflicts: Vec<Conflict>,
    },
    /// An own operation is refused; the view no longer has it.
    Reject {
        /// Which one.
        id: OperationId,
        /// Why.
        error: ErrorBody,
    },
    /// How far the document is.
    Status(Status),
    /// A session has begun.
    Session {
        /// The session.
        session: SessionId,
        /// What the person may do.
        role: Role,
        /// The client's number in this document.
        client_number: u32,
    },
    /// The committed document differed from the server's, and is taken anew.
    Diverged {
        /// At which revision.
        revision: Revision,
    },
    /// The document is gone or may not be read any more.
    Ended {
        /// Why.
        error: ErrorBody,
    },
    /// This listener was too slow: events are missing before the next one.
    Missed {
        /// How many.
        count: u64,
    },
}

/// What was sent for a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Traffic {
    /// Operations sent for the first time.
    pub sent: u64,
    /// Operations sent again under the same id.
    pub resent: u64,
    /// Operations that turned out to be committed when the client came back.
    pub recovered: u64,
}

/// The client that drives the document is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the client is closed")]
pub struct ClosedError;

/// An open document. Dropping the handle does not leave it: what is pending is still sent.
#[derive(Debug)]
pub struct DocumentHandle {
    id: DocumentId,
    commands: mpsc::Sender<Command>,
    events: broadcast::Sender<Event>,
    status: watch::Receiver<Status>,
    traffic: watch::Receiver<Traffic>,
}

impl DocumentHandle {
    pub(crate) fn new(id: DocumentId, commands: mpsc::Sender<Command>, news: News) -> Self {
        Self {
            id,
            commands,
            events: news.events,
            status: news.status,
            traffic: news.traffic,
        }
    }

    /// Edits the view at once, and queues the operation for the server.
    ///
    /// # Errors
    /// [`ClosedError`]. A refused edit is no error here: see [`Edited::error`].
    pub async fn edit(&self, request: EditRequest) -> Result<Edited, ClosedError> {
        self.with(move |now, machine| machine.edit(now, &request))
            .await
    }

    /// Edits the view as `make` finds it: nothing comes between what it reads and what it changes.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn edit_with(
        &self,
        make: impl FnOnce(&Document) -> EditRequest + Send + 'static,
    ) -> Result<Edited, ClosedError> {
        self.with(move |now, machine| {
            let request = make(machine.view());
            machine.edit(now, &request)
        })
        .await
    }

    /// Takes the newest own step back.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn undo(&self) -> Result<Edited, ClosedError> {
        self.with(|now, machine| machine.undo(now)).await
    }

    /// Takes the newest undo back.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn redo(&self) -> Result<Edited, ClosedError> {
        self.with(|now, machine| machine.redo(now)).await
    }

    /// The plain JSON at a cell address such as `@17/gridPos/x`, as the view has it.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn read(&self, path: &str) -> Result<Option<Json>, ClosedError> {
        let path = path.to_owned();
        self.with(move |_, machine| {
            let (item, path) = components::cell_address(&path).ok()?;
            let view = machine.view();
            let value = view.value(item, path.as_str())?;
            Some(plain_to_json(&view.plain(value)))
        })
        .await
    }

    /// The whole view as plain JSON.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn export(&self) -> Result<Json, ClosedError> {
        self.with(|_, machine| plain_to_json(&machine.view().export()))
            .await
    }

    /// Own operations that the server has not acknowledged, oldest first.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn queue(&self) -> Result<Vec<Queued>, ClosedError> {
        self.with(|_, machine| machine.queue()).await
    }

    /// Waits until the status is as `wanted` says.
    ///
    /// # Errors
    /// [`ClosedError`].
    pub async fn wait_for(
        &self,
        wanted: impl FnMut(&Status) -> bool,
    ) -> Result<Status, ClosedError> {
        let mut status = self.status.clone();
        let found = status.wait_for(wanted).await.map_err(|_| ClosedError)?;
        Ok(found.clone())
    }

    /// Leaves the document. What is not acknowledged is given up: wait for `pending_count` 0 before.
    pub async fn close(self) {
        let document = self.id;
        let _left = self.commands.send(Command::Leave { document }).await;
    }

    /// Which document it is.
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// What happens from now on.
    pub fn events(&self) -> Events {
        Events(self.events.subscribe())
    }

    /// How far the document is.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// Own operations that the server has not acknowledged.
    pub fn pending_count(&self) -> usize {
        self.status.borrow().pending_count
    }

    /// What was sent for the document so far.
    pub fn traffic(&self) -> Traffic {
        *self.traffic.borrow()
    }

    /// Does something with the machine, in the driver's task.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(Time, &mut Machine) -> T + Send + 'static,
    ) -> Result<T, ClosedError> {
        let (reply, answer) = oneshot::channel();
        let work = Box::new(move |now, machine: &mut Machine| {
            let _told = reply.send(work(now, machine));
        });
        let document = self.id.clone();
        let command = Command::Work { document, work };
        self.commands.send(command).await.map_err(|_| ClosedError)?;
        answer.await.map_err(|_| ClosedError)
    }
}

/// The events of one document, for one listener.
#[derive(Debug)]
pub struct Events(broadcast::Receiver<Event>);

impl Events {
    /// The next event; `None` when the document is left or the client closed.
    pub async fn next(&mut self) -> Option<Event> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(count)) => Some(Event::Missed { count }),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
