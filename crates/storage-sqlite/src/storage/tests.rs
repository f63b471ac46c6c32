//! The contract on a directory, and failures that only this crate can bring about.

use coboard_protocol::ot::{Change, Components, ItemId, Path as CellPath, Value};
use coboard_storage::contract::Place;
use coboard_storage::contract::block_on;
use coboard_storage::contract::fixture::*;
use rusqlite::ffi;
use tempfile::TempDir;

use super::*;

struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn storage(&self) -> SqliteStorage {
        SqliteStorage::open(&self.0.path().join("coboard.db")).unwrap()
    }
}

#[async_trait]
impl Place for Directory {
    async fn open(&self) -> Arc<dyn Storage> {
        Arc::new(self.storage())
    }
}

coboard_storage::contract_suite!(Directory::new());

/// One operation with a text of this length.
fn long_run(document: &str, head: Revision, bytes: usize) -> Run {
    let mut run = run(document, head, "long", head, 1);
    let change = Change::Set {
        old: None,
        new: Some(Value::Str("x".repeat(bytes).into())),
    };
    run.entries[0].components = Components::of_cell(ItemId::ROOT, CellPath::of(["n"]), change);
    run
}

#[test]
fn a_full_disk_refuses_writes_and_nothing_else() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        create(&storage, "a").await;
        create(&storage, "b").await;
        let set_pages = async |pages: i64| {
            let set = storage.writer.write(move |connection| {
                connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            });
            set.await.unwrap();
        };
        // SQLite keeps what is there already.
        set_pages(1).await;
        let runs = vec![run("a", 1, "ann", 1, 1), long_run("b", 1, 1_000_000)];
        let results = storage.append(runs).await;
        assert!(
            matches!(
                results[..],
                [Err(AppendError::Full), Err(AppendError::Full)]
            ),
            "{results:?}"
        );
        let created = storage.create_document(NewDocument {
            entry: long_run("c", 0, 1_000_000).entries.remove(0),
            ..new_document("c")
        });
        assert!(matches!(created.await, Err(CreateError::Full)));
        assert_eq!(head(&storage, "a").await, Some(1));
        assert_eq!(head(&storage, "c").await, None);
        set_pages(1_000_000).await;
        append(&storage, run("a", 1, "ann", 1, 1)).await;
        append(&storage, long_run("b", 1, 1_000_000)).await;
        storage.close().await;
        let storage = directory.storage();
        assert_eq!(log_since_1(&storage, "a").await, [entry("ann", 1, 2)]);
        assert_eq!(head(&storage, "b").await, Some(2));
    });
}

#[test]
fn after_a_failure_of_the_device_nothing_is_written() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        create(&storage, "d").await;
        let failed = storage.writer.write(|connection| {
            connection.execute("UPDATE documents SET revision = 7", [])?;
            let error = ffi::Error::new(ffi::SQLITE_IOERR_FSYNC);
            Err::<(), _>(rusqlite::Error::SqliteFailure(error, None))
        });
        assert!(matches!(failed.await, Err(StorageError::Fatal(_))));
        let results = storage.append(vec![run("d", 1, "ann", 1, 1)]).await;
        assert!(
            matches!(results[..], [Err(AppendError::Fatal(_))]),
            "{results:?}"
        );
        let created = storage.create_document(new_document("e")).await;
        assert!(matches!(created, Err(CreateError::Fatal(_))), "{created:?}");
        storage.close().await;
        let results = storage.append(vec![run("d", 1, "ann", 1, 1)]).await;
        assert!(
            matches!(results[..], [Err(AppendError::Fatal(_))]),
            "{results:?}"
        );
        drop(storage);
        let log = directory
            .0
            .path()
            .join("coboard.db-wal")
            .metadata()
            .unwrap();
        assert!(log.len() > 0, "the device was left as it was");
        let storage = directory.storage();
        assert_eq!(head(&storage, "d").await, Some(1));
        append(&storage, run("d", 1, "ann", 1, 1)).await;
    });
}

#[test]
fn a_panic_of_the_writer_is_a_failure() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        let lost = storage.writer.write::<(), _>(|_| panic!("of this test"));
        assert!(matches!(lost.await, Err(StorageError::Fatal(_))));
        let results = storage.append(vec![run("d", 1, "ann", 1, 1)]).await;
        assert!(
            matches!(results[..], [Err(AppendError::Fatal(_))]),
            "{results:?}"
        );
    });
}

#[test]
fn rows_that_were_changed_from_outside_are_damaged() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        create(&storage, "d").await;
        append(&storage, run("d", 1, "ann", 1, 3)).await;
        let tampered = storage.writer.write(|connection| {
            connection.execute_batch(
                "UPDATE log SET packed = CAST(packed || x'00' AS BLOB) WHERE revision = 3;
                UPDATE snapshots SET content = x'00';",
            )
        });
        tampered.await.unwrap();
        let id = document_id("d");
        let read = storage.read_since(&id, 0, 2).await;
        assert_eq!(read.unwrap().len(), 2);
        let read = storage.read_since(&id, 0, 10).await;
        assert!(
            matches!(read, Err(StorageError::Damaged { revision: 3, .. })),
            "{read:?}"
        );
        let read = storage.load_snapshot(&id, None).await;
        assert!(
            matches!(read, Err(StorageError::Damaged { revision: 1, .. })),
            "{read:?}"
        );
        // Damage is of one document; the others go on.
        create(&storage, "e").await;
    });
}

#[test]
fn entries_of_before_are_still_read() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        create(&storage, "d").await;
        append(&storage, run("d", 1, "ann", 1, 3)).await;
        let id = document_id("d");
        let written = storage.read_since(&id, 0, 10).await.unwrap();
        // As the first version of the schema had it: the text in `entry`, with its checksum.
        let old = written[1].clone();
        let text = serde_json::to_string(&old).unwrap();
        let sum = crate::rows::checksum(&id, old.revision, text.as_bytes());
        let aged = storage.writer.write(move |connection| {
            connection.execute(
                "UPDATE log SET entry = ?1, checksum = ?2, packed = NULL WHERE revision = ?3",
                rusqlite::params![text, sum, old.revision.cast_signed()],
            )
        });
        assert_eq!(aged.await.unwrap(), 1);
        assert_eq!(storage.read_since(&id, 0, 10).await.unwrap(), written);
    });
}

#[test]
fn the_connection_is_as_durable_as_it_says() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        let settings = storage.writer.write(|connection| {
            let ask = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let mode: String =
                connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok((
                mode,
                ask("synchronous")?,
                ask("foreign_keys")?,
                ask("busy_timeout")?,
                ask("cache_size")?,
            ))
        });
        const FULL: i64 = 2;
        assert_eq!(
            settings.await.unwrap(),
            ("wal".to_owned(), FULL, 1, 5_000, -16_000)
        );
    });
}

#[test]
fn a_quiet_database_has_an_empty_log() {
    block_on(async {
        let directory = Directory::new();
        let storage = directory.storage();
        create(&storage, "d").await;
        let size = || {
            directory
                .0
                .path()
                .join("coboard.db-wal")
                .metadata()
                .unwrap()
                .len()
        };
        assert!(size() > 0);
        let started = std::time::Instant::now();
        while size() > 0 {
            assert!(
                started.elapsed() < 5 * crate::limits::IDLE,
                "it is never emptied"
            );
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        append(&storage, run("d", 1, "ann", 1, 1)).await;
    });
}

/// Which descriptors of this process lead to the files of a database.
#[cfg(target_os = "linux")]
fn open_files(directory: &Directory) -> Vec<std::path::PathBuf> {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap();
    let files = descriptors.filter_map(|entry| fs::read_link(entry.unwrap().path()).ok());
    let mut files: Vec<_> = files
        .filter(|file| file.starts_with(directory.0.path()))
        .collect();
    files.sort();
    files
}

#[cfg(target_os = "linux")]
#[test]
fn reads_need_no_further_descriptor() {
    block_on(async {
        let directory = Directory::new();
        let storage = Arc::new(directory.storage());
        create(&*storage, "d").await;
        let before = open_files(&directory);
        let all_read = Arc::new(std::sync::Barrier::new(crate::limits::READERS_MAX));
        let reads = (0..crate::limits::READERS_MAX).map(|_| {
            let (storage, all_read) = (storage.clone(), all_read.clone());
            tokio::spawn(async move {
                let read = storage.readers.read(move |connection| {
                    // No connection serves two of them.
                    all_read.wait();
                    let temporary: i64 =
                        connection.pragma_query_value(None, "temp_store", |row| row.get(0))?;
                    Ok((temporary, reading::head(connection, &document_id("d"))?))
                });
                read.await.unwrap()
            })
        });
        const MEMORY: i64 = 2;
        for read in reads.collect::<Vec<_>>() {
            assert_eq!(read.await.unwrap(), (MEMORY, Some(1)));
        }
        assert_eq!(open_files(&directory), before);
    });
}
