//! The application's handle to a client.

use std::sync::Arc;

use coboard_protocol::message::Welcome;
use coboard_protocol::{ClientId, DocumentId};
use tokio::sync::{mpsc, oneshot, watch};

use crate::connection::OpenError;
use crate::document::{ClosedError, DocumentHandle};
use crate::driver::{Command, Driver};
use crate::limits::COMMANDS_MAX;
use crate::options::Options;

/// The state of the connection.
#[derive(Clone, Debug)]
pub enum Link {
    /// There is none; the client tries to get one.
    Down,
    /// It is up; the server said this.
    Up(Box<Welcome>),
    /// The server does not let this client in, and the client has given up.
    Refused(Arc<OpenError>),
}

/// Why a document was not opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// It is open already.
    #[error("the document is open already")]
    AlreadyOpen,
    /// The client is closed.
    #[error(transparent)]
    Closed(#[from] ClosedError),
}

/// A client: one identity, one connection, any number of documents.
#[derive(Debug)]
pub struct Client {
    id: ClientId,
    commands: mpsc::Sender<Command>,
    link: watch::Receiver<Link>,
}

impl Client {
    /// Starts a client. It connects by itself, now and whenever the connection is lost, until
    /// this and all its documents are dropped.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn connect(options: Options) -> Self {
        let (commands, queue) = mpsc::channel(COMMANDS_MAX);
        let (tell, link) = watch::channel(Link::Down);
        let id = options.client.clone();
        tokio::spawn(Driver::new(options, tell).run(queue));
        Self { id, commands, link }
    }

    /// Opens a document. The handle can be used at once, with or without a connection; there is
    /// something to read and to edit when [`Status::loading`](coboard_engine::client::Status) ends.
    ///
    /// # Errors
    /// [`JoinError`]. Whether the server lets the client in is told by an event.
    pub async fn join(&self, document: DocumentId) -> Result<DocumentHandle, JoinError> {
        let (reply, answer) = oneshot::channel();
        let command = Command::Join {
            document: document.clone(),
            reply,
        };
        self.commands.send(command).await.map_err(|_| ClosedError)?;
        let news = answer.await.map_err(|_| ClosedError)?;
        let news = news.ok_or(JoinError::AlreadyOpen)?;
        Ok(DocumentHandle::new(document, self.commands.clone(), news))
    }

    /// Closes the connection and stops. What is not acknowledged is given up.
    pub async fn close(self) {
        let (done, closed) = oneshot::channel();
        if self.commands.send(Command::Close { done }).await.is_ok() {
            let _closed = closed.await;
        }
    }

    /// Which client it is.
    pub fn id(&self) -> &ClientId {
        &self.id
    }

    /// The state of the connection, to read or to wait on.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.link.clone()
    }
}
