//! What every backend promises, as tests. Feature `contract`.
//!
//! A backend implements [`Place`] for somewhere its data can be, and calls
//! [`contract_suite!`](crate::contract_suite) in a test module with an expression that makes a fresh one.
//!
//! Not here: failures of a device. Each backend shows those in its own way.

use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;

use crate::storage::Storage;

pub mod append;
pub mod catalogue;
pub mod clients;
pub mod documents;
pub mod fixture;
pub mod policies;
pub mod snapshots;

/// Somewhere that data outlives the [`Storage`] that wrote it.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens what is there. The one opened before is closed by then.
    async fn open(&self) -> Arc<dyn Storage>;
}

/// Closes `storage` and opens the same place again.
async fn reopen(place: &dyn Place, storage: Arc<dyn Storage>) -> Arc<dyn Storage> {
    storage.close().await;
    drop(storage);
    place.open().await
}

/// Runs one case to its end.
pub fn block_on<T>(case: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(case)
}

/// One `#[test]` per case of the contract. `$place` makes a fresh, empty [`Place`](crate::contract::Place) each time.
#[macro_export]
macro_rules! contract_suite {
    ($place:expr) => {
        $crate::contract_suite! {@ $place;
            append::runs_follow_each_other
            append::entries_come_back_as_they_were
            append::reading_stops_at_the_limit
            append::a_taken_revision_is_refused
            append::a_gap_is_refused
            append::uneven_and_repeating_runs_are_refused
            append::a_known_operation_is_refused
            append::another_payload_under_a_known_id_is_a_conflict
            append::one_bad_run_does_not_fail_the_others
            append::runs_of_one_document_take_effect_in_order
            append::a_refused_run_leaves_nothing
            append::concurrent_appends_give_each_revision_once
            append::a_resend_from_many_sides_is_committed_once
            append::operations_are_found
            documents::a_new_document_has_one_entry_and_one_snapshot
            documents::an_identifier_is_used_once
            documents::the_first_entry_is_at_revision_one
            documents::heads_of_many
            documents::a_deleted_document_is_absent
            documents::what_never_was_is_absent
            documents::everything_is_kept
            documents::a_closed_storage_is_unavailable
            snapshots::the_newest_at_or_below_is_loaded
            snapshots::a_snapshot_may_be_replaced
            snapshots::a_snapshot_ahead_of_the_log_is_refused
            snapshots::every_kind_of_content_comes_back
            clients::numbers_are_given_once
            clients::numbers_differ_under_concurrency
            clients::a_client_belongs_to_one_user
            clients::the_last_sequence_is_the_highest_committed
            catalogue::an_append_brings_its_catalogue
            catalogue::a_refused_run_keeps_the_catalogue
            catalogue::the_last_change_comes_first
            catalogue::a_search_finds_words_in_any_case
            catalogue::the_list_has_a_limit
            catalogue::the_catalogue_can_be_replaced
            catalogue::names_are_the_last_ones_told
            policies::they_are_kept_in_their_order
            policies::other_ones_replace_them
            policies::a_document_has_none_at_first_and_none_at_last
        }
    };
    (@ $place:expr; $($module:ident :: $case:ident)*) => {$(
        #[test]
        fn $case() {
            $crate::contract::block_on(async {
                let place = $place;
                $crate::contract::$module::$case(&place).await;
            });
        }
    )*};
}
