//! What lists show: it changes with the log and never apart from it.

use coboard_protocol::{Catalogue, PreviewWidget};

use super::fixture::*;
use super::{Place, reopen};
use crate::record::{DashboardQuery, Run};
use crate::storage::Storage;

async fn list(storage: &dyn Storage, search: Option<&str>, limit: usize) -> Vec<String> {
    let query = DashboardQuery {
        search: search.map(str::to_owned),
        limit,
    };
    let rows = storage
        .dashboards(query)
        .await
        .expect("dashboards are listed");
    rows.iter().map(|row| row.document.to_string()).collect()
}

fn full_catalogue() -> Catalogue {
    Catalogue {
        title: "Größe \"der\" Nodes 100%".to_owned(),
        folder: "Kubernetes".to_owned(),
        tags: vec!["prod_eu".to_owned(), "b".to_owned()],
        preview: vec![PreviewWidget {
            x: 1,
            y: 2,
            w: 3,
            h: u32::MAX,
            kind: "stat".to_owned(),
        }],
        widget_count: 7,
    }
}

/// Catalogue, time and author come with the entries.
pub async fn an_append_brings_its_catalogue(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let titled = Run {
        catalogue: Some(full_catalogue()),
        ..run("d", 1, "bob", 1, 2)
    };
    append(&*storage, titled).await;
    append(&*storage, run("d", 3, "ann", 1, 1)).await;
    let storage = reopen(place, storage).await;
    let row = dashboard(&*storage, "d").await.expect("it is listed");
    assert_eq!(row.catalogue, full_catalogue());
    assert_eq!(
        (row.revision, row.created_at_ms, row.updated_at_ms),
        (4, 1_000, 4_000)
    );
    assert_eq!(
        (row.created_by.name, row.updated_by.id),
        ("Ann".to_owned(), user_id("ann"))
    );
    let query = DashboardQuery {
        search: None,
        limit: 1,
    };
    let rows = storage
        .dashboards(query)
        .await
        .expect("dashboards are listed");
    assert_eq!(rows[0].catalogue, full_catalogue());
}

/// What is refused changes no list.
pub async fn a_refused_run_keeps_the_catalogue(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let before = dashboard(&*storage, "d").await;
    let refused = Run {
        catalogue: Some(full_catalogue()),
        ..run("d", 4, "bob", 1, 1)
    };
    assert!(storage.append(vec![refused]).await[0].is_err());
    assert_eq!(dashboard(&*storage, "d").await, before);
}

/// Newest change first; identifiers decide between equals.
pub async fn the_last_change_comes_first(place: &dyn Place) {
    let storage = place.open().await;
    for document in ["c", "a", "b"] {
        create(&*storage, document).await;
    }
    assert_eq!(list(&*storage, None, 10).await, ["a", "b", "c"]);
    append(&*storage, run("c", 1, "ann", 1, 5)).await;
    append(&*storage, run("b", 1, "ann", 1, 2)).await;
    assert_eq!(list(&*storage, None, 10).await, ["c", "b", "a"]);
}

/// Every word must occur somewhere; no character of a search is special.
pub async fn a_search_finds_words_in_any_case(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    create(&*storage, "other").await;
    let saved = storage
        .save_catalogue(&document_id("d"), &full_catalogue())
        .await;
    saved.expect("it is stored");
    for hit in ["GRÖßE", "node kuber", "PROD_EU 100%", "\"DER\""] {
        assert_eq!(list(&*storage, Some(hit), 10).await, ["d"], "{hit}");
    }
    for miss in ["node dev", "_100", "%%", "prodXeu", "'"] {
        assert!(list(&*storage, Some(miss), 10).await.is_empty(), "{miss}");
    }
    assert_eq!(list(&*storage, Some("  "), 10).await.len(), 2);
}

/// No more rows than asked for.
pub async fn the_list_has_a_limit(place: &dyn Place) {
    let storage = place.open().await;
    for document in ["a", "b", "c"] {
        create(&*storage, document).await;
    }
    assert_eq!(list(&*storage, None, 2).await, ["a", "b"]);
    assert_eq!(list(&*storage, None, 0).await.len(), 0);
    assert_eq!(list(&*storage, None, usize::MAX).await.len(), 3);
}

/// The picture of a dashboard can follow later, without a change of the document.
pub async fn the_catalogue_can_be_replaced(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let saved = storage
        .save_catalogue(&document_id("d"), &full_catalogue())
        .await;
    saved.expect("it is stored");
    let storage = reopen(place, storage).await;
    let row = dashboard(&*storage, "d").await.expect("it is listed");
    assert_eq!(row.catalogue, full_catalogue());
    assert_eq!((row.revision, row.updated_at_ms), (1, 1_000));
}

/// A name once told is shown until another one is told.
pub async fn names_are_the_last_ones_told(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "bob", 1, 1)).await;
    let name = async |storage: &dyn Storage| {
        let row = dashboard(storage, "d").await.expect("it is listed");
        row.updated_by.name
    };
    assert_eq!(name(&*storage).await, "bob");
    for told in ["Bob", "Bob", "Bobby"] {
        storage
            .save_user(&user("bob", told))
            .await
            .expect("it is stored");
        assert_eq!(name(&*storage).await, told);
    }
    let storage = reopen(place, storage).await;
    assert_eq!(name(&*storage).await, "Bobby");
    let asked = ["nobody", "bob"].map(|id| user(id, "").id);
    let known = storage.users(&asked).await.expect("it answers");
    assert_eq!(
        known,
        [user("bob", "Bobby")],
        "who was never told of is left out"
    );
}
