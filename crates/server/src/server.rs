//! Starting and stopping.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use coboard_protocol::limits::{MESSAGE_BYTES_MAX, PING_INTERVAL_MS, PING_TIMEOUT_MS};
use coboard_storage::{Storage, StorageError};
use socketioxide::{ParserConfig, SocketIo};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::app::{App, Shared};
use crate::limits::{CONNECT_TIMEOUT, CONNECTION_PACKETS_MAX};
use crate::settings::Settings;
use crate::{http, listener, sample, socket};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can be reached from other machines, and anybody who reaches it may do anything.
    #[error("{address} can be reached from other machines, where anybody could change everything")]
    OpenAddress {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Storage does not answer.
    #[error("storage does not answer")]
    Storage(#[from] StorageError),
}

/// A running server.
pub struct Server {
    app: App,
    address: SocketAddr,
    listening: CancellationToken,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts a server on what storage holds.
    ///
    /// # Errors
    /// [`StartError`]; nothing runs then.
    pub async fn start(settings: Settings, storage: Arc<dyn Storage>) -> Result<Self, StartError> {
        let address = settings.listen;
        if !address.ip().is_loopback() && !settings.insecure_open {
            return Err(StartError::OpenAddress { address });
        }
        let listen_error = |source| StartError::Listen { address, source };
        let listener = listener::bind(address).map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let lineage = storage.lineage().await?;
        let (layer, io) = sockets();
        let connections_max = settings.connections_max;
        let app = Shared::new(settings, storage, lineage, io.clone());
        socket::register(&app, &io);
        sample::create_if_empty(&app).await?;
        let router = http::router(app.clone(), layer);
        let listening = CancellationToken::new();
        let accept = listener::serve(listener, router, connections_max, listening.clone());
        Ok(Self {
            app,
            address,
            listening,
            accepting: tokio::spawn(accept),
        })
    }

    /// Where it listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until storage has failed for good, and says how. The process must exit then, at once and
    /// without [`stop`](Self::stop): what is on the device is not known.
    pub async fn failed(&self) -> String {
        self.app.failed().await
    }

    /// Stops: nobody enters, rooms finish their appends and answer, sockets are closed, storage is closed.
    ///
    /// Takes at most [`Settings::stop_timeout`].
    pub async fn stop(self) {
        let deadline = Instant::now() + self.app.settings.stop_timeout;
        self.app.drain();
        self.app.rooms.seal();
        self.app.stop.cancel();
        self.app.tasks.close();
        if timeout_at(deadline, self.app.tasks.wait()).await.is_err() {
            tracing::warn!("some rooms did not finish in time");
        }
        // What is written to sockets by now still leaves: closing comes after it in the same queue.
        let closing = Instant::now() + Duration::from_secs(1);
        if timeout_at(closing, self.app.close_sockets()).await.is_err() {
            tracing::warn!("some sockets did not close in time");
        }
        self.listening.cancel();
        let mut accepting = self.accepting;
        if timeout_at(Instant::now() + Duration::from_secs(1), &mut accepting)
            .await
            .is_err()
        {
            accepting.abort();
        }
        if !self.app.has_failed() {
            self.app.commits.close().await;
            self.app.storage.close().await;
        }
    }
}

fn sockets() -> (socketioxide::layer::SocketIoLayer, SocketIo) {
    SocketIo::builder()
        .ws_max_message_size(MESSAGE_BYTES_MAX)
        .ws_max_frame_size(MESSAGE_BYTES_MAX)
        .max_payload(MESSAGE_BYTES_MAX as u64)
        .max_buffer_size(CONNECTION_PACKETS_MAX)
        .connect_timeout(CONNECT_TIMEOUT)
        .ping_interval(Duration::from_millis(PING_INTERVAL_MS))
        .ping_timeout(Duration::from_millis(PING_TIMEOUT_MS))
        .with_parser(
            ParserConfig::common()
                .max_incoming_binaries(0)
                .max_incoming_binary_buf_size(0),
        )
        .build_layer()
}
