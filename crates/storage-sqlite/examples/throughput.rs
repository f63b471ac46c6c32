//! Durable operations a second: one per transaction against group commit.
//!
//! `cargo run --release -p coboard-storage-sqlite --example throughput -- DIRECTORY`, on the disk in question.
//! Absolute figures are those of the disk; the ratios say what group commit is worth.
#![allow(clippy::print_stdout, reason = "its output is the result")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use coboard_storage::contract::fixture::{create, run};
use coboard_storage::{GroupCommit, Storage};
use coboard_storage_sqlite::SqliteStorage;

/// How long one line is measured.
const DURATION: Duration = Duration::from_secs(3);
const DOCUMENTS_MAX: usize = 256;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("which directory?")?;
    let scratch = tempfile::tempdir_in(Path::new(&directory))?;
    tokio::runtime::Runtime::new()?.block_on(measure(&scratch.path().join("coboard.db")))
}

async fn measure(path: &Path) -> Result<(), Box<dyn Error>> {
    let storage: Arc<dyn Storage> = Arc::new(SqliteStorage::open(path)?);
    for document in 0..DOCUMENTS_MAX {
        create(&*storage, &document.to_string()).await;
    }
    let mut heads = vec![1; DOCUMENTS_MAX];
    let alone = {
        let started = Instant::now();
        let mut count = 0;
        while started.elapsed() < DURATION {
            let document = count % DOCUMENTS_MAX;
            let result = storage
                .append(vec![next_run(document, heads[document])])
                .await;
            result.into_iter().collect::<Result<Vec<_>, _>>()?;
            heads[document] += 1;
            count += 1;
        }
        count as f64 / started.elapsed().as_secs_f64()
    };
    println!("one operation per transaction: {alone:.0} operations/s");
    for producers in [1, 16, 64, 256] {
        let group_commit = GroupCommit::new(storage.clone());
        let started = Instant::now();
        let producing: Vec<_> = (0..producers)
            .map(|document| {
                tokio::spawn(produce(
                    group_commit.clone(),
                    document,
                    heads[document],
                    started,
                ))
            })
            .collect();
        let mut latencies = Vec::new();
        for (document, producing) in producing.into_iter().enumerate() {
            let of_one = producing.await?;
            heads[document] += of_one.len() as u64;
            latencies.extend(of_one);
        }
        let rate = latencies.len() as f64 / started.elapsed().as_secs_f64();
        latencies.sort_unstable();
        let at = |share: usize| latencies[(latencies.len() - 1) * share / 100].as_secs_f64() * 1e3;
        println!(
            "group commit, {producers:3} producers: {rate:.0} operations/s, {:.1} times; ack p50 {:.1} ms, p99 {:.1} ms",
            rate / alone,
            at(50),
            at(99)
        );
    }
    storage.close().await;
    Ok(())
}

/// Appends one operation after the other. How long each took.
async fn produce(
    group_commit: GroupCommit,
    document: usize,
    head: u64,
    started: Instant,
) -> Vec<Duration> {
    let mut latencies = Vec::new();
    while started.elapsed() < DURATION {
        let began = Instant::now();
        let run = next_run(document, head + latencies.len() as u64);
        group_commit.append(run).await.expect("the disk works");
        latencies.push(began.elapsed());
    }
    latencies
}

fn next_run(document: usize, head: u64) -> coboard_storage::Run {
    run(&document.to_string(), head, "bench", head, 1)
}
