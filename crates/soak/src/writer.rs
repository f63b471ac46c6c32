//! The clients: each writes to every dashboard at its own pace, connected or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::{Client, DocumentHandle, Event, Events, Origin, Traffic};
use coboard_protocol::{ClientId, DocumentId, Revision};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value as Json;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::edits::Author;
use crate::record::{Journal, Record};

/// How long a client may take to load a dashboard at first.
const LOAD_TIMEOUT: Duration = Duration::from_secs(20);
/// How long all operations may take to find their fate when the server stays up.
pub(crate) const SETTLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Acknowledgements of the whole run, to see that writes are going on.
pub(crate) type Acks = Arc<AtomicU64>;

/// What all writers of a run share.
pub(crate) struct Shared {
    /// When the run began.
    pub(crate) started: Instant,
    /// Counts acknowledgements.
    pub(crate) acks: Acks,
    /// Whether to write or to pause.
    pub(crate) writing: watch::Receiver<bool>,
    /// The mean pause between two edits of one writer in one dashboard.
    pub(crate) pause: Duration,
}

/// One client in one dashboard.
pub(crate) struct Writer {
    pub(crate) client: ClientId,
    /// The revision that was loaded at first.
    pub(crate) loaded: Revision,
    pub(crate) journal: Journal,
    handle: Arc<DocumentHandle>,
    orders: mpsc::Sender<Order>,
    task: JoinHandle<()>,
}

/// Edits to be made at once, one after the other.
struct Order {
    count: u64,
    done: oneshot::Sender<()>,
}

impl Writer {
    /// Opens a dashboard and starts to write when `shared.writing` says so.
    pub(crate) async fn start(
        client: &Client,
        number: usize,
        document: &DocumentId,
        seed: u64,
        shared: &Shared,
    ) -> Result<Self> {
        let handle = client.join(document.clone()).await?;
        let ready = handle.wait_for(|status| status.joined && !status.loading);
        let status = timeout(LOAD_TIMEOUT, ready)
            .await
            .with_context(|| format!("{} could not load {document}", client.id()))??;
        // Nobody writes yet, so nothing is missed.
        let events = handle.events();
        let handle = Arc::new(handle);
        let journal = Journal::new(shared.started);
        let mut random = StdRng::seed_from_u64(seed);
        let author = Author::new(number, StdRng::seed_from_u64(random.random()));
        let (orders, ordered) = mpsc::channel(1);
        let task = Task {
            ordered,
            handle: Arc::clone(&handle),
            journal: journal.clone(),
            acks: Arc::clone(&shared.acks),
            writing: shared.writing.clone(),
            pause: shared.pause,
            random,
            author,
        };
        Ok(Self {
            client: client.id().clone(),
            loaded: status.revision,
            journal,
            handle,
            orders,
            task: tokio::spawn(task.run(events)),
        })
    }

    /// Makes so many edits as fast as it can, connected or not.
    pub(crate) async fn make(&self, count: u64) -> Result<()> {
        let (done, made) = oneshot::channel();
        let order = Order { count, done };
        self.orders.send(order).await.context("the writer ended")?;
        made.await.context("the writer ended")
    }

    /// The dashboard, to wait on.
    pub(crate) fn handle(&self) -> &DocumentHandle {
        &self.handle
    }

    /// Waits until every operation has its fate.
    pub(crate) async fn settle(&self) -> Result<()> {
        let quiet = self
            .handle
            .wait_for(|status| status.pending_count == 0 && status.joined && !status.loading);
        let Ok(status) = timeout(SETTLE_TIMEOUT, quiet).await else {
            let status = self.handle.status();
            bail!("{} does not come to rest: {status:?}", self.client);
        };
        status?;
        Ok(())
    }

    /// Waits until the journal has what the client has up to `head`.
    pub(crate) async fn catch_up(&self, head: Revision) -> Result<()> {
        let reaching = self.handle.wait_for(|status| status.revision >= head);
        if timeout(SETTLE_TIMEOUT, reaching).await.is_err() {
            let status = self.handle.status();
            bail!("{} does not reach revision {head}: {status:?}", self.client);
        }
        let noted = async {
            while self.journal.open_count() > 0 || self.journal.revision() < head {
                sleep(Duration::from_millis(5)).await;
            }
        };
        // What is missing then is for the checker to name.
        let _all = timeout(Duration::from_secs(2), noted).await;
        Ok(())
    }

    /// The dashboard as this client sees it.
    pub(crate) async fn export(&self) -> Result<Json> {
        Ok(self.handle.export().await?)
    }

    /// What was sent.
    pub(crate) fn traffic(&self) -> Traffic {
        self.handle.traffic()
    }

    /// Stops writing and leaves the dashboard.
    pub(crate) async fn stop(self) {
        self.task.abort();
        let _aborted = self.task.await;
        if let Some(handle) = Arc::into_inner(self.handle) {
            handle.close().await;
        }
    }
}

/// The task of one writer.
struct Task {
    ordered: mpsc::Receiver<Order>,
    handle: Arc<DocumentHandle>,
    journal: Journal,
    acks: Acks,
    writing: watch::Receiver<bool>,
    pause: Duration,
    random: StdRng,
    author: Author,
}

impl Task {
    async fn run(mut self, mut events: Events) {
        let mut next = Instant::now() + self.wait();
        loop {
            let writing = *self.writing.borrow();
            tokio::select! {
                biased;
                event = events.next() => match event {
                    Some(event) => self.note(event),
                    None => return,
                },
                Some(order) = self.ordered.recv() => self.carry_out(order, &mut events).await,
                changed = self.writing.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    next = Instant::now() + self.wait();
                }
                () = sleep(next.saturating_duration_since(Instant::now())), if writing => {
                    self.edit().await;
                    next = Instant::now() + self.wait();
                }
            }
        }
    }

    async fn carry_out(&mut self, order: Order, events: &mut Events) {
        for _ in 0..order.count {
            self.edit().await;
            // Events that nobody takes are lost.
            loop {
                tokio::select! {
                    biased;
                    Some(event) = events.next() => self.note(event),
                    () = std::future::ready(()) => break,
                }
            }
        }
        let _told = order.done.send(());
    }

    /// A pause around the mean, as of people who do not know of each other.
    fn wait(&mut self) -> Duration {
        let chance: f64 = self.random.random_range(0.001..1.0);
        self.pause.mul_f64(-chance.ln())
    }

    async fn edit(&mut self) {
        let edit = self.author.next();
        let intent = edit.intent.clone();
        // Before the edit: whatever is acknowledged by now must be older than the operation.
        let at = self.journal.now();
        let made = self.handle.edit_with(move |view| edit.request(view)).await;
        let Ok(edited) = made else {
            return;
        };
        self.journal.add(match edited.id {
            Some(id) => Record::Invoke { id, intent, at },
            None => Record::NotMade {
                intent,
                error: edited.error,
            },
        });
    }

    fn note(&self, event: Event) {
        let record = match event {
            Event::Ack { id, revision } => {
                self.acks.fetch_add(1, Ordering::Relaxed);
                let at = self.journal.now();
                Record::Ack { id, revision, at }
            }
            Event::Reject { id, error } => Record::Reject { id, error },
            Event::Changed(changed) if changed.reset => Record::Reset,
            Event::Changed(changed) => {
                let Some((change, revision)) = changed
                    .change
                    .filter(|change| change.origin == Origin::Remote)
                    .and_then(|change| Some((change.revision?, change)))
                    .map(|(revision, change)| (change, revision))
                else {
                    return;
                };
                Record::Receive {
                    revision,
                    client: change.client,
                    count: change.count,
                }
            }
            Event::Ended { error } => Record::Ended { error },
            Event::Missed { count } => Record::Missed { count },
            Event::Status(_) | Event::Session { .. } | _ => return,
        };
        self.journal.add(record);
    }
}
