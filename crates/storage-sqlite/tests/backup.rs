//! Copies of a database: whole, of one moment, with a lineage of their own, or not there at all.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use coboard_protocol::LogEntry;
use coboard_storage::Storage;
use coboard_storage::contract::block_on;
use coboard_storage::contract::fixture::*;
use coboard_storage_sqlite::{BackupError, SqliteStorage, backup};
use rusqlite::Connection;
use tempfile::TempDir;

/// Pages are as large as SQLite makes them.
const PAGE: usize = 4_096;

fn open(path: &Path) -> SqliteStorage {
    SqliteStorage::open(path).unwrap()
}

/// A database that nobody uses: a dashboard with so many entries, and one that is deleted.
fn database(directory: &TempDir, entries: u64) -> PathBuf {
    let path = directory.path().join("coboard.sqlite");
    block_on(async {
        let storage = open(&path);
        create(&storage, "d").await;
        create(&storage, "gone").await;
        let gone = document_id("gone");
        let ann = user("ann", "Ann");
        let deleted = storage.delete_document(&gone, &ann, 2_000);
        assert!(deleted.await.unwrap());
        for sequence in 1..=entries {
            append(&storage, run("d", sequence, "ann", sequence, 1)).await;
        }
        let content = new_document("d").content;
        let saved = snapshot("d", entries + 1, content);
        storage.save_snapshot(&saved).await.unwrap();
        storage.close().await;
    });
    path
}

fn lineage(path: &Path) -> String {
    block_on(async {
        let storage = open(path);
        let lineage = storage.lineage().await.unwrap();
        storage.close().await;
        lineage
    })
}

/// What is stored with a checksum.
fn log_and_snapshot(path: &Path) -> (Vec<LogEntry>, u64) {
    block_on(async {
        let storage = open(path);
        let log = log_since_1(&storage, "d").await;
        let snapshot = storage.load_snapshot(&document_id("d"), None).await;
        (log, snapshot.unwrap().unwrap().revision)
    })
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_acknowledged_before_the_beginning_is_in_the_copy_of_a_database_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("coboard.sqlite");
    let storage = Arc::new(open(&path));
    block_on(create(&*storage, "d"));
    let (head, is_over) = (AtomicU64::new(1), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            for sequence in 1.. {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                block_on(append(&*storage, run("d", sequence, "ann", sequence, 1)));
                head.store(sequence + 1, Ordering::SeqCst);
            }
        });
        let copies = tempfile::tempdir().unwrap();
        for copy in 0..5 {
            let before = head.load(Ordering::SeqCst);
            let to = copies.path().join(copy.to_string());
            let made = backup(&path, &to).unwrap();
            assert_eq!(made.dashboards, 1);
            assert_eq!(made.bytes, fs::metadata(&to).unwrap().len());
            let copied = block_on(async {
                let log = log_since_1(&open(&to), "d").await;
                log.iter().map(|entry| entry.revision).collect::<Vec<_>>()
            });
            let last = copied.last().copied().unwrap_or(1);
            assert!(last >= before, "{last} is before {before}");
            assert_eq!(copied, (2..=last).collect::<Vec<_>>());
            // Somebody writes while the next one is made.
            while head.load(Ordering::SeqCst) < last + 20 {
                thread::sleep(Duration::from_millis(1));
            }
        }
        is_over.store(true, Ordering::SeqCst);
    });
}

#[test]
fn what_a_killed_server_left_in_its_write_ahead_log_is_in_the_copy() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("coboard.sqlite");
    let killed = tempfile::tempdir().unwrap();
    let left = killed.path().join("coboard.sqlite");
    let storage = open(&path);
    block_on(async {
        create(&storage, "d").await;
        append(&storage, run("d", 1, "ann", 1, 5)).await;
    });
    fs::copy(&path, &left).unwrap();
    let log = directory.path().join("coboard.sqlite-wal");
    fs::copy(log, killed.path().join("coboard.sqlite-wal")).unwrap();
    let to = killed.path().join("copy");
    backup(&left, &to).unwrap();
    assert_eq!(block_on(async { head(&open(&to), "d").await }), Some(6));
}

#[test]
fn every_restore_has_a_lineage_of_its_own_for_good() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory, 5);
    let copy = directory.path().join("copy");
    assert_eq!(backup(&path, &copy).unwrap().dashboards, 1);
    let restored: Vec<_> = ["one", "other"]
        .map(|name| directory.path().join(name))
        .into();
    for to in &restored {
        fs::copy(&copy, to).unwrap();
    }
    let mut lineages: Vec<_> = restored.iter().map(|path| lineage(path)).collect();
    let again: Vec<_> = restored.iter().map(|path| lineage(path)).collect();
    assert_eq!(again, lineages);
    lineages.push(lineage(&path));
    assert!(lineages.iter().all(|lineage| lineage.len() == 32));
    lineages.sort();
    lineages.dedup();
    assert_eq!(lineages.len(), 3, "{lineages:?}");
    // The backup has changed nothing in what it copied, and a copy by hand is the same history.
    let by_hand = directory.path().join("by hand");
    fs::copy(&path, &by_hand).unwrap();
    assert_eq!(lineage(&by_hand), lineage(&path));
    assert_eq!(log_and_snapshot(&restored[0]), log_and_snapshot(&path));
}

#[test]
fn what_is_there_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory, 1);
    let to = directory.path().join("copy");
    let partial = directory.path().join("copy.partial");
    fs::write(&to, "mine").unwrap();
    let refused = backup(&path, &to);
    assert!(
        matches!(refused, Err(BackupError::Exists { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(&to).unwrap(), "mine");
    assert!(!partial.exists());
    fs::remove_file(&to).unwrap();

    fs::write(&partial, "somebody else's").unwrap();
    let refused = backup(&path, &to);
    assert!(
        matches!(refused, Err(BackupError::Unfinished { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(&partial).unwrap(), "somebody else's");
    assert!(!to.exists());
    fs::remove_file(&partial).unwrap();

    let itself = backup(&path, &path);
    assert!(
        matches!(itself, Err(BackupError::Exists { .. })),
        "{itself:?}"
    );
    backup(&path, &to).unwrap();
    assert!(!partial.exists());
}

#[test]
fn what_is_no_database_of_ours_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let copies = tempfile::tempdir().unwrap();
    let to = copies.path().join("copy");
    let path = directory.path().join("coboard.sqlite");
    let absent = backup(&path, &to);
    assert!(
        matches!(absent, Err(BackupError::Absent { .. })),
        "{absent:?}"
    );
    let theirs = Connection::open(&path).unwrap();
    theirs.execute_batch("CREATE TABLE theirs (n)").unwrap();
    drop(theirs);
    let foreign = backup(&path, &to);
    assert!(
        matches!(foreign, Err(BackupError::Foreign { .. })),
        "{foreign:?}"
    );
    fs::write(&path, "This is text. ".repeat(500)).unwrap();
    let text = backup(&path, &to);
    assert!(matches!(text, Err(BackupError::Damaged { .. })), "{text:?}");
    fs::remove_file(&path).unwrap();
    let newer = database(&directory, 1);
    Connection::open(&newer)
        .unwrap()
        .execute_batch("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
        .unwrap();
    let refused = backup(&newer, &to);
    assert!(
        matches!(refused, Err(BackupError::Newer { found: 99, .. })),
        "{refused:?}"
    );
    assert_eq!(names(copies.path()), Vec::<String>::new());
}

#[test]
fn a_directory_that_is_missing_is_not_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory, 1);
    let missing = directory.path().join("missing");
    let made = backup(&path, &missing.join("copy"));
    assert!(matches!(made, Err(BackupError::Write { .. })), "{made:?}");
    assert!(!missing.exists());
}

#[test]
fn a_page_that_is_damaged_is_found_or_holds_nothing_of_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let path = database(&directory, 300);
    let (bytes, whole) = (fs::read(&path).unwrap(), log_and_snapshot(&path));
    let mut found = 0;
    for page in 0..bytes.len() / PAGE {
        let damaged = tempfile::tempdir().unwrap();
        let source = damaged.path().join("coboard.sqlite");
        let mut bytes = bytes.clone();
        let middle = page * PAGE + PAGE / 2;
        for byte in &mut bytes[middle..middle + 16] {
            *byte ^= 0xff;
        }
        fs::write(&source, bytes).unwrap();
        let copies = tempfile::tempdir().unwrap();
        let to = copies.path().join("copy");
        match backup(&source, &to) {
            Ok(_) => assert_eq!(log_and_snapshot(&to), whole, "page {page}"),
            Err(error) => {
                assert!(matches!(error, BackupError::Damaged { .. }), "{error:?}");
                assert_eq!(names(copies.path()), Vec::<String>::new());
                found += 1;
            }
        }
    }
    let pages = bytes.len() / PAGE;
    assert!(found > 5, "{found} of {pages} pages");
}
