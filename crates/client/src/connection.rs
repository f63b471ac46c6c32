//! One connection: a WebSocket, the namespace entered, `hello` answered.

use std::io;

use coboard_protocol::message::{Answer, Hello, PROTOCOL_VERSION, PROTOCOL_VERSION_MIN, Welcome};
use coboard_protocol::{ErrorBody, ErrorCode, Retry};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::limits::OPEN_TIMEOUT;
use crate::options::Options;
use crate::packet::{self, Packet};
use crate::wire::{LinkError, Wire};

/// The number `hello` is sent with. Later requests have others.
const HELLO_ID: u64 = 0;

/// Why no connection came to be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Unreachable(#[source] io::Error),
    /// It broke off on the way.
    #[error("the connection broke off before it was ready")]
    Link(#[from] LinkError),
    /// It took too long.
    #[error("the connection was not ready in time")]
    Timeout,
    /// The server sent something else than the next step.
    #[error("the server did not answer as a server of ours does")]
    Unexpected,
    /// The server does not let the client in; the text is the error code.
    #[error("the server refused the connection: {code}")]
    Refused {
        /// The error code.
        code: String,
    },
    /// The server refused `hello`.
    #[error("the server refused the client: {} ({})", .0.message, .0.code.as_str())]
    Hello(ErrorBody),
}

impl OpenError {
    /// Whether another attempt would end the same.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Refused { code } => code == ErrorCode::Auth.as_str(),
            Self::Hello(error) => error.retry == Retry::Never,
            Self::Unreachable(_) | Self::Link(_) | Self::Timeout | Self::Unexpected => false,
        }
    }
}

/// Why a request has no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The connection is over.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The server refused.
    #[error("the server refused: {} ({})", .0.message, .0.code.as_str())]
    Refused(ErrorBody),
    /// Question or answer is not the JSON it ought to be.
    #[error("the message is not the JSON it ought to be")]
    Json(#[source] serde_json::Error),
}

/// A connection that has said `hello`.
///
/// Programs that only ask use it directly with [`request`](Self::request). Documents are driven
/// through a [`Client`](crate::Client), which has one of these inside.
#[derive(Debug)]
pub struct Connection {
    wire: Wire,
    next_id: u64,
    welcome: Welcome,
}

impl Connection {
    /// Connects and says `hello`. `lineage` is that of the last connection, if there was one.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(options: &Options, lineage: Option<&str>) -> Result<Self, OpenError> {
        timeout(OPEN_TIMEOUT, open(options, lineage))
            .await
            .map_err(|_| OpenError::Timeout)?
    }

    /// Sends a request and waits for its answer. Events that come meanwhile are dropped.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn request<T: DeserializeOwned>(
        &mut self,
        event: &str,
        argument: &(impl Serialize + Sync),
    ) -> Result<T, RequestError> {
        let argument = serde_json::to_value(argument).map_err(RequestError::Json)?;
        let asked = self.next_id;
        self.next_id += 1;
        self.wire.send(asked, event, &argument).await?;
        loop {
            match self.wire.read().await? {
                Packet::Ping => self.wire.pong().await?,
                Packet::Answer { id, argument } if id == asked => {
                    return serde_json::from_value::<Answer<T>>(argument)
                        .map_err(RequestError::Json)?
                        .into_result()
                        .map_err(RequestError::Refused);
                }
                Packet::Close | Packet::Disconnected | Packet::Refused(_) => {
                    return Err(LinkError::Closed.into());
                }
                Packet::Answer { .. }
                | Packet::Event { .. }
                | Packet::Open(_)
                | Packet::Connected
                | Packet::Noop => {}
            }
        }
    }

    /// What the server said to `hello`.
    pub fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// Leaves and closes.
    pub async fn close(self) {
        self.wire.close().await;
    }

    /// The parts, for the task that serves documents.
    pub(crate) fn into_parts(self) -> (Wire, Welcome) {
        (self.wire, self.welcome)
    }
}

async fn open(options: &Options, lineage: Option<&str>) -> Result<Connection, OpenError> {
    let stream = TcpStream::connect(options.server.authority())
        .await
        .map_err(OpenError::Unreachable)?;
    // With Nagle's algorithm every round trip takes 40 ms.
    stream.set_nodelay(true).map_err(OpenError::Unreachable)?;
    let mut wire = Wire::upgrade(stream, &options.server).await?;
    let Packet::Open(handshake) = step(&mut wire).await? else {
        return Err(OpenError::Unexpected);
    };
    wire.set_patience(handshake);
    let auth = packet::connect(&json!({ "token": options.token }));
    wire.write(auth).await?;
    if step(&mut wire).await? != Packet::Connected {
        return Err(OpenError::Unexpected);
    }
    let welcome = hello(&mut wire, options, lineage).await?;
    Ok(Connection {
        wire,
        next_id: HELLO_ID + 1,
        welcome,
    })
}

async fn hello(
    wire: &mut Wire,
    options: &Options,
    lineage: Option<&str>,
) -> Result<Welcome, OpenError> {
    let hello = Hello {
        protocol_min: PROTOCOL_VERSION_MIN,
        protocol_max: PROTOCOL_VERSION,
        client: options.client.clone(),
        device: None,
        device_name: None,
        build: Some(concat!("native ", env!("CARGO_PKG_VERSION")).to_owned()),
        lineage: lineage.map(str::to_owned),
    };
    let hello: Json = serde_json::to_value(hello).map_err(|_| OpenError::Unexpected)?;
    wire.send(HELLO_ID, "hello", &hello).await?;
    loop {
        if let Packet::Answer {
            id: HELLO_ID,
            argument,
        } = step(wire).await?
        {
            return serde_json::from_value::<Answer<Welcome>>(argument)
                .map_err(|_| OpenError::Unexpected)?
                .into_result()
                .map_err(OpenError::Hello);
        }
    }
}

/// The next packet that is a step forward.
async fn step(wire: &mut Wire) -> Result<Packet, OpenError> {
    loop {
        match wire.read().await? {
            // The server's first heartbeat comes at once.
            Packet::Ping => wire.pong().await?,
            Packet::Noop => {}
            Packet::Refused(code) => return Err(OpenError::Refused { code }),
            Packet::Close | Packet::Disconnected => return Err(LinkError::Closed.into()),
            packet @ (Packet::Open(_)
            | Packet::Connected
            | Packet::Event { .. }
            | Packet::Answer { .. }) => return Ok(packet),
        }
    }
}
