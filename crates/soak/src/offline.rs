//! The run `offline`: one client has no network and makes thousands of operations, another makes
//! as many meanwhile. Then the first comes back.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::{Link, Progress as Told, Status, Waiting};
use coboard_protocol::limits::PENDING_MAX;
use tokio::time::timeout;

use crate::Common;
use crate::memory::Memory;
use crate::proxy::Plan;
use crate::stage::{Setting, Stage};

/// What the design wants: operations of a queue that are settled in a second, at least. Told, not
/// asserted.
const DRAIN_PER_SECOND: f64 = 1_000.0;
/// What is hoped for on this machine. Told, not asserted.
const TARGET: Duration = Duration::from_secs(2);
/// How long either client may take until the server has its operations.
const SYNC_TIMEOUT: Duration = Duration::from_secs(900);
/// In how many steps at least the queue must be seen to shrink, for so many operations each.
const STEP_OPERATIONS: usize = 1_000;
/// Operations beyond which what was missed must be seen to come.
const MISSED_SHOWN_MIN: u64 = 2_000;

/// Options of `offline`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Operations of each of the two clients.
    #[arg(long, value_name = "N", default_value_t = PENDING_MAX as u64, value_parser = clap::value_parser!(u64).range(1..=PENDING_MAX as u64))]
    count: u64,
}

/// What a client showed while its queue drained.
#[derive(Debug, Default)]
struct Progress {
    /// Operations that waited, at each change.
    pending: Vec<usize>,
    grew: bool,
    /// What the client itself told, at each change.
    told: Vec<Told>,
}

impl Progress {
    fn note(&mut self, status: &Status) {
        let last = self.pending.last().copied();
        self.grew |= last.is_some_and(|last| status.pending_count > last);
        if last != Some(status.pending_count) {
            self.pending.push(status.pending_count);
        }
        if let Some(told) = status.progress
            && self.told.last() != Some(&told)
        {
            self.told.push(told);
        }
    }

    fn of(&self, kind: Waiting) -> impl Iterator<Item = &Told> {
        self.told.iter().filter(move |told| told.kind == kind)
    }

    fn went_back(&self, kind: Waiting) -> bool {
        let mut before = 0;
        self.of(kind).any(|told| {
            told.done < std::mem::replace(&mut before, told.done) || told.done > told.total
        })
    }
}

/// Runs it. Whether nothing is wrong.
///
/// # Errors
/// When something prevents the run.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let setting = Setting {
        server_binary: arguments.common.server_binary.clone(),
        seed: arguments.common.seed(),
        clients: 2,
        documents: 1,
        pause: Duration::from_secs(1),
    };
    let mut stage = Stage::open(&setting).await?;
    let result = all(&mut stage, arguments.count).await;
    stage.close(result).await
}

async fn all(stage: &mut Stage, count: u64) -> Result<()> {
    memory(stage, "before");
    part(stage, count).await?;
    memory(stage, "queue full");
    let (progress, took) = come_back(stage).await?;
    memory(stage, "in sync");
    judge(stage, count, &progress, took);
    stage.check().await?;
    let traffic = stage.boards.traffic();
    println!(
        "operations sent          {} and {} again",
        traffic.sent, traffic.resent
    );
    Ok(())
}

/// Both write, and only one of them is heard.
async fn part(stage: &Stage, count: u64) -> Result<()> {
    stage.proxies[0].set(Plan {
        down: true,
        ..Plan::default()
    });
    let mut link = stage.clients[0].link();
    link.wait_for(|link| matches!(link, Link::Down)).await?;
    let mut writers = stage.boards.writers();
    let (offline, online) = (writers.next(), writers.next());
    let (offline, online) = (offline.context("a client")?, online.context("a client")?);
    let since = Instant::now();
    offline.make(count).await?;
    println!(
        "made offline in          {} ms",
        since.elapsed().as_millis()
    );
    let since = Instant::now();
    online.make(count).await?;
    let settled = online.handle().wait_for(|status| status.pending_count == 0);
    timeout(SYNC_TIMEOUT, settled).await??;
    println!(
        "made online in           {} ms",
        since.elapsed().as_millis()
    );
    println!(
        "queued                   {}",
        offline.handle().pending_count()
    );
    println!(
        "head                     {}",
        online.handle().status().revision
    );
    Ok(())
}

/// The way is free again; gives what was seen and the time from the connection to the end.
async fn come_back(stage: &Stage) -> Result<(Progress, Duration)> {
    let mut writers = stage.boards.writers();
    let offline = writers.next().context("a client")?;
    let mut link = stage.clients[0].link();
    stage.proxies[0].set(Plan::default());
    let freed = Instant::now();
    link.wait_for(|link| matches!(link, Link::Up(_))).await?;
    let since = Instant::now();
    println!(
        "connected again after    {} ms",
        (since - freed).as_millis()
    );
    let mut progress = Progress::default();
    let synced = offline.handle().wait_for(|status| {
        progress.note(status);
        status.joined && !status.loading && status.pending_count == 0
    });
    if timeout(SYNC_TIMEOUT, synced).await.is_err() {
        bail!("not in sync: {:?}", offline.handle().status());
    }
    let took = since.elapsed();
    let head = offline.handle().status().revision;
    for other in writers {
        let there = other.handle().wait_for(|status| status.revision >= head);
        timeout(SYNC_TIMEOUT, there).await??;
    }
    println!(
        "the other has all after  {} ms",
        since.elapsed().as_millis()
    );
    Ok((progress, took))
}

#[allow(clippy::cast_precision_loss, reason = "a rate for people")]
fn judge(stage: &mut Stage, count: u64, progress: &Progress, took: Duration) {
    let rate = count as f64 / took.as_secs_f64();
    let steps = progress.pending.len();
    println!(
        "reconnect to synced      {} ms (target {} ms), {rate:.0} operations/s",
        took.as_millis(),
        TARGET.as_millis()
    );
    println!("progress seen in         {steps} steps");
    for kind in [Waiting::CatchingUp, Waiting::Sending] {
        println!("told while {kind:?}    {} times", progress.of(kind).count());
        if progress.went_back(kind) {
            stage.blame(format!("{kind:?} went back: {:?}", progress.told));
        }
    }
    if count > MISSED_SHOWN_MIN && progress.of(Waiting::CatchingUp).count() == 0 {
        stage.blame("nobody was told how much was missed".to_owned());
    }
    if rate < DRAIN_PER_SECOND || took > TARGET {
        println!("                         SLOWER than wanted");
    }
    if progress.grew {
        stage.blame(format!(
            "the queue grew while it drained: {:?}",
            progress.pending
        ));
    }
    if steps < usize::try_from(count).unwrap_or(usize::MAX) / STEP_OPERATIONS {
        stage.blame(format!("progress was seen in {steps} steps only"));
    }
}

fn memory(stage: &Stage, when: &str) {
    let show = |memory: Option<Memory>| memory.map_or("unknown".to_owned(), |m| m.to_string());
    let server = show(stage.server.id().and_then(Memory::of));
    let clients = show(Memory::of(std::process::id()));
    println!("memory, {when:<12}     server {server}; both clients and their journals {clients}");
}
