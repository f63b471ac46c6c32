//! Client numbers: ids of items are made of them, so none is ever given twice.

use std::collections::BTreeSet;

use super::fixture::*;
use super::{Place, reopen};
use crate::error::AssignError;
use crate::record::Assigned;
use crate::storage::Storage;

async fn assign(storage: &dyn Storage, document: &str, client: &str) -> Assigned {
    let assigned = storage
        .assign_client(&document_id(document), &client_id(client), &user_id("ann"))
        .await;
    assigned.expect("a number is given")
}

/// From 1 on, per document, the same for the same client, also after a restart.
pub async fn numbers_are_given_once(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    create(&*storage, "e").await;
    assert_eq!(assign(&*storage, "d", "x").await.client_number, 1);
    assert_eq!(assign(&*storage, "d", "y").await.client_number, 2);
    assert_eq!(assign(&*storage, "d", "x").await.client_number, 1);
    assert_eq!(assign(&*storage, "e", "y").await.client_number, 1);
    let storage = reopen(place, storage).await;
    assert_eq!(assign(&*storage, "d", "z").await.client_number, 3);
    assert_eq!(assign(&*storage, "d", "y").await.client_number, 2);
}

/// Two clients that come at once get two numbers; one that comes twice gets one.
pub async fn numbers_differ_under_concurrency(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let asking: Vec<_> = (0..20)
        .map(|n| {
            let storage = storage.clone();
            tokio::spawn(async move {
                assign(&*storage, "d", &format!("c{}", n % 10))
                    .await
                    .client_number
            })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for asking in asking {
        numbers.insert(asking.await.expect("an answer comes"));
    }
    assert_eq!(numbers, (1..=10).collect());
}

/// Another user cannot take over a client.
pub async fn a_client_belongs_to_one_user(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    assign(&*storage, "d", "x").await;
    let storage = reopen(place, storage).await;
    let other = storage
        .assign_client(&document_id("d"), &client_id("x"), &user_id("bob"))
        .await;
    assert!(matches!(other, Err(AssignError::OtherUser)), "{other:?}");
    assert_eq!(assign(&*storage, "d", "x").await.client_number, 1);
}

/// A client that comes back learns where its sequence stands.
pub async fn the_last_sequence_is_the_highest_committed(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    create(&*storage, "e").await;
    assert_eq!(assign(&*storage, "d", "x").await.last_sequence, 0);
    append(&*storage, run("d", 1, "x", 1, 12)).await;
    append(&*storage, run("d", 13, "xx", 1, 30)).await;
    append(&*storage, run("e", 1, "x", 1, 20)).await;
    assert_eq!(assign(&*storage, "d", "x").await.last_sequence, 12);
    let refused = storage.append(vec![run("d", 5, "x", 13, 1)]).await;
    assert!(refused[0].is_err());
    let storage = reopen(place, storage).await;
    assert_eq!(assign(&*storage, "d", "x").await.last_sequence, 12);
    assert_eq!(assign(&*storage, "d", "w").await.last_sequence, 0);
}
