//! A storage that fails: nothing is acknowledged that is not durable, and nothing is made up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use coboard_protocol::limits::DOCUMENTS_PER_CONNECTION_MAX;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, LogEntry, OperationId, PathPolicy, Revision, Snapshot, User,
    UserId,
};
use coboard_server::Settings;
use coboard_storage::{
    AppendError, AssignError, Assigned, CreateError, DashboardQuery, DashboardRow, Found,
    MemoryStorage, NewDocument, Run, SaveSnapshotError, Storage, StorageError,
};
use serde_json::json;
use tokio::sync::Notify;

use crate::socket::PATIENCE;
use crate::support::{TestServer, set, start_on};

/// Nothing fails.
const WELL: u8 = 0;
/// The disk is full.
const FULL: u8 = 1;
/// Nothing can be read.
const UNREADABLE: u8 = 2;
/// The device fails at the next append.
const FATAL: u8 = 3;
/// The log goes on behind the room's back.
const TAKEN: u8 = 4;
/// The device has failed, and reads say so.
const LOST: u8 = 5;
/// A defect of ours, once.
const PANIC: u8 = 6;
/// Nobody gets a number before the test says so.
const HELD: u8 = 7;

struct Faulty {
    inner: MemoryStorage,
    fault: AtomicU8,
    release: Notify,
}

#[derive(Debug, thiserror::Error)]
#[error("made to fail")]
struct MadeToFail;

impl Faulty {
    fn set(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn readable(&self) -> Result<(), StorageError> {
        match self.fault.load(Ordering::SeqCst) {
            UNREADABLE => Err(StorageError::Unavailable(Arc::new(MadeToFail))),
            LOST => Err(StorageError::Fatal(Arc::new(MadeToFail))),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Storage for Faulty {
    async fn lineage(&self) -> Result<String, StorageError> {
        self.inner.lineage().await
    }

    async fn create_document(&self, new: NewDocument) -> Result<(), CreateError> {
        if self.fault.load(Ordering::SeqCst) == FULL {
            return Err(CreateError::Full);
        }
        self.inner.create_document(new).await
    }

    async fn append(&self, runs: Vec<Run>) -> Vec<Result<(), AppendError>> {
        let error = match self.fault.load(Ordering::SeqCst) {
            FULL => AppendError::Full,
            FATAL => AppendError::Fatal(Arc::new(MadeToFail)),
            TAKEN => AppendError::RevisionTaken { head: 7 },
            _ => return self.inner.append(runs).await,
        };
        runs.iter().map(|_| Err(error.clone())).collect()
    }

    async fn head(
        &self,
        documents: &[DocumentId],
    ) -> Result<Vec<(DocumentId, Revision)>, StorageError> {
        self.readable()?;
        self.inner.head(documents).await
    }

    async fn read_since(
        &self,
        document: &DocumentId,
        since: Revision,
        limit: usize,
    ) -> Result<Vec<LogEntry>, StorageError> {
        self.readable()?;
        self.inner.read_since(document, since, limit).await
    }

    async fn find_operations(
        &self,
        document: &DocumentId,
        ids: &[OperationId],
    ) -> Result<Vec<Found>, StorageError> {
        self.readable()?;
        self.inner.find_operations(document, ids).await
    }

    async fn load_snapshot(
        &self,
        document: &DocumentId,
        at_most: Option<Revision>,
    ) -> Result<Option<Snapshot>, StorageError> {
        self.readable()?;
        self.inner.load_snapshot(document, at_most).await
    }

    async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), SaveSnapshotError> {
        self.inner.save_snapshot(snapshot).await
    }

    async fn assign_client(
        &self,
        document: &DocumentId,
        client: &ClientId,
        user: &UserId,
    ) -> Result<Assigned, AssignError> {
        if self.fault.load(Ordering::SeqCst) == HELD {
            self.release.notified().await;
        }
        self.inner.assign_client(document, client, user).await
    }

    async fn policies(&self, document: &DocumentId) -> Result<Vec<PathPolicy>, StorageError> {
        let panics = self
            .fault
            .compare_exchange(PANIC, WELL, Ordering::SeqCst, Ordering::SeqCst);
        assert!(panics.is_err(), "a panic of this test");
        self.inner.policies(document).await
    }

    async fn save_policies(
        &self,
        document: &DocumentId,
        policies: &[PathPolicy],
    ) -> Result<bool, StorageError> {
        if self.fault.load(Ordering::SeqCst) == FULL {
            return Err(StorageError::Full);
        }
        self.inner.save_policies(document, policies).await
    }

    async fn dashboards(&self, query: DashboardQuery) -> Result<Vec<DashboardRow>, StorageError> {
        self.inner.dashboards(query).await
    }

    async fn dashboard(&self, document: &DocumentId) -> Result<Option<DashboardRow>, StorageError> {
        self.inner.dashboard(document).await
    }

    async fn save_catalogue(
        &self,
        document: &DocumentId,
        catalogue: &Catalogue,
    ) -> Result<(), StorageError> {
        self.inner.save_catalogue(document, catalogue).await
    }

    async fn save_user(&self, user: &User) -> Result<(), StorageError> {
        self.inner.save_user(user).await
    }

    async fn users(&self, users: &[UserId]) -> Result<Vec<User>, StorageError> {
        self.inner.users(users).await
    }

    async fn delete_document(
        &self,
        document: &DocumentId,
        by: &User,
        at_ms: u64,
    ) -> Result<bool, StorageError> {
        self.inner.delete_document(document, by, at_ms).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}

async fn start() -> (TestServer, Arc<Faulty>) {
    let storage = Arc::new(Faulty {
        inner: MemoryStorage::new("lineage"),
        fault: AtomicU8::new(WELL),
        release: Notify::new(),
    });
    (
        start_on(storage.clone(), Settings::default()).await,
        storage,
    )
}

#[tokio::test]
async fn a_full_disk_refuses_writes_while_reading_goes_on() {
    let (server, storage) = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    storage.set(FULL);
    let submit = set(&joined, &id, "ca", 1, 1, "@0/a", json!(1));
    assert_eq!(
        socket.code("submit", submit.clone()).await,
        "E_STORAGE_FULL"
    );
    let made = server.send("POST", "/api/dashboards", &[], "").await;
    assert_eq!((made.status, made.code().as_str()), (507, "E_STORAGE_FULL"));
    let path = format!("/api/dashboards/{id}");
    assert_eq!(
        server
            .send("PATCH", &path, &[], r#"{"title":"U"}"#)
            .await
            .status,
        507
    );
    assert_eq!(
        server.get(&format!("{path}/export")).await.json(),
        json!({"title": "T"})
    );
    socket.ok("ping", json!({"sent_ms": 1})).await;
    storage.set(WELL);
    let submitted = socket.ok("submit", submit).await;
    assert_eq!(submitted["results"][0]["revision"], 2);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_not_taken_for_an_empty_one() {
    let (server, storage) = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let mut socket = server.greeted("ca").await;
    storage.set(UNREADABLE);
    assert_eq!(
        socket.code("join", json!({"document": id})).await,
        "E_UNAVAILABLE"
    );
    assert_eq!(
        server
            .get(&format!("/api/dashboards/{id}/export"))
            .await
            .status,
        503
    );
    assert_eq!(server.get("/readyz").await.status, 503);
    storage.set(WELL);
    let joined = socket.ok("join", json!({"document": id})).await;
    assert_eq!(joined["head"], 1);
    assert_eq!(
        server
            .get(&format!("/api/dashboards/{id}/export"))
            .await
            .json(),
        json!({"title": "T"})
    );
}

#[tokio::test]
async fn a_device_that_fails_ends_the_server_and_nothing_is_acknowledged() {
    let (server, storage) = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    storage.set(FATAL);
    let submit = set(&joined, &id, "ca", 1, 1, "@0/a", json!(1));
    let ack = socket.send("submit", &submit.to_string()).await;
    let cause = tokio::time::timeout(PATIENCE, server.server.failed()).await;
    assert!(cause.unwrap().contains("made to fail"));
    // Were the submit answered, its answer would stand before this one.
    let ping = socket.send("ping", r#"{"sent_ms":1}"#).await;
    loop {
        let frame = socket.frame().await.unwrap();
        assert!(!frame.starts_with(&format!("43{ack}[")), "{frame}");
        if frame.starts_with(&format!("43{ping}[")) {
            break;
        }
    }
}

#[tokio::test]
async fn a_device_that_cannot_be_read_any_more_ends_the_server() {
    let (server, storage) = start().await;
    let id = server.dashboard(json!({})).await;
    let mut socket = server.greeted("ca").await;
    storage.set(LOST);
    socket.code("join", json!({"document": id})).await;
    let cause = tokio::time::timeout(PATIENCE, server.server.failed()).await;
    assert!(cause.unwrap().contains("made to fail"));
}

#[tokio::test]
async fn a_dashboard_whose_room_panicked_opens_again() {
    let (server, storage) = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let mut socket = server.greeted("ca").await;
    storage.set(PANIC);
    let join = json!({"document": id});
    assert_eq!(socket.code("join", join.clone()).await, "E_UNAVAILABLE");
    assert_eq!(socket.ok("join", join).await["head"], 1);
}

#[tokio::test]
async fn a_join_that_ends_with_its_room_gives_its_place_back() {
    let (server, storage) = start().await;
    let (id, other) = (
        server.dashboard(json!({})).await,
        server.dashboard(json!({})).await,
    );
    let mut socket = server.greeted("ca").await;
    for client in 1..DOCUMENTS_PER_CONNECTION_MAX {
        let join = json!({"document": other, "client": format!("c{client}")});
        socket.ok("join", join).await;
    }
    storage.set(HELD);
    let ack = socket
        .send("join", &json!({"document": id}).to_string())
        .await;
    // Its answer proves that the join is in the queue of the room.
    socket.ok("ping", json!({"sent_ms": 1})).await;
    let path = format!("/api/dashboards/{id}");
    assert_eq!(server.send("DELETE", &path, &[], "").await.status, 204);
    storage.set(WELL);
    storage.release.notify_one();
    let answer = socket.answer(ack).await;
    assert_eq!(answer["error"]["code"], "E_NOT_FOUND");
    socket.ok("join", json!({"document": other})).await;
}

#[tokio::test]
async fn a_room_that_disagrees_with_the_log_is_loaded_again() {
    let (server, storage) = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut socket, joined) = server.joined(&id, "ca").await;
    storage.set(TAKEN);
    let submit = set(&joined, &id, "ca", 1, 1, "@0/a", json!(1));
    assert_eq!(socket.code("submit", submit.clone()).await, "E_UNAVAILABLE");
    let ended = socket.event("session_ended").await;
    assert_eq!(ended["error"]["retry"], "after_backoff");
    storage.set(WELL);
    let rejoined = socket
        .ok("join", json!({"document": id, "revision": 1}))
        .await;
    let mut resend = submit;
    resend["session"] = rejoined["session"].clone();
    assert_eq!(
        socket.ok("submit", resend).await["results"][0]["revision"],
        2
    );
}
