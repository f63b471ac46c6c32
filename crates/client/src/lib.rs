//! The native client: the engine's client machine on tokio.
//!
//! [`Client`] keeps one connection and drives any number of documents over it; [`DocumentHandle`]
//! edits and reads one of them, also while there is no connection. [`Connection`] and [`Api`] are
//! the layers below, for programs that only ask.
//!
//! ```no_run
//! use coboard_client::{Client, EditRequest, Options, ServerUrl};
//! use coboard_protocol::{DocumentId, User, UserId};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let server = ServerUrl::parse("http://127.0.0.1:7420")?;
//! let user = User { id: UserId::try_from("ada")?, name: "Ada".to_owned() };
//! let client = Client::connect(Options::open_access(server, user));
//! let board = client.join(DocumentId::try_from("nodes")?).await?;
//! board.wait_for(|status| !status.loading).await?;
//! let edit = r#"{"label": "rename", "steps": [{"set": {"path": "@0/title", "value": "Nodes"}}]}"#;
//! board.edit(serde_json::from_str::<EditRequest>(edit)?).await?;
//! board.wait_for(|status| status.pending_count == 0).await?;
//! client.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! Not here: what operations mean and when they are sent, which is the engine's business;
//! long-polling, TLS, presence, and keeping operations on disk.

mod backoff;
mod client;
mod clock;
mod connection;
mod document;
mod driver;
mod http;
mod limits;
mod link;
mod options;
mod packet;
mod wire;

pub use backoff::Backoff;
pub use client::{Client, JoinError, Link};
pub use coboard_engine::client::{
    Change, Changed, EditRequest, Edited, Origin, Place, Progress, Queued, Status, Step, Steps,
    Waiting,
};
pub use connection::{Connection, OpenError, RequestError};
pub use document::{ClosedError, DocumentHandle, Event, Events, Traffic};
pub use http::{Api, Created, HttpError};
pub use options::{Options, ServerUrl, UrlError, open_token};
pub use packet::PacketError;
pub use wire::LinkError;
