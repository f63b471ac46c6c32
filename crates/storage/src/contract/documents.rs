//! Documents come, stay and go.

use super::fixture::*;
use super::{Place, reopen};
use crate::error::{AppendError, AssignError, CreateError, SaveSnapshotError, StorageError};
use crate::record::DashboardQuery;
use crate::storage::Storage;

const ALL: DashboardQuery = DashboardQuery {
    search: None,
    limit: usize::MAX,
};

/// Everything a room needs is there from the first moment.
pub async fn a_new_document_has_one_entry_and_one_snapshot(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let storage = reopen(place, storage).await;
    let (id, new) = (document_id("d"), new_document("d"));
    assert_eq!(head(&*storage, "d").await, Some(1));
    let log = storage.read_since(&id, 0, 10).await;
    assert_eq!(log.expect("the log is read"), [new.entry]);
    let stored = storage.load_snapshot(&id, None).await;
    let stored = stored.expect("a snapshot is read").expect("there is one");
    assert_eq!((stored.revision, stored.content), (1, new.content));
    let row = dashboard(&*storage, "d").await.expect("it is listed");
    assert_eq!((row.revision, row.catalogue), (1, new.catalogue));
    assert_eq!((row.created_at_ms, row.updated_at_ms), (1_000, 1_000));
    assert_eq!(
        (row.created_by, row.updated_by),
        (user("ann", "Ann"), user("ann", "Ann"))
    );
    let found = storage
        .find_operations(&id, &[operation_id("import", 1)])
        .await;
    assert_eq!(found.expect("operations are found").len(), 1);
}

/// Nobody gets the identifier of another document, not even of a deleted one.
pub async fn an_identifier_is_used_once(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 1)).await;
    let again = storage.create_document(new_document("d")).await;
    assert!(matches!(again, Err(CreateError::Exists)), "{again:?}");
    assert_eq!(head(&*storage, "d").await, Some(2));
    let deleted = storage
        .delete_document(&document_id("d"), &user("bob", "Bob"), 9)
        .await;
    assert!(deleted.expect("it is deleted"));
    let again = storage.create_document(new_document("d")).await;
    assert!(matches!(again, Err(CreateError::Exists)), "{again:?}");
}

/// A log begins at its beginning.
pub async fn the_first_entry_is_at_revision_one(place: &dyn Place) {
    let storage = place.open().await;
    let mut new = new_document("d");
    new.entry.revision = 2;
    let created = storage.create_document(new).await;
    assert!(
        matches!(created, Err(CreateError::NotFirst { revision: 2 })),
        "{created:?}"
    );
    assert_eq!(head(&*storage, "d").await, None);
}

/// Heads come in the order asked, without those that are not there.
pub async fn heads_of_many(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "a").await;
    create(&*storage, "b").await;
    append(&*storage, run("b", 1, "ann", 1, 2)).await;
    let ids = ["b", "none", "a"].map(document_id);
    let heads = storage.head(&ids).await.expect("heads are read");
    assert_eq!(heads, [(document_id("b"), 3), (document_id("a"), 1)]);
    assert_eq!(storage.head(&[]).await.expect("heads are read"), []);
}

/// After deletion no method sees it, also after a restart; deleting again finds nothing.
pub async fn a_deleted_document_is_absent(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    create(&*storage, "stays").await;
    append(&*storage, run("d", 1, "ann", 1, 1)).await;
    let id = document_id("d");
    let assigned = storage
        .assign_client(&id, &client_id("c"), &user_id("ann"))
        .await;
    assigned.expect("a number is given");
    let delete = async || {
        storage
            .delete_document(&id, &user("bob", "Bob"), 9_000)
            .await
    };
    assert!(delete().await.expect("it is deleted"));
    assert!(!delete().await.expect("it is gone"));
    assert_absent(&*storage, "d").await;
    let storage = reopen(place, storage).await;
    assert_absent(&*storage, "d").await;
    let rows = storage
        .dashboards(ALL)
        .await
        .expect("dashboards are listed");
    assert_eq!(rows.len(), 1);
}

/// What was never made looks like what was deleted.
pub async fn what_never_was_is_absent(place: &dyn Place) {
    let storage = place.open().await;
    assert_absent(&*storage, "none").await;
    let deleted = storage
        .delete_document(&document_id("none"), &user("bob", "Bob"), 1)
        .await;
    assert!(!deleted.expect("there is nothing to delete"));
}

async fn assert_absent(storage: &dyn Storage, document: &str) {
    let id = document_id(document);
    let results = storage.append(vec![run(document, 2, "ann", 9, 1)]).await;
    assert!(
        matches!(results[..], [Err(AppendError::Deleted)]),
        "{results:?}"
    );
    assert_eq!(head(storage, document).await, None);
    assert_eq!(log_since_1(storage, document).await, []);
    let found = storage
        .find_operations(&id, &[operation_id("ann", 1)])
        .await;
    assert_eq!(found.expect("operations are found"), []);
    assert!(
        storage
            .load_snapshot(&id, None)
            .await
            .expect("snapshots are read")
            .is_none()
    );
    let saved = storage
        .save_snapshot(&snapshot(document, 1, new_document("d").content))
        .await;
    assert!(
        matches!(saved, Err(SaveSnapshotError::Deleted)),
        "{saved:?}"
    );
    let assigned = storage
        .assign_client(&id, &client_id("c"), &user_id("ann"))
        .await;
    assert!(
        matches!(assigned, Err(AssignError::Deleted)),
        "{assigned:?}"
    );
    storage
        .save_catalogue(&id, &catalogue("ghost"))
        .await
        .expect("nothing happens");
    assert_eq!(dashboard(storage, document).await, None);
}

/// A restart loses nothing, and the lineage stays the same.
pub async fn everything_is_kept(place: &dyn Place) {
    let storage = place.open().await;
    let lineage = storage.lineage().await.expect("there is a lineage");
    assert!(!lineage.is_empty());
    for document in ["a", "b"] {
        create(&*storage, document).await;
        append(&*storage, run(document, 1, "ann", 1, 50)).await;
    }
    let content = new_document("a").content;
    storage
        .save_snapshot(&snapshot("a", 30, content))
        .await
        .expect("it is stored");
    let id = document_id("a");
    let assign = async |storage: &dyn Storage| {
        let assigned = storage
            .assign_client(&id, &client_id("ann"), &user_id("ann"))
            .await;
        assigned.expect("a number is given")
    };
    let assigned = assign(&*storage).await;
    let rows = storage
        .dashboards(ALL)
        .await
        .expect("dashboards are listed");
    let log = log_since_1(&*storage, "b").await;

    let storage = reopen(place, storage).await;
    assert_eq!(
        storage.lineage().await.expect("there is a lineage"),
        lineage
    );
    assert_eq!(
        storage
            .dashboards(ALL)
            .await
            .expect("dashboards are listed"),
        rows
    );
    assert_eq!(log_since_1(&*storage, "b").await, log);
    assert_eq!(assign(&*storage).await, assigned);
    let stored = storage
        .load_snapshot(&id, None)
        .await
        .expect("a snapshot is read");
    let stored = stored.expect("there is one");
    assert_eq!((stored.revision, stored.lineage), (30, lineage));
}

/// After close nothing is read or written.
pub async fn a_closed_storage_is_unavailable(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    storage.close().await;
    storage.close().await;
    let read = storage.head(&[document_id("d")]).await;
    assert!(
        matches!(read, Err(StorageError::Unavailable(_))),
        "{read:?}"
    );
    let results = storage
        .append(vec![run("d", 1, "ann", 1, 1), run("d", 1, "bob", 1, 1)])
        .await;
    assert!(
        matches!(
            results[..],
            [
                Err(AppendError::Unavailable(_)),
                Err(AppendError::Unavailable(_))
            ]
        ),
        "{results:?}"
    );
}
