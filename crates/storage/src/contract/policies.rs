//! Policies stand beside the document: they change without it and are gone with it.

use coboard_protocol::PathPolicy;
use coboard_protocol::ot::{PathPattern, Policy};

use super::fixture::*;
use super::{Place, reopen};
use crate::storage::Storage;

fn rule(path: &str, policy: Policy) -> PathPolicy {
    let path = PathPattern::parse(path).expect("a pattern");
    PathPolicy { path, policy }
}

async fn policies(storage: &dyn Storage, document: &str) -> Vec<PathPolicy> {
    let policies = storage.policies(&document_id(document)).await;
    policies.expect("policies are read")
}

async fn save(storage: &dyn Storage, document: &str, policies: &[PathPolicy]) -> bool {
    let saved = storage
        .save_policies(&document_id(document), policies)
        .await;
    saved.expect("it is stored")
}

/// The first that matches decides, so the order counts. Every policy comes back.
pub async fn they_are_kept_in_their_order(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    create(&*storage, "other").await;
    let rules = [
        rule("/z/**", Policy::First),
        rule("/a~1\"%_\u{e4}/*", Policy::Manual),
        rule("/z/**", Policy::Reject),
        rule("/b", Policy::DeleteWins),
        rule("/c", Policy::Bounce),
        rule("/d", Policy::Max),
        rule("/e", Policy::Min),
        rule("/f", Policy::Lww),
    ];
    assert!(save(&*storage, "d", &rules).await);
    let storage = reopen(place, storage).await;
    assert_eq!(policies(&*storage, "d").await, rules);
    assert_eq!(policies(&*storage, "other").await, []);
    let row = dashboard(&*storage, "d").await.expect("it is listed");
    assert_eq!((row.revision, row.updated_at_ms), (1, 1_000));
}

/// All of them at once, also by none.
pub async fn other_ones_replace_them(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let (one, other) = ([rule("/a", Policy::First)], [rule("/b", Policy::Max)]);
    for rules in [&one[..], &other, &[], &one] {
        assert!(save(&*storage, "d", rules).await);
        assert_eq!(policies(&*storage, "d").await, rules);
    }
}

/// What is not there has no policies and gets none.
pub async fn a_document_has_none_at_first_and_none_at_last(place: &dyn Place) {
    let storage = place.open().await;
    let rules = [rule("/a", Policy::First)];
    assert!(!save(&*storage, "d", &rules).await);
    create(&*storage, "d").await;
    assert_eq!(policies(&*storage, "d").await, []);
    assert!(save(&*storage, "d", &rules).await);
    let deleted = storage
        .delete_document(&document_id("d"), &user("ann", "Ann"), 5_000)
        .await;
    assert!(deleted.expect("it is deleted"));
    assert_eq!(policies(&*storage, "d").await, []);
    assert!(!save(&*storage, "d", &rules).await);
}
