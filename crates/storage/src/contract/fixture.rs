//! Documents, entries and runs for the cases, and for tests of a backend's own.
//!
//! What must succeed panics if it does not.

use coboard_protocol::ot::{Change, Components, Document, ItemId, Path, Value};
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, LogEntry, Meta, OperationId, Revision, Snapshot, User, UserId,
};

use crate::record::{DashboardRow, NewDocument, Run};
use crate::storage::Storage;

/// An identifier.
pub fn document_id(text: &str) -> DocumentId {
    text.try_into().expect("an identifier")
}

/// An identifier.
pub fn client_id(text: &str) -> ClientId {
    text.try_into().expect("an identifier")
}

/// An identifier.
pub fn user_id(text: &str) -> UserId {
    text.try_into().expect("an identifier")
}

/// A person.
pub fn user(id: &str, name: &str) -> User {
    User {
        id: user_id(id),
        name: name.to_owned(),
    }
}

/// The identity of an operation.
pub fn operation_id(client: &str, sequence: u64) -> OperationId {
    OperationId {
        client: client_id(client),
        sequence,
    }
}

/// An entry by the user called like the client, at second `revision`.
pub fn entry(client: &str, sequence: u64, revision: Revision) -> LogEntry {
    let change = Change::Set {
        old: None,
        new: Some(Value::Int(
            i64::try_from(revision).expect("a small revision"),
        )),
    };
    LogEntry {
        id: operation_id(client, sequence),
        revision,
        components: Components::of_cell(ItemId::ROOT, Path::of(["n"]), change),
        meta: Meta::edit("count"),
        author: user_id(client),
        server_time_ms: revision * 1_000,
        conflicts: Vec::new(),
    }
}

/// Uses all 64 bits.
pub fn fingerprint(id: &OperationId) -> u64 {
    u64::MAX - id.sequence
}

/// `count` operations of one client from `sequence` on, after `head`.
pub fn run(document: &str, head: Revision, client: &str, sequence: u64, count: u64) -> Run {
    let entries: Vec<_> = (0..count)
        .map(|place| entry(client, sequence + place, head + 1 + place))
        .collect();
    Run {
        document: document_id(document),
        head,
        fingerprints: entries.iter().map(|entry| fingerprint(&entry.id)).collect(),
        entries,
        catalogue: None,
    }
}

/// A catalogue with nothing but a title.
pub fn catalogue(title: &str) -> Catalogue {
    Catalogue {
        title: title.to_owned(),
        ..Catalogue::default()
    }
}

/// A document made by Ann at second 1 with operation `import:1`.
pub fn new_document(id: &str) -> NewDocument {
    let entry = entry("import", 1, 1);
    let mut content = Document::new();
    content.apply(&entry.components);
    NewDocument {
        document: document_id(id),
        created_by: user("ann", "Ann"),
        at_ms: 1_000,
        fingerprint: fingerprint(&entry.id),
        entry,
        content,
        catalogue: catalogue(id),
    }
}

/// Makes a document that must not be there yet.
pub async fn create(storage: &dyn Storage, id: &str) {
    let created = storage.create_document(new_document(id)).await;
    created.expect("a document is made");
}

/// Appends one run that must succeed.
pub async fn append(storage: &dyn Storage, run: Run) {
    let mut results = storage.append(vec![run]).await;
    assert_eq!(results.len(), 1);
    results.remove(0).expect("the run is appended");
}

/// Every entry above the first.
pub async fn log_since_1(storage: &dyn Storage, document: &str) -> Vec<LogEntry> {
    let log = storage.read_since(&document_id(document), 1, 100_000).await;
    log.expect("the log is read")
}

/// Where the log ends.
pub async fn head(storage: &dyn Storage, document: &str) -> Option<Revision> {
    let heads = storage.head(&[document_id(document)]).await;
    let heads = heads.expect("the head is read");
    heads.first().map(|(_, revision)| *revision)
}

/// How lists show it.
pub async fn dashboard(storage: &dyn Storage, document: &str) -> Option<DashboardRow> {
    let row = storage.dashboard(&document_id(document)).await;
    row.expect("the catalogue is read")
}

/// A snapshot without a lineage.
pub fn snapshot(document: &str, revision: Revision, content: Document) -> Snapshot {
    Snapshot {
        lineage: String::new(),
        document: document_id(document),
        revision,
        content,
    }
}
