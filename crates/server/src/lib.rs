//! The driver of rooms: sockets, sessions, HTTP, shutdown.
//!
//! [`Server::start`] binds, opens storage's dashboards to the network and returns; [`Server::stop`] lets
//! everything finish. What operations mean is the engine's business, what is durable is storage's.
//!
//! ```no_run
//! # async fn run(storage: std::sync::Arc<dyn coboard_storage::Storage>) -> Result<(), coboard_server::StartError> {
//! use coboard_server::{Server, Settings};
//!
//! let server = Server::start(Settings::default(), storage).await?;
//! println!("http://{}", server.address());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```

mod app;
mod clock;
mod create;
mod decode;
mod devices;
mod error;
mod failure;
mod http;
pub mod identity;
mod limits;
mod listener;
mod names;
mod rate;
mod room;
mod sample;
mod server;
mod settings;
mod socket;
mod watched;

pub use server::{Server, StartError};
pub use settings::Settings;
