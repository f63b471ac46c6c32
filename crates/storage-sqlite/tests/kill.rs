//! A process that writes is killed again and again: no acknowledged operation is lost, none is there twice.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use coboard_storage::contract::block_on;
use coboard_storage::contract::fixture::*;
use coboard_storage::{GroupCommit, Storage};
use coboard_storage_sqlite::SqliteStorage;

const CYCLES: u64 = 20;
const DOCUMENTS: [&str; 4] = ["a", "b", "c", "d"];
/// Tells the writing process where its database is.
const DATABASE: &str = "COBOARD_KILL_TEST_DATABASE";

/// An operation as the writing process reports it.
#[derive(Debug)]
struct Ack {
    document: String,
    sequence: u64,
    revision: u64,
}

#[test]
fn a_killed_writer_loses_nothing_it_answered() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("coboard.db");
    let mut acks = Vec::new();
    for cycle in 0..CYCLES {
        let delay = Duration::from_millis(10 + cycle * 7919 % 140);
        acks.extend(acks_until_killed(&path, delay));
        block_on(check(&path, &acks));
    }
    assert!(
        acks.len() > CYCLES as usize,
        "only {} operations were written",
        acks.len()
    );
}

/// Starts the process, kills it after `delay`, and answers what it reported until then.
fn acks_until_killed(path: &Path, delay: Duration) -> Vec<Ack> {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "write_until_killed", "--ignored", "--nocapture"])
        .env(DATABASE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(process.stdout.take().unwrap());
    let reading = thread::spawn(move || {
        // The last line may be cut; the mark at the end of a line tells.
        let lines = stdout.lines().map_while(Result::ok);
        lines.filter_map(|line| read_ack(&line)).collect()
    });
    thread::sleep(delay);
    process.kill().unwrap();
    process.wait().unwrap();
    reading.join().unwrap()
}

fn read_ack(line: &str) -> Option<Ack> {
    let words: Vec<_> = line.split(' ').collect();
    let ["ack", document, sequence, revision, "."] = words[..] else {
        return None;
    };
    Some(Ack {
        document: document.to_owned(),
        sequence: sequence.parse().unwrap(),
        revision: revision.parse().unwrap(),
    })
}

async fn check(path: &Path, acks: &[Ack]) {
    let storage = SqliteStorage::open(path).unwrap();
    for document in DOCUMENTS {
        let log = log_since_1(&storage, document).await;
        for (entry, place) in log.iter().zip(1..) {
            assert_eq!((entry.revision, entry.id.sequence), (place + 1, place));
        }
        let row = dashboard(&storage, document).await;
        assert_eq!(
            row.map_or(0, |row| row.revision),
            head(&storage, document).await.unwrap_or(0)
        );
        for ack in acks.iter().filter(|ack| ack.document == document) {
            let id = [operation_id("writer", ack.sequence)];
            let found = storage
                .find_operations(&document_id(document), &id)
                .await
                .unwrap();
            assert_eq!(
                found.first().map(|found| found.revision),
                Some(ack.revision),
                "{ack:?}"
            );
        }
    }
    storage.close().await;
}

/// The process that is killed. It goes on where the one before it ended.
#[test]
#[ignore = "started and killed by the other test"]
fn write_until_killed() {
    let path = std::env::var_os(DATABASE).expect("the other test says where");
    block_on(async {
        let storage: Arc<dyn Storage> = Arc::new(SqliteStorage::open(Path::new(&path)).unwrap());
        let group_commit = GroupCommit::new(storage.clone());
        let writers: Vec<_> = DOCUMENTS
            .into_iter()
            .map(|document| tokio::spawn(write(storage.clone(), group_commit.clone(), document)))
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write(storage: Arc<dyn Storage>, group_commit: GroupCommit, document: &'static str) {
    if head(&*storage, document).await.is_none() {
        create(&*storage, document).await;
    }
    let assigned = storage
        .assign_client(
            &document_id(document),
            &client_id("writer"),
            &user_id("writer"),
        )
        .await
        .unwrap();
    assert_eq!(assigned.client_number, 1);
    let mut sequence = assigned.last_sequence;
    loop {
        let head = sequence + 1;
        sequence += 1;
        group_commit
            .append(run(document, head, "writer", sequence, 1))
            .await
            .unwrap();
        let line = format!("ack {document} {sequence} {} .\n", head + 1);
        std::io::stdout().write_all(line.as_bytes()).unwrap();
        if sequence.is_multiple_of(50) {
            let content = new_document(document).content;
            storage
                .save_snapshot(&snapshot(document, head + 1, content))
                .await
                .unwrap();
        }
    }
}
