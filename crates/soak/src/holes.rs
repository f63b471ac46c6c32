//! The run `holes`: broadcasts are lost, and always the last one before silence. Nobody may apply
//! a gap, and everybody must have everything within the time that the beacon promises.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_protocol::Revision;
use rand::Rng;
use tokio::time::{sleep, timeout};

use crate::Common;
use crate::proxy::Plan;
use crate::stage::{Setting, Stage};

/// How many of a hundred broadcasts are lost, one after the other.
const PERCENTS: [u32; 3] = [1, 10, 50];
/// The loss of the last broadcast is repaired by then: a beacon comes every 5 s.
const TAIL_WITHIN: Duration = Duration::from_secs(6);
/// A hole is repaired so long after the next message.
const HOLE_WITHIN: Duration = Duration::from_secs(1);
/// How long to wait for a repair, to say how late it was.
const REPAIR_TIMEOUT: Duration = Duration::from_secs(20);
/// Between two beacons.
const BEACON_MS: u64 = 5_000;

/// Options of `holes`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Seconds of writing at each rate of loss.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    seconds: u64,
    /// How often the last broadcast is lost at each rate of loss.
    #[arg(long, value_name = "N", default_value_t = 10)]
    tails: u32,
    /// How many clients.
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(2..=64))]
    clients: u32,
}

/// The longest repairs.
#[derive(Debug, Default)]
struct Slowest {
    tail: Duration,
    hole: Duration,
    tails: u64,
}

/// Runs it. Whether nothing is wrong.
///
/// # Errors
/// When something prevents the run.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let setting = Setting {
        server_binary: arguments.common.server_binary.clone(),
        seed: arguments.common.seed(),
        clients: arguments.clients as usize,
        documents: 1,
        pause: Duration::from_millis(60),
    };
    let mut stage = Stage::open(&setting).await?;
    let result = all(&mut stage, &arguments).await;
    stage.close(result).await
}

async fn all(stage: &mut Stage, arguments: &Arguments) -> Result<()> {
    let mut slowest = Slowest::default();
    for percent in PERCENTS {
        let before = stage.counts();
        let lossy = Plan {
            drop_committed: percent,
            ..Plan::default()
        };
        stage.set_all(&lossy);
        stage.writing.send_replace(true);
        sleep(Duration::from_secs(arguments.seconds)).await;
        stage.writing.send_replace(false);
        let after = stage.counts();
        for _ in 0..arguments.tails {
            hole(stage, &mut slowest).await?;
            tail(stage, &mut slowest).await?;
            stage.set_all(&lossy);
        }
        stage.check().await?;
        println!(
            "{percent:>3} % lost: {} broadcasts dropped, {} passed",
            after.committed_dropped - before.committed_dropped,
            after.committed_passed - before.committed_passed,
        );
    }
    println!(
        "hole repaired after      {} ms at most",
        slowest.hole.as_millis()
    );
    println!(
        "tail repaired after      {} ms at most",
        slowest.tail.as_millis()
    );
    println!(
        "tails lost               {} (each for one client)",
        slowest.tails
    );
    Ok(())
}

/// A broadcast is lost, the next one is not.
async fn hole(stage: &mut Stage, slowest: &mut Slowest) -> Result<()> {
    level(stage).await?;
    let author = deaf_but_one(stage);
    let before = stage.counts().committed_dropped;
    edit(stage, author).await?;
    // The broadcast may come a tick after the Ack.
    let lost = before + stage.proxies.len() as u64 - 1;
    while stage.counts().committed_dropped < lost {
        sleep(Duration::from_millis(1)).await;
    }
    stage.set_all(&Plan::default());
    let head = edit(stage, author).await?;
    let took = repaired(stage, head).await?;
    slowest.hole = slowest.hole.max(took);
    if took > HOLE_WITHIN {
        stage.blame(format!("a hole was open for {} ms", took.as_millis()));
    }
    Ok(())
}

/// A broadcast is lost, and nothing comes after it but the beacon, whenever that is.
async fn tail(stage: &mut Stage, slowest: &mut Slowest) -> Result<()> {
    level(stage).await?;
    // Anywhere between two beacons.
    let phase = stage.random.random_range(0..BEACON_MS);
    sleep(Duration::from_millis(phase)).await;
    let author = deaf_but_one(stage);
    let before = stage.counts().committed_dropped;
    let head = edit(stage, author).await?;
    let took = repaired(stage, head).await?;
    let lost = stage.counts().committed_dropped - before;
    if lost + 1 < stage.proxies.len() as u64 {
        stage.blame("the last broadcast was not lost: the run shows nothing".to_owned());
    }
    slowest.tails += lost;
    slowest.tail = slowest.tail.max(took);
    if took > TAIL_WITHIN {
        stage.blame(format!("a lost tail was open for {} ms", took.as_millis()));
    }
    Ok(())
}

/// Lets everybody have everything.
async fn level(stage: &Stage) -> Result<()> {
    for writer in stage.boards.writers() {
        writer.settle().await?;
    }
    let heads = stage.boards.writers().map(|w| w.handle().status().revision);
    let head = heads.max().unwrap_or(0);
    repaired(stage, head).await?;
    Ok(())
}

/// Picks an author; all others hear no broadcast any more.
fn deaf_but_one(stage: &mut Stage) -> usize {
    let author = stage.random.random_range(0..stage.proxies.len());
    stage.set_all(&Plan {
        drop_committed: 100,
        ..Plan::default()
    });
    stage.proxies[author].set(Plan::default());
    author
}

/// Lets the author change something; gives the revision that it became.
async fn edit(stage: &Stage, author: usize) -> Result<Revision> {
    let writer = stage.boards.writers().nth(author).context("an author")?;
    let before = writer.handle().status().revision;
    // An edit may find everything as it would make it.
    for _ in 0..100 {
        writer.make(1).await?;
        writer.settle().await?;
        let revision = writer.handle().status().revision;
        if revision > before {
            return Ok(revision);
        }
    }
    bail!("a hundred edits changed nothing");
}

/// The time until the last client has this revision.
async fn repaired(stage: &Stage, head: Revision) -> Result<Duration> {
    let since = Instant::now();
    for writer in stage.boards.writers() {
        let there = writer.handle().wait_for(|status| status.revision >= head);
        if timeout(REPAIR_TIMEOUT, there).await.is_err() {
            bail!("{} never got revision {head}", writer.client);
        }
    }
    Ok(since.elapsed())
}
