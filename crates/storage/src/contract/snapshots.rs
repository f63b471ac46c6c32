//! Snapshots: the whole document at a revision.

use coboard_protocol::Revision;
use coboard_protocol::ot::{
    Change, Components, Document, Item, ItemId, ListId, Location, OrderKey, Path, Value,
};

use super::fixture::*;
use super::{Place, reopen};
use crate::error::SaveSnapshotError;
use crate::storage::Storage;

fn content(number: i64) -> Document {
    let change = Change::Set {
        old: None,
        new: Some(Value::Int(number)),
    };
    let mut document = Document::new();
    document.apply(&Components::of_cell(ItemId::ROOT, Path::of(["n"]), change));
    document
}

async fn load(storage: &dyn Storage, at_most: Option<Revision>) -> Option<(Revision, Document)> {
    let stored = storage.load_snapshot(&document_id("d"), at_most).await;
    let stored = stored.expect("snapshots are read")?;
    assert_eq!(stored.document, document_id("d"));
    Some((stored.revision, stored.content))
}

/// The newest, or the newest that is old enough.
pub async fn the_newest_at_or_below_is_loaded(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 9)).await;
    for revision in [10, 5] {
        let saved = storage
            .save_snapshot(&snapshot("d", revision, content(5)))
            .await;
        saved.expect("it is stored");
    }
    let storage = reopen(place, storage).await;
    let revision = async |at_most| load(&*storage, at_most).await.map(|(revision, _)| revision);
    assert_eq!(revision(None).await, Some(10));
    assert_eq!(revision(Some(u64::MAX)).await, Some(10));
    assert_eq!(revision(Some(10)).await, Some(10));
    assert_eq!(revision(Some(9)).await, Some(5));
    assert_eq!(revision(Some(4)).await, Some(1));
    assert_eq!(revision(Some(0)).await, None);
}

/// Storing a revision again is no error.
pub async fn a_snapshot_may_be_replaced(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    for number in [7, 8] {
        let saved = storage
            .save_snapshot(&snapshot("d", 1, content(number)))
            .await;
        saved.expect("it is stored");
    }
    assert_eq!(load(&*storage, None).await, Some((1, content(8))));
}

/// A snapshot never says more than the log.
pub async fn a_snapshot_ahead_of_the_log_is_refused(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let saved = storage.save_snapshot(&snapshot("d", 2, content(2))).await;
    assert!(
        matches!(saved, Err(SaveSnapshotError::Ahead { head: 1 })),
        "{saved:?}"
    );
    assert_eq!(
        load(&*storage, None).await.map(|(revision, _)| revision),
        Some(1)
    );
}

/// Lists, deleted items, numbers and text come back as they were.
pub async fn every_kind_of_content_comes_back(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let list = ListId::new(0, 3);
    let item = |value, location| Item { value, location };
    let keys: Vec<_> = OrderKey::sequence().take(2).collect();
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::Int(-9_007_199_254_740_991),
        Value::Float(0.1 + 0.2),
        Value::Str("\u{0}😀\"".into()),
        Value::map(),
    ];
    let mut items: Vec<_> = values
        .into_iter()
        .zip(10_u64..)
        .map(|(value, id)| {
            (
                ItemId::from(id),
                item(value, Location::At(list, keys[0].clone())),
            )
        })
        .collect();
    items.push((ItemId::ROOT, item(Value::List(list), Location::Trash)));
    items.push((ItemId::new(7, 1), item(Value::Int(1), Location::Trash)));
    items.push((
        ItemId::new(7, 2),
        item(
            Value::Int(2),
            Location::At(ListId::new(9, 9), keys[1].clone()),
        ),
    ));
    let document = Document::from_items(items);
    let saved = storage
        .save_snapshot(&snapshot("d", 1, document.clone()))
        .await;
    saved.expect("it is stored");
    let storage = reopen(place, storage).await;
    assert_eq!(load(&*storage, None).await, Some((1, document)));
}
