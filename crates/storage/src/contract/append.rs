//! The log: contiguous, each operation once, all of a run or nothing.

use std::collections::BTreeSet;

use coboard_protocol::ot::{
    self, Change, Components, ConflictKind, Intent, ItemId, Location, Path, Policy, Value, Winner,
};
use coboard_protocol::{Conflict, Kind, Meta, PolicyWord};

use super::fixture::*;
use super::{Place, reopen};
use crate::error::AppendError;
use crate::record::Found;

/// What was appended is read, in order.
pub async fn runs_follow_each_other(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 3)).await;
    append(&*storage, run("d", 4, "bob", 1, 1)).await;
    append(&*storage, run("d", 5, "bob", 2, 0)).await;
    assert_eq!(head(&*storage, "d").await, Some(5));
    let expected = [
        entry("ann", 1, 2),
        entry("ann", 2, 3),
        entry("ann", 3, 4),
        entry("bob", 1, 5),
    ];
    assert_eq!(log_since_1(&*storage, "d").await, expected);
}

/// Every field of an entry survives, also over a restart.
pub async fn entries_come_back_as_they_were(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let mut full = entry("ann", 1, 2);
    let text = "a\u{0}\u{2028}\"\\ 😀 ü";
    let set = |value| Change::Set {
        old: Some(Value::Str("$old".into())),
        new: Some(value),
    };
    full.components = Components::of_cell(
        ItemId::ROOT,
        Path::of(["a/b~c"]),
        set(Value::Str(text.into())),
    );
    full.meta = Meta {
        kind: Kind::Undo,
        label: Some(text.to_owned()),
        gesture: Some("g".to_owned()),
        undo_of: Some(operation_id("ann", u64::MAX >> 1)),
        atomic: true,
        policy: Some(PolicyWord(Policy::Manual)),
        client_time_ms: Some(1),
    };
    let record = ot::Conflict {
        kind: ConflictKind::LostWrite,
        item: ItemId::new(7, 9),
        path: Some(Path::of(["x"])),
        before: Intent::Absent,
        mine: Intent::Value(Value::Float(0.1 + 0.2)),
        theirs: Intent::Location(Location::Trash),
        winner: Winner::Theirs,
    };
    let conflict = |policy, operations| Conflict {
        record: record.clone(),
        policy,
        operations,
    };
    let met = [operation_id("ann", 1), operation_id("bob", 1 << 60)];
    full.conflicts = vec![
        conflict(Some(Policy::DeleteWins), Some(met)),
        conflict(None, None),
    ];
    let run = crate::record::Run {
        entries: vec![full.clone()],
        ..run("d", 1, "ann", 1, 1)
    };
    append(&*storage, run).await;
    assert_eq!(
        log_since_1(&*storage, "d").await,
        std::slice::from_ref(&full)
    );
    let storage = reopen(place, storage).await;
    assert_eq!(log_since_1(&*storage, "d").await, [full]);
}

/// A reader gets the oldest entries it lacks, as many as it wants.
pub async fn reading_stops_at_the_limit(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 10)).await;
    let revisions = async |since, limit| {
        let entries = storage.read_since(&document_id("d"), since, limit).await;
        let entries = entries.expect("the log is read");
        entries
            .iter()
            .map(|entry| entry.revision)
            .collect::<Vec<_>>()
    };
    assert_eq!(revisions(0, 2).await, [1, 2]);
    assert_eq!(revisions(4, 3).await, [5, 6, 7]);
    assert_eq!(revisions(9, usize::MAX).await, [10, 11]);
    assert!(revisions(11, 5).await.is_empty());
    assert!(revisions(u64::MAX, 5).await.is_empty());
    assert!(revisions(0, 0).await.is_empty());
}

/// Whoever appends behind the head, or beyond it, is told where the head is.
pub async fn a_taken_revision_is_refused(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 2)).await;
    for head in [0, 1, 2, 4, u64::from(u32::MAX)] {
        let results = storage.append(vec![run("d", head, "bob", 1, 1)]).await;
        assert!(
            matches!(results[..], [Err(AppendError::RevisionTaken { head: 3 })]),
            "{results:?}"
        );
    }
    assert_eq!(head(&*storage, "d").await, Some(3));
}

/// The log has no holes.
pub async fn a_gap_is_refused(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let mut gap = run("d", 1, "ann", 1, 3);
    gap.entries[2].revision = 5;
    let mut late = run("d", 1, "ann", 1, 1);
    late.entries[0].revision = 3;
    let results = storage.append(vec![gap, late]).await;
    assert!(
        matches!(
            results[..],
            [
                Err(AppendError::Gap {
                    expected: 4,
                    found: 5
                }),
                Err(AppendError::Gap {
                    expected: 2,
                    found: 3
                })
            ]
        ),
        "{results:?}"
    );
    assert_eq!(head(&*storage, "d").await, Some(1));
}

/// A run that contradicts itself is refused.
pub async fn uneven_and_repeating_runs_are_refused(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let mut uneven = run("d", 1, "ann", 1, 2);
    uneven.fingerprints.pop();
    let mut repeating = run("d", 1, "ann", 1, 2);
    repeating.entries[1].id = repeating.entries[0].id.clone();
    let results = storage.append(vec![uneven, repeating]).await;
    assert!(
        matches!(
            results[..],
            [
                Err(AppendError::Uneven {
                    entries: 2,
                    fingerprints: 1
                }),
                Err(AppendError::Repeated { .. })
            ]
        ),
        "{results:?}"
    );
    assert_eq!(head(&*storage, "d").await, Some(1));
}

/// A resend is told where its operation stands, whatever head it names, also after a restart.
pub async fn a_known_operation_is_refused(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 2)).await;
    let storage = reopen(place, storage).await;
    for head in [1, 2, 3] {
        let results = storage.append(vec![run("d", head, "ann", 2, 1)]).await;
        let [Err(AppendError::OperationKnown { id, revision: 3 })] = &results[..] else {
            panic!("{results:?}");
        };
        assert_eq!(*id, operation_id("ann", 2));
    }
    assert_eq!(head(&*storage, "d").await, Some(3));
}

/// An id stands for one payload for ever.
pub async fn another_payload_under_a_known_id_is_a_conflict(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 1)).await;
    let mut other = run("d", 2, "ann", 1, 1);
    other.fingerprints[0] ^= 1 << 63;
    let results = storage.append(vec![other]).await;
    let [Err(AppendError::OperationConflict { id })] = &results[..] else {
        panic!("{results:?}");
    };
    assert_eq!(*id, operation_id("ann", 1));
    // Identifiers are of a document: the same one in another is something else.
    create(&*storage, "e").await;
    append(&*storage, run("e", 1, "ann", 1, 1)).await;
}

/// Rooms that share a transaction do not share their mistakes.
pub async fn one_bad_run_does_not_fail_the_others(place: &dyn Place) {
    let storage = place.open().await;
    for id in ["a", "b", "c"] {
        create(&*storage, id).await;
    }
    let runs = vec![
        run("a", 1, "ann", 1, 2),
        run("b", 7, "ann", 1, 1),
        run("none", 0, "ann", 1, 1),
        run("c", 1, "ann", 1, 1),
    ];
    let results = storage.append(runs).await;
    assert!(
        matches!(
            results[..],
            [
                Ok(()),
                Err(AppendError::RevisionTaken { head: 1 }),
                Err(AppendError::Deleted),
                Ok(())
            ]
        ),
        "{results:?}"
    );
    let storage = reopen(place, storage).await;
    assert_eq!(head(&*storage, "a").await, Some(3));
    assert_eq!(head(&*storage, "b").await, Some(1));
    assert_eq!(head(&*storage, "c").await, Some(2));
    assert_eq!(head(&*storage, "none").await, None);
}

/// Later runs of a transaction see the earlier ones.
pub async fn runs_of_one_document_take_effect_in_order(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let runs = vec![
        run("d", 1, "ann", 1, 2),
        run("d", 3, "ann", 3, 1),
        run("d", 1, "bob", 1, 1),
        run("d", 4, "ann", 1, 1),
    ];
    let results = storage.append(runs).await;
    assert!(
        matches!(
            results[..],
            [
                Ok(()),
                Ok(()),
                Err(AppendError::RevisionTaken { head: 4 }),
                Err(AppendError::OperationKnown { revision: 2, .. })
            ]
        ),
        "{results:?}"
    );
    assert_eq!(log_since_1(&*storage, "d").await.len(), 3);
}

/// All of a run or nothing: the last operation of the run is the bad one.
pub async fn a_refused_run_leaves_nothing(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 5, 1)).await;
    let results = storage.append(vec![run("d", 2, "ann", 3, 3)]).await;
    assert!(
        matches!(
            results[..],
            [Err(AppendError::OperationKnown { revision: 2, .. })]
        ),
        "{results:?}"
    );
    let ids: Vec<_> = (3..=5)
        .map(|sequence| operation_id("ann", sequence))
        .collect();
    let found = storage.find_operations(&document_id("d"), &ids).await;
    assert_eq!(found.expect("operations are found").len(), 1);
    assert_eq!(log_since_1(&*storage, "d").await, [entry("ann", 5, 2)]);
    append(&*storage, run("d", 2, "ann", 3, 2)).await;
}

/// Many writers of one document: every revision goes to exactly one of them.
pub async fn concurrent_appends_give_each_revision_once(place: &dyn Place) {
    const WRITERS: u64 = 6;
    const OPERATIONS: u64 = 20;
    let storage = place.open().await;
    create(&*storage, "d").await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let storage = storage.clone();
            tokio::spawn(async move {
                let (client, mut head) = (format!("c{writer}"), 1);
                for sequence in 1..=OPERATIONS {
                    loop {
                        let mut results = storage
                            .append(vec![run("d", head, &client, sequence, 1)])
                            .await;
                        match results.remove(0) {
                            Ok(()) => break head += 1,
                            Err(AppendError::RevisionTaken { head: taken }) => head = taken,
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("the writer ends");
    }
    let log = log_since_1(&*storage, "d").await;
    let revisions: Vec<_> = log.iter().map(|entry| entry.revision).collect();
    assert_eq!(
        revisions,
        (2..=1 + WRITERS * OPERATIONS).collect::<Vec<_>>()
    );
    let ids: BTreeSet<_> = log.iter().map(|entry| &entry.id).collect();
    assert_eq!(ids.len() as u64, WRITERS * OPERATIONS);
}

/// One operation sent over many ways at once is in the log once, and every way learns where.
pub async fn a_resend_from_many_sides_is_committed_once(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    let sides: Vec<_> = (0..8)
        .map(|_| {
            let storage = storage.clone();
            tokio::spawn(async move {
                storage
                    .append(vec![run("d", 1, "ann", 1, 1)])
                    .await
                    .remove(0)
            })
        })
        .collect();
    let mut committed = 0;
    for side in sides {
        match side.await.expect("the sender ends") {
            Ok(()) => committed += 1,
            Err(AppendError::OperationKnown { revision, .. }) => assert_eq!(revision, 2),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(committed, 1);
    assert_eq!(log_since_1(&*storage, "d").await.len(), 1);
}

/// Known operations are found with what identifies their payload; unknown ones are left out.
pub async fn operations_are_found(place: &dyn Place) {
    let storage = place.open().await;
    create(&*storage, "d").await;
    append(&*storage, run("d", 1, "ann", 1, 3)).await;
    let storage = reopen(place, storage).await;
    let (first, third) = (operation_id("ann", 1), operation_id("ann", 3));
    let ids = [
        third.clone(),
        operation_id("ann", 4),
        operation_id("bob", 1),
        first.clone(),
    ];
    let found = storage.find_operations(&document_id("d"), &ids).await;
    let expected = |id: coboard_protocol::OperationId, revision| Found {
        fingerprint: fingerprint(&id),
        id,
        revision,
    };
    assert_eq!(
        found.expect("operations are found"),
        [expected(third, 4), expected(first, 2)]
    );
}
