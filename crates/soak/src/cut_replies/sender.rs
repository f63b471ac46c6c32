//! One client that sends every submit several times, and hears the answer only at last.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::{Connection, Options};
use coboard_protocol::message::{Join, Joined, SubmitResult, Submitted};
use coboard_protocol::{ClientId, DocumentId, ErrorCode, OperationId, Revision};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::parcel::{Known, Parcel, operation, read};
use crate::board;
use crate::edits::Intent;
use crate::proxy::{Plan, Proxy};
use crate::record::Record;

/// How often a submit is sent again.
const RESENDS: std::ops::RangeInclusive<u32> = 1..=5;
/// In how many of a hundred submits there are several operations.
const SEVERAL: u32 = 10;
/// After how many of a hundred submits another operation is sent under an id that is taken.
const IMPOSTORS: u32 = 10;
/// How long one connection with one submit may take.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a submit may find no answer at all while the server is killed and started.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all senders count.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) operations: AtomicU64,
    pub(super) resends: AtomicU64,
    pub(super) cut: AtomicU64,
    /// Submits whose attempts were on both sides of a kill.
    pub(super) across_kills: AtomicU64,
    pub(super) impostors: AtomicU64,
    pub(super) kills: AtomicU64,
}

/// One client in one dashboard.
pub(super) struct Sender<'a> {
    pub(super) proxy: &'a Proxy,
    pub(super) options: Options,
    pub(super) document: DocumentId,
    pub(super) random: StdRng,
    pub(super) started: Instant,
    pub(super) tally: Arc<Tally>,
    pub(super) head: Revision,
    pub(super) sequence: u64,
    pub(super) known: Known,
}

impl Sender<'_> {
    /// Makes so many operations and brings each into the log.
    pub(super) async fn run(&mut self, mut count: u64) -> Result<()> {
        while count > 0 {
            let several = self.random.random_range(0..100) < SEVERAL;
            let size = if several { count.min(3) } else { 1 };
            self.head = self.join_only().await?;
            let parcel = self.parcel(size);
            self.send(&parcel).await?;
            if self.random.random_range(0..100) < IMPOSTORS {
                self.impostor(&parcel).await?;
            }
            self.tally.operations.fetch_add(size, Ordering::Relaxed);
            count -= size;
        }
        Ok(())
    }

    fn parcel(&mut self, size: u64) -> Parcel {
        let (mut ids, mut operations) = (Vec::new(), Vec::new());
        for _ in 0..size {
            self.sequence += 1;
            let id = OperationId {
                client: self.client(),
                sequence: self.sequence,
            };
            let counter = self.random.random_range(0..board::COUNTERS);
            let by = self.random.random_range(1..=9_i64);
            operations.push(operation(&id, self.head, counter, by));
            self.known.records.push(Record::Invoke {
                id: id.clone(),
                intent: Intent::Add { counter, by },
                at: self.started.elapsed(),
            });
            ids.push(id);
        }
        Parcel { ids, operations }
    }

    /// Sends a parcel until it was answered as often as drawn; the last answer alone is heard.
    async fn send(&mut self, parcel: &Parcel) -> Result<()> {
        let resends = self.random.random_range(RESENDS);
        let kills = self.tally.kills.load(Ordering::Relaxed);
        for attempt in 0..=resends {
            let results = self.answered(parcel, attempt < resends).await?;
            self.note(parcel, results);
        }
        let tally = &self.tally;
        tally.resends.fetch_add(resends.into(), Ordering::Relaxed);
        tally.cut.fetch_add(resends.into(), Ordering::Relaxed);
        if tally.kills.load(Ordering::Relaxed) != kills {
            tally.across_kills.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Tries until the server has answered, whether the answer arrives or the proxy keeps it.
    async fn answered(&mut self, parcel: &Parcel, cut: bool) -> Result<Vec<SubmitResult>> {
        let since = Instant::now();
        loop {
            self.proxy.set(Plan {
                cut_answers: if cut { 100 } else { 0 },
                ..Plan::default()
            });
            let exchange = timeout(EXCHANGE_TIMEOUT, self.exchange(parcel)).await;
            let kept = self.proxy.take_answers();
            if let Some(kept) = kept.last() {
                return read(kept);
            }
            if let Ok(Ok(results)) = exchange {
                return Ok(results);
            }
            if since.elapsed() > PATIENCE {
                bail!("no answer to {:?} any more: {exchange:?}", parcel.ids);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn exchange(&mut self, parcel: &Parcel) -> Result<Vec<SubmitResult>> {
        let mut connection = Connection::open(&self.options, None).await?;
        let joined = self.join(&mut connection, &parcel.ids).await?;
        for known in joined.known {
            self.known.compare(&known.id, known.revision, self.started);
        }
        let submit = json!({
            "document": self.document,
            "session": joined.session,
            "operations": parcel.operations,
        });
        let submitted: Submitted = connection.request("submit", &submit).await?;
        Ok(submitted.results)
    }

    async fn join(&self, connection: &mut Connection, ids: &[OperationId]) -> Result<Joined> {
        let join = Join {
            document: self.document.clone(),
            client: None,
            revision: Some(self.head),
            lineage: None,
            inflight: ids.to_vec(),
            diverged: None,
        };
        Ok(connection.request("join", &join).await?)
    }

    /// The head, to make operations on.
    async fn join_only(&self) -> Result<Revision> {
        if self.sequence > 0 && self.head > 0 {
            // An older base is as good, and more of a test.
            return Ok(self.head);
        }
        let since = Instant::now();
        loop {
            let head = async {
                let mut connection = Connection::open(&self.options, None).await?;
                Ok::<_, anyhow::Error>(self.join(&mut connection, &[]).await?.head)
            };
            match timeout(EXCHANGE_TIMEOUT, head).await {
                Ok(Ok(head)) => return Ok(head),
                failed if since.elapsed() > PATIENCE => bail!("cannot join: {failed:?}"),
                _ => sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Each operation must be acknowledged, each time with the same revision.
    fn note(&mut self, parcel: &Parcel, results: Vec<SubmitResult>) {
        if results.len() != parcel.ids.len() {
            let text = format!("{:?} was answered {results:?}", parcel.ids);
            self.known.violations.push(text);
        }
        for result in results {
            match result {
                SubmitResult::Ack { id, revision, .. } => {
                    self.known.compare(&id, revision, self.started);
                    self.head = self.head.max(revision);
                }
                SubmitResult::Reject { id, error } => {
                    let text = format!("{id} was refused: {error:?}");
                    self.known.violations.push(text);
                }
            }
        }
    }

    /// Sends another operation under the id of one that is in the log.
    async fn impostor(&mut self, parcel: &Parcel) -> Result<()> {
        let id = parcel.ids.first().context("a parcel is not empty")?.clone();
        let other = Parcel {
            operations: vec![operation(&id, self.head, 0, 1_000)],
            ids: vec![id.clone()],
        };
        let results = self.answered(&other, false).await?;
        let refused = matches!(
            results.as_slice(),
            [SubmitResult::Reject { error, .. }] if error.code == ErrorCode::OpIdConflict
        );
        if !refused {
            let text = format!("another operation as {id} was answered {results:?}");
            self.known.violations.push(text);
        }
        self.tally.impostors.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    pub(super) fn client(&self) -> ClientId {
        self.options.client.clone()
    }
}
