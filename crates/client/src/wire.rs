//! A WebSocket that carries packets, and notices when the other side is dead.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::limits::{MESSAGE_BYTES_MAX, OPEN_TIMEOUT, WRITE_TIMEOUT};
use crate::options::ServerUrl;
use crate::packet::{self, Handshake, Packet, PacketError};

/// Why a connection is over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The socket failed.
    #[error("the socket failed")]
    Socket(#[source] Box<tungstenite::Error>),
    /// The server closed it.
    #[error("the server closed the connection")]
    Closed,
    /// No heartbeat came in time.
    #[error("the server gave no sign of life in time")]
    Silent,
    /// The other side does not take what is sent.
    #[error("a message could not be sent in time")]
    Stuck,
    /// The server sent something that cannot be read.
    #[error("the server sent something that cannot be read")]
    Packet(#[from] PacketError),
    /// The server sent binary data, which this client never asks for.
    #[error("the server sent binary data")]
    Binary,
}

/// A WebSocket to the Engine.IO endpoint of a server.
#[derive(Debug)]
pub(crate) struct Wire {
    socket: WebSocketStream<TcpStream>,
    /// Time between two heartbeats at most.
    patience: Duration,
    silent_at: Instant,
}

impl Wire {
    /// Makes a WebSocket of a TCP connection.
    pub(crate) async fn upgrade(stream: TcpStream, server: &ServerUrl) -> Result<Self, LinkError> {
        let url = format!(
            "ws://{}/socket.io/?EIO=4&transport=websocket",
            server.authority()
        );
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let upgraded = client_async_with_config(url, stream, Some(config)).await;
        let (socket, _) = upgraded.map_err(socket_error)?;
        Ok(Self {
            socket,
            patience: OPEN_TIMEOUT,
            silent_at: Instant::now() + OPEN_TIMEOUT,
        })
    }

    /// Settles how long the server may be silent.
    pub(crate) fn set_patience(&mut self, handshake: Handshake) {
        let ms = handshake
            .ping_interval
            .saturating_add(handshake.ping_timeout);
        // A server that promises a heartbeat a year from now does not stop this one from ending.
        self.patience = Duration::from_millis(ms).min(PATIENCE_MAX);
        self.silent_at = Instant::now() + self.patience;
    }

    /// The next packet. Nothing is lost when the future is dropped.
    pub(crate) async fn read(&mut self) -> Result<Packet, LinkError> {
        loop {
            let message = timeout_at(self.silent_at, self.socket.next())
                .await
                .map_err(|_| LinkError::Silent)?
                .ok_or(LinkError::Closed)?
                .map_err(socket_error)?;
            match message {
                Message::Text(text) => {
                    let packet = Packet::read(text.as_str())?;
                    if packet == Packet::Ping {
                        self.silent_at = Instant::now() + self.patience;
                    }
                    return Ok(packet);
                }
                Message::Binary(_) => return Err(LinkError::Binary),
                Message::Close(_) => return Err(LinkError::Closed),
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Sends the text of one packet.
    pub(crate) async fn write(&mut self, text: String) -> Result<(), LinkError> {
        timeout(WRITE_TIMEOUT, self.socket.send(Message::from(text)))
            .await
            .map_err(|_| LinkError::Stuck)?
            .map_err(socket_error)
    }

    /// Sends an event that wants an answer with the number `id`.
    pub(crate) async fn send(
        &mut self,
        id: u64,
        event: &str,
        argument: &Json,
    ) -> Result<(), LinkError> {
        self.write(packet::event(id, event, argument)).await
    }

    /// Answers a heartbeat.
    pub(crate) async fn pong(&mut self) -> Result<(), LinkError> {
        self.write(packet::PONG.to_owned()).await
    }

    /// Leaves and closes. What goes wrong on the way does not matter any more.
    pub(crate) async fn close(mut self) {
        let _left = self.write(packet::DISCONNECT.to_owned()).await;
        let _closed = timeout(WRITE_TIMEOUT, self.socket.close(None)).await;
    }
}

/// The longest silence a server may ask for. A guess: ten times what ours asks for.
const PATIENCE_MAX: Duration = Duration::from_secs(150);

fn socket_error(error: tungstenite::Error) -> LinkError {
    let closed = matches!(
        error,
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed
    );
    if closed {
        LinkError::Closed
    } else {
        LinkError::Socket(Box::new(error))
    }
}
