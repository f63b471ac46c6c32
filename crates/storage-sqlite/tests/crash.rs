//! What is on the disk after an end that nobody prepared for.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::Path;

use coboard_storage::contract::block_on;
use coboard_storage::contract::fixture::*;
use coboard_storage::{Run, Storage};
use coboard_storage_sqlite::{OpenError, SqliteStorage};

fn open(path: &Path) -> SqliteStorage {
    SqliteStorage::open(path).unwrap()
}

/// A run whose catalogue says where the log ends after it.
fn titled_run(head: u64, count: u64) -> Run {
    Run {
        catalogue: Some(catalogue(&(head + count).to_string())),
        ..run("d", head, "ann", head, count)
    }
}

/// Everything that is stored of document `d` agrees on one head. Answers that head, 0 for no document.
async fn consistent_head(storage: &dyn Storage) -> u64 {
    let Some(head) = head(storage, "d").await else {
        return 0;
    };
    let log = log_since_1(storage, "d").await;
    let revisions: Vec<_> = log.iter().map(|entry| entry.revision).collect();
    assert_eq!(revisions, (2..=head).collect::<Vec<_>>());
    let ids: Vec<_> = log.iter().map(|entry| entry.id.clone()).collect();
    let found = storage
        .find_operations(&document_id("d"), &ids)
        .await
        .unwrap();
    assert_eq!(found.len(), ids.len());
    let beyond = storage
        .find_operations(&document_id("d"), &[operation_id("ann", head)])
        .await;
    assert!(beyond.unwrap().is_empty());
    let row = dashboard(storage, "d").await.unwrap();
    assert_eq!((row.revision, row.updated_at_ms), (head, head * 1_000));
    if head > 1 {
        assert_eq!(row.catalogue.title, head.to_string());
    }
    head
}

#[test]
fn what_was_answered_is_there_without_a_close() {
    block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new").join("coboard.db");
        let storage = open(&path);
        create(&storage, "d").await;
        append(&storage, titled_run(1, 5)).await;
        drop(storage);
        assert_eq!(consistent_head(&open(&path)).await, 6);
    });
}

#[test]
fn a_write_ahead_log_cut_anywhere_holds_whole_transactions() {
    block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("coboard.db");
        let storage = open(&path);
        create(&storage, "d").await;
        for n in 0..20 {
            append(&storage, titled_run(1 + n * 3, 3)).await;
        }
        let (database, log) = (
            fs::read(&path).unwrap(),
            fs::read(directory.path().join("coboard.db-wal")).unwrap(),
        );
        assert!(
            log.len() > 100_000,
            "nothing was moved into the database yet"
        );
        let mut heads = Vec::new();
        for cut in (0..=60).map(|step| log.len() * step / 60) {
            let copy = tempfile::tempdir().unwrap();
            let path = copy.path().join("coboard.db");
            fs::write(&path, &database).unwrap();
            fs::write(copy.path().join("coboard.db-wal"), &log[..cut]).unwrap();
            let storage = open(&path);
            heads.push(consistent_head(&storage).await);
        }
        assert!(heads.is_sorted(), "{heads:?}");
        assert_eq!((heads.first(), heads.last()), (Some(&0), Some(&61)));
        let mut distinct = heads;
        distinct.dedup();
        assert!(distinct.len() > 10, "{distinct:?}");
    });
}

#[test]
fn a_second_server_is_refused() {
    block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("coboard.db");
        let first = open(&path);
        let second = SqliteStorage::open(&path);
        assert!(
            matches!(second, Err(OpenError::Locked { .. })),
            "{second:?}"
        );
        let text = second.unwrap_err().to_string();
        assert!(
            text.starts_with("another server uses this database"),
            "{text}"
        );
        create(&first, "d").await;
        first.close().await;
        // Closed, though not dropped.
        assert_eq!(head(&open(&path), "d").await, Some(1));
    });
}

#[test]
fn a_database_of_something_else_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("coboard.db");
    fs::write(
        &path,
        "this is no database at all, but long enough to have a header of 100 bytes. ".repeat(10),
    )
    .unwrap();
    let opened = SqliteStorage::open(&path);
    assert!(matches!(opened, Err(OpenError::Database(_))), "{opened:?}");
    let below_a_file = SqliteStorage::open(&path.join("x").join("coboard.db"));
    assert!(
        matches!(below_a_file, Err(OpenError::Create { .. })),
        "{below_a_file:?}"
    );
}
