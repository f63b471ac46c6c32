//! The task that keeps a connection: opens it, serves it, opens it again.

use coboard_protocol::message::Welcome;
use serde_json::Value as Json;
use tokio::sync::mpsc;

use crate::connection::{Connection, OpenError};
use crate::limits::QUEUE_MAX;
use crate::options::Options;
use crate::packet::Packet;
use crate::wire::{LinkError, Wire};

/// What the task tells, in the order it happened.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A connection is up. What goes into `asks` is sent over it and over no other one.
    Up {
        /// What the server said.
        welcome: Box<Welcome>,
        /// The way to the server.
        asks: mpsc::Sender<Ask>,
    },
    /// A request is answered.
    Answer {
        /// The number it was sent with.
        id: u64,
        /// The answer.
        argument: Json,
    },
    /// An event of the server.
    Event {
        /// Its name.
        name: String,
        /// Its argument.
        argument: Json,
    },
    /// The connection is gone. Another attempt comes by itself.
    Down(LinkError),
    /// An attempt failed. Another one comes by itself.
    Failed(OpenError),
    /// The server will never let this client in. This was the last attempt.
    Refused(OpenError),
}

/// A request to be sent.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The number that its answer will have. Not 0.
    pub(crate) id: u64,
    /// The event.
    pub(crate) event: &'static str,
    /// Its argument.
    pub(crate) argument: Json,
}

/// Keeps a connection until nobody listens any more.
pub(crate) async fn keep(options: Options, heard: mpsc::Sender<Heard>) {
    let mut lineage = None;
    let mut failures = 0;
    loop {
        let told = match Connection::open(&options, lineage.as_deref()).await {
            Ok(connection) => {
                failures = 0;
                let (wire, welcome) = connection.into_parts();
                lineage = Some(welcome.lineage.clone());
                let Some(error) = serve(wire, welcome, &heard).await else {
                    return;
                };
                Heard::Down(error)
            }
            Err(error) if error.is_final() => {
                let _last = heard.send(Heard::Refused(error)).await;
                return;
            }
            Err(error) => Heard::Failed(error),
        };
        if heard.send(told).await.is_err() {
            return;
        }
        failures += 1;
        let wait = options.backoff.wait(failures, rand::random());
        tokio::time::sleep(wait).await;
    }
}

/// Serves one connection until it breaks; `None` if it was closed from this side.
async fn serve(mut wire: Wire, welcome: Welcome, heard: &mpsc::Sender<Heard>) -> Option<LinkError> {
    let (asks, mut outgoing) = mpsc::channel(QUEUE_MAX);
    let up = Heard::Up {
        welcome: Box::new(welcome),
        asks,
    };
    heard.send(up).await.ok()?;
    loop {
        // Only what may be dropped at any point stands in the select; the rest runs to its end.
        let done = tokio::select! {
            packet = wire.read() => match packet {
                Ok(packet) => take(&mut wire, packet, heard).await,
                Err(error) => Err(error),
            },
            ask = outgoing.recv() => match ask {
                Some(ask) => wire.send(ask.id, ask.event, &ask.argument).await,
                None => {
                    wire.close().await;
                    return None;
                }
            },
        };
        if let Err(error) = done {
            return Some(error);
        }
    }
}

async fn take(
    wire: &mut Wire,
    packet: Packet,
    heard: &mpsc::Sender<Heard>,
) -> Result<(), LinkError> {
    let told = match packet {
        Packet::Ping => return wire.pong().await,
        Packet::Answer { id, argument } => Heard::Answer { id, argument },
        Packet::Event { name, argument } => Heard::Event { name, argument },
        Packet::Close | Packet::Disconnected | Packet::Refused(_) => return Err(LinkError::Closed),
        Packet::Open(_) | Packet::Connected | Packet::Noop => return Ok(()),
    };
    // Nobody listens any more: `outgoing` ends as well, and the loop with it.
    let _told = heard.send(told).await;
    Ok(())
}
