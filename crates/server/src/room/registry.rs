//! Which rooms are open on this node.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use coboard_protocol::limits::ROOM_QUEUE_MAX;
use coboard_protocol::{DocumentId, ErrorBody, Revision, User};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::driver;
use super::inbox::{Message, NewPolicies, Restoring};
use super::rewrite::Rewrite;
use super::write::{Change, View};
use crate::app::App;
use crate::error::{overloaded, unavailable};

/// The way to one room.
#[derive(Clone)]
pub(crate) struct RoomHandle {
    queue: mpsc::Sender<Message>,
    shown: Arc<Shown>,
}

/// What a room shows to everybody without being asked.
#[derive(Debug, Default)]
pub(super) struct Shown {
    head: AtomicU64,
    sessions: AtomicUsize,
    title: Mutex<String>,
}

/// Why a message did not get into the queue of its room.
pub(crate) enum SendError {
    /// The queue is full.
    Full(Message),
    /// The room is closed.
    Closed(Message),
}

impl SendError {
    /// Answers the message that could not be sent; `closed` is for a room that is not there any more.
    pub(crate) fn refuse(self, closed: ErrorBody) {
        match self {
            Self::Full(message) => message.refuse(overloaded()),
            Self::Closed(message) => message.refuse(closed),
        }
    }
}

impl RoomHandle {
    /// Puts a message into the queue without waiting: the only back-pressure there is.
    pub(crate) fn send(&self, message: Message) -> Result<(), SendError> {
        self.queue.try_send(message).map_err(|error| match error {
            TrySendError::Full(message) => SendError::Full(message),
            TrySendError::Closed(message) => SendError::Closed(message),
        })
    }

    /// Puts a message that may be lost into the queue, unless that is half full: what must not be
    /// lost has the other half for itself.
    pub(crate) fn send_lossy(&self, message: Message) {
        if self.queue.capacity() > ROOM_QUEUE_MAX / 2 {
            // Dropping is what lossy means.
            let _ = self.send(message);
        }
    }

    /// Puts a message into the queue, waiting for a place. `None` of it is lost unless the room is closed.
    pub(crate) async fn send_waiting(&self, message: Message) {
        // A closed room has no sessions left to tell about.
        let _ = self.queue.send(message).await;
    }

    /// The head revision.
    pub(crate) fn head(&self) -> Revision {
        self.shown.head.load(Ordering::Relaxed)
    }

    /// The title; empty until the room is loaded.
    pub(crate) fn title(&self) -> String {
        self.shown.title().clone()
    }
}

impl Shown {
    pub(super) fn set(&self, head: Revision, sessions: usize) {
        self.head.store(head, Ordering::Relaxed);
        self.sessions.store(sessions, Ordering::Relaxed);
    }

    pub(super) fn set_title(&self, title: String) {
        *self.title() = title;
    }

    fn title(&self) -> MutexGuard<'_, String> {
        self.title.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The open rooms. Messages that may open a room go through it, so that none meets a closing one.
#[derive(Default)]
pub(crate) struct Registry {
    rooms: Mutex<HashMap<DocumentId, RoomHandle>>,
}

impl Registry {
    /// Sends to the room of a document, opening it if need be, and says where it is.
    ///
    /// A document that does not exist is found out by the driver, which then answers the message.
    pub(crate) fn send(
        &self,
        app: &App,
        document: &DocumentId,
        message: Message,
    ) -> Result<RoomHandle, SendError> {
        let mut rooms = self.lock();
        // Stopping takes this lock before it closes rooms: none opens behind its back.
        if app.is_draining() {
            return Err(SendError::Closed(message));
        }
        let entry = rooms.entry(document.clone());
        let handle = entry.or_insert_with(|| open(app, document));
        // A room that ends in order takes itself out before it closes its queue: this one panicked.
        if handle.queue.is_closed() {
            *handle = open(app, document);
        }
        handle.send(message)?;
        Ok(handle.clone())
    }

    /// How many sessions are in a document.
    pub(crate) fn online(&self, document: &DocumentId) -> usize {
        self.lock()
            .get(document)
            .map_or(0, |room| room.shown.sessions.load(Ordering::Relaxed))
    }

    /// The document as it stands.
    pub(crate) async fn view(&self, app: &App, document: &DocumentId) -> Result<View, ErrorBody> {
        self.ask(app, document, Message::View).await
    }

    /// Changes the document, and gives it back as it stands then.
    pub(crate) async fn write(
        &self,
        app: &App,
        document: &DocumentId,
        user: User,
        change: Change,
    ) -> Result<View, ErrorBody> {
        self.ask(app, document, |reply| Message::Write {
            user,
            change,
            reply,
        })
        .await
    }

    /// Brings back what was, as operations on top, and gives the document as it stands then.
    pub(crate) async fn restore(
        &self,
        app: &App,
        document: &DocumentId,
        restoring: Restoring,
    ) -> Result<View, ErrorBody> {
        let restoring = Box::new(restoring);
        self.ask(app, document, |reply| Message::Restore { restoring, reply })
            .await
    }

    /// Replaces the policies of the document.
    pub(crate) async fn set_policies(
        &self,
        app: &App,
        document: &DocumentId,
        user: User,
        change: NewPolicies,
    ) -> Result<(), ErrorBody> {
        self.ask(app, document, |reply| Message::Policies {
            user,
            change,
            reply,
        })
        .await
    }

    /// Brings another version of the document, and gives it back as it stands then.
    pub(crate) async fn rewrite(
        &self,
        app: &App,
        document: &DocumentId,
        user: User,
        rewrite: Rewrite,
    ) -> Result<View, ErrorBody> {
        let rewrite = Box::new(rewrite);
        self.ask(app, document, |reply| Message::Rewrite {
            user,
            rewrite,
            reply,
        })
        .await
    }

    /// Deletes the document and ends its sessions.
    pub(crate) async fn delete(
        &self,
        app: &App,
        document: &DocumentId,
        user: User,
    ) -> Result<(), ErrorBody> {
        self.ask(app, document, |reply| Message::Delete { user, reply })
            .await
    }

    /// Lets no room open any more. Call [`App::drain`](crate::app::Shared::drain) before.
    pub(crate) fn seal(&self) {
        drop(self.lock());
    }

    /// Takes a room out if nothing waits in its queue. Whether it is out. What comes into the queue
    /// meanwhile, from somebody who holds a handle, is the driver's to answer.
    pub(super) fn close_if_empty(
        &self,
        document: &DocumentId,
        queue: &mut mpsc::Receiver<Message>,
    ) -> bool {
        let mut rooms = self.lock();
        // Read once: handles send without this lock, and a room that is out must not live on.
        let empty = queue.is_empty();
        if empty {
            rooms.remove(document);
            queue.close();
        }
        empty
    }

    /// Takes a room out. What is in its queue is the driver's to answer.
    pub(super) fn close(&self, document: &DocumentId, queue: &mut mpsc::Receiver<Message>) {
        self.lock().remove(document);
        queue.close();
    }

    async fn ask<T>(
        &self,
        app: &App,
        document: &DocumentId,
        message: impl FnOnce(oneshot::Sender<Result<T, ErrorBody>>) -> Message,
    ) -> Result<T, ErrorBody> {
        let (reply, answer) = oneshot::channel();
        if let Err(error) = self.send(app, document, message(reply)) {
            error.refuse(unavailable());
        }
        answer.await.unwrap_or_else(|_| Err(unavailable()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DocumentId, RoomHandle>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(app: &App, document: &DocumentId) -> RoomHandle {
    let (queue, inbox) = mpsc::channel(ROOM_QUEUE_MAX);
    let shown = Arc::new(Shown::default());
    let driver = driver::run(app.clone(), document.clone(), inbox, Arc::clone(&shown));
    app.tasks.spawn(driver);
    RoomHandle { queue, shown }
}

#[cfg(test)]
mod tests {
    use coboard_protocol::SessionId;
    use serde_json::Map;

    use super::*;

    #[test]
    fn presence_leaves_half_of_the_queue_to_all_else() {
        let (queue, _inbox) = mpsc::channel(ROOM_QUEUE_MAX);
        let room = RoomHandle {
            queue,
            shown: Arc::default(),
        };
        let session = SessionId::try_from("s").expect("legal");
        for _ in 0..2 * ROOM_QUEUE_MAX {
            let session = session.clone();
            room.send_lossy(Message::Presence {
                session,
                patch: Map::new(),
                pace: None,
            });
        }
        let leave = || Message::Leave {
            session: session.clone(),
        };
        let taken = (0..ROOM_QUEUE_MAX).take_while(|_| room.send(leave()).is_ok());
        assert_eq!(taken.count(), ROOM_QUEUE_MAX / 2);
    }
}
