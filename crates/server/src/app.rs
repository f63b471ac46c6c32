//! What all parts of the server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use coboard_protocol::message::Limits;
use coboard_protocol::{SessionId, limits};
use coboard_storage::{GroupCommit, Storage};
use rand::Rng;
use socketioxide::SocketIo;
use socketioxide::operators::BroadcastOperators;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::devices::Places;
use crate::failure::Failure;
use crate::http::{ActivityPlaces, AttributionCache, SnapshotCache};
use crate::limits as own;
use crate::names::DeviceNames;
use crate::rate::{Rate, UserBuckets};
use crate::room::Registry;
use crate::settings::Settings;
use crate::watched::Watched;

/// The group of those who watch the list of dashboards.
pub(crate) const LOBBY: &str = "lobby";
/// The only namespace.
pub(crate) const NAMESPACE: &str = "/";
/// Characters of a generated identifier.
const ID_CHARS: usize = 16;

/// A handle to everything shared; cheap to clone.
pub(crate) type App = Arc<Shared>;

/// What all parts of the server share.
pub(crate) struct Shared {
    /// How the server runs.
    pub(crate) settings: Settings,
    /// The clock.
    pub(crate) clock: Clock,
    /// The durable layer. Its failure ends the process, whoever comes upon it.
    pub(crate) storage: Arc<dyn Storage>,
    /// Appends of all rooms, joined.
    pub(crate) commits: GroupCommit,
    /// Identity of the database's history.
    pub(crate) lineage: String,
    /// The rooms.
    pub(crate) rooms: Registry,
    /// Where each person works.
    pub(crate) places: Places,
    /// Operations per user.
    pub(crate) operation_rate: UserBuckets,
    /// Joins per user.
    pub(crate) join_rate: UserBuckets,
    /// Snapshots ready to be sent.
    pub(crate) snapshots: SnapshotCache,
    /// Who wrote what, as far as somebody asked.
    pub(crate) attributions: AttributionCache,
    /// Where readers of what was done stopped.
    pub(crate) activity_places: ActivityPlaces,
    /// How the devices of clients are called.
    pub(crate) device_names: DeviceNames,
    /// Told when rooms must finish.
    pub(crate) stop: CancellationToken,
    /// The tasks that must finish before the process ends.
    pub(crate) tasks: TaskTracker,
    io: SocketIo,
    draining: AtomicBool,
    failure: Arc<Failure>,
}

impl Shared {
    /// Puts the shared parts together.
    pub(crate) fn new(
        settings: Settings,
        storage: Arc<dyn Storage>,
        lineage: String,
        io: SocketIo,
    ) -> App {
        let failure = Arc::new(Failure::default());
        let storage: Arc<dyn Storage> = Arc::new(Watched::new(storage, Arc::clone(&failure)));
        Arc::new(Self {
            settings,
            clock: Clock::start(),
            commits: GroupCommit::new(Arc::clone(&storage)),
            storage,
            lineage,
            rooms: Registry::default(),
            places: Places::default(),
            operation_rate: UserBuckets::new(Rate {
                per_second: own::OPERATIONS_PER_SECOND_MAX,
                burst: own::OPERATIONS_BURST_MAX,
            }),
            join_rate: UserBuckets::new(Rate {
                per_second: own::JOINS_PER_SECOND_MAX,
                burst: own::JOINS_BURST_MAX,
            }),
            snapshots: SnapshotCache::default(),
            attributions: AttributionCache::default(),
            activity_places: ActivityPlaces::default(),
            device_names: DeviceNames::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            io,
            draining: AtomicBool::new(false),
            failure,
        })
    }

    /// The members of a group on this node. `None` once the sockets are closed.
    pub(crate) fn group(&self, name: String) -> Option<BroadcastOperators> {
        Some(self.io.of(NAMESPACE)?.local().to(name))
    }

    /// Tells those who watch the list of dashboards. Lossy: a list is fetched again after a reconnect.
    pub(crate) async fn tell_lobby<T: serde::Serialize>(&self, event: &str, message: &T) {
        if let Some(group) = self.group(LOBBY.to_owned())
            && let Err(error) = group.emit(event, message).await
        {
            tracing::debug!(%error, event, "not everybody in the lobby was told");
        }
    }

    /// Closes every socket.
    pub(crate) async fn close_sockets(&self) {
        self.io.close().await;
    }

    /// Whether the server is on its way out: nobody enters any more.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Lets nobody in from now on.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Records that storage failed for good. Only for group commit, which may fail by itself; what
    /// storage answers is looked at already.
    pub(crate) fn fail(&self, error: &dyn std::error::Error) {
        self.failure.record(error);
    }

    /// Waits until storage has failed for good, and says how.
    pub(crate) async fn failed(&self) -> String {
        tokio::select! {
            () = self.failure.happened() => {}
            cause = self.commits.fatal() => self.fail(cause.as_ref()),
        }
        self.failure.cause()
    }

    /// Whether storage has failed for good.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.has_happened()
    }
}

/// A new identifier that nobody can guess.
pub(crate) fn random_id() -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut random = rand::rng();
    (0..ID_CHARS)
        .map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]))
        .collect()
}

/// A new session.
pub(crate) fn random_session() -> SessionId {
    SessionId::try_from(format!("s{}", random_id())).expect("letters and digits are an identifier")
}

/// What the server tells at `hello`.
pub(crate) fn wire_limits() -> Limits {
    Limits {
        message_bytes_max: limits::MESSAGE_BYTES_MAX,
        operations_per_submit_max: limits::OPERATIONS_PER_SUBMIT_MAX,
        documents_per_connection_max: limits::DOCUMENTS_PER_CONNECTION_MAX,
        presence_per_second_max: limits::PRESENCE_PER_SECOND_MAX,
        operations_per_second_max: own::OPERATIONS_PER_SECOND_MAX,
        ping_interval_ms: limits::PING_INTERVAL_MS,
        ping_timeout_ms: limits::PING_TIMEOUT_MS,
        tick_ms: limits::TICK_MS,
        transports: vec!["websocket".to_owned(), "polling".to_owned()],
    }
}
