//! Group commit over commits that are made up.

use std::sync::Mutex;
use std::time::Duration;

use coboard_protocol::ot::{Change, Components, ItemId, Path, Value};
use coboard_protocol::{LogEntry, Meta, OperationId};
use tokio::sync::Semaphore;

use super::*;
use crate::contract::block_on;
use crate::limits::{BATCH_BYTES_MAX, BATCH_OPERATIONS_MAX};

fn run(document: &str, operations: u64, text_bytes: usize) -> Run {
    let change = Change::Set {
        old: None,
        new: Some(Value::Str("x".repeat(text_bytes).into())),
    };
    let entry = |revision| LogEntry {
        id: OperationId {
            client: "c".try_into().unwrap(),
            sequence: revision,
        },
        revision,
        components: Components::of_cell(ItemId::ROOT, Path::of(["n"]), change.clone()),
        meta: Meta::default(),
        author: "u".try_into().unwrap(),
        server_time_ms: 0,
        conflicts: Vec::new(),
    };
    Run {
        document: document.try_into().unwrap(),
        head: 0,
        entries: (1..=operations).map(entry).collect(),
        fingerprints: vec![0; operations as usize],
        catalogue: None,
    }
}

/// A commit that waits for a permit each time and notes how many runs it got.
#[derive(Clone)]
struct Gate {
    permits: Arc<Semaphore>,
    batches: Arc<Mutex<Vec<usize>>>,
}

impl Gate {
    fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(0)),
            batches: Arc::default(),
        }
    }

    fn group_commit(
        &self,
        result: impl Fn(&Run) -> Result<(), AppendError> + Clone + Send + 'static,
    ) -> GroupCommit {
        let gate = self.clone();
        GroupCommit::over(move |runs| {
            let (gate, result) = (gate.clone(), result.clone());
            async move {
                gate.batches.lock().unwrap().push(runs.len());
                gate.permits.acquire().await.unwrap().forget();
                runs.iter().map(result).collect()
            }
        })
    }

    /// Waits until the first commit has begun.
    async fn begun(&self) {
        while self.batches.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn batches(&self) -> Vec<usize> {
        self.batches.lock().unwrap().clone()
    }
}

/// Starts one commit and lets `runs` arrive while it runs. The results are those of `runs`.
async fn behind_a_commit(
    gate: &Gate,
    group_commit: &GroupCommit,
    runs: Vec<Run>,
) -> Vec<Result<(), AppendError>> {
    let first = tokio::spawn({
        let group_commit = group_commit.clone();
        async move { group_commit.append(run("first", 1, 1)).await }
    });
    gate.begun().await;
    let mut waiting = Vec::new();
    for (count, run) in (1..).zip(runs) {
        let group_commit = group_commit.clone();
        let queue = group_commit.queue.clone();
        waiting.push(tokio::spawn(async move { group_commit.append(run).await }));
        while queue.max_capacity() - queue.capacity() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    gate.permits.add_permits(1_000);
    first.await.unwrap().ok();
    let mut results = Vec::new();
    for waiting in waiting {
        results.push(waiting.await.unwrap());
    }
    results
}

#[test]
fn a_batch_is_what_arrived_during_the_last_commit() {
    block_on(async {
        let gate = Gate::new();
        let group_commit = gate.group_commit(|_| Ok(()));
        let runs = (0..50).map(|n| run(&format!("d{n}"), 2, 10)).collect();
        let results = behind_a_commit(&gate, &group_commit, runs).await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(gate.batches(), [1, 50]);
    });
}

#[test]
fn a_lone_run_waits_for_nobody() {
    block_on(async {
        let gate = Gate::new();
        gate.permits.add_permits(10);
        let group_commit = gate.group_commit(|_| Ok(()));
        for _ in 0..3 {
            group_commit.append(run("d", 1, 1)).await.unwrap();
        }
        assert_eq!(gate.batches(), [1, 1, 1]);
    });
}

#[test]
fn a_batch_has_limits() {
    block_on(async {
        let gate = Gate::new();
        let group_commit = gate.group_commit(|_| Ok(()));
        let half = BATCH_OPERATIONS_MAX as u64 / 2;
        let runs = vec![
            run("a", half, 1),
            run("b", half, 1),
            run("c", half, 1),
            run("big", 1, BATCH_BYTES_MAX + 1),
            run("d", 1, BATCH_BYTES_MAX / 2),
            run("e", 1, BATCH_BYTES_MAX / 2),
            run("f", 1, 1),
        ];
        let results = behind_a_commit(&gate, &group_commit, runs).await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(gate.batches(), [1, 2, 1, 1, 1, 2]);
    });
}

#[test]
fn everybody_gets_their_own_answer() {
    block_on(async {
        let gate = Gate::new();
        let group_commit = gate.group_commit(|run| match run.document.as_str() {
            "bad" => Err(AppendError::RevisionTaken { head: 7 }),
            "full" => Err(AppendError::Full),
            _ => Ok(()),
        });
        let runs = ["a", "bad", "b", "full"].map(|document| run(document, 1, 1));
        let results = behind_a_commit(&gate, &group_commit, runs.into()).await;
        assert!(
            matches!(
                results[..],
                [
                    Ok(()),
                    Err(AppendError::RevisionTaken { head: 7 }),
                    Ok(()),
                    Err(AppendError::Full)
                ]
            ),
            "{results:?}"
        );
    });
}

#[test]
fn after_a_failure_of_the_device_nothing_is_appended() {
    block_on(async {
        let gate = Gate::new();
        let group_commit = gate.group_commit(|_| Err(AppendError::Fatal(Arc::new(Ended))));
        let waiting = tokio::spawn({
            let group_commit = group_commit.clone();
            async move { group_commit.fatal().await }
        });
        let runs = vec![run("a", 1, 1), run("b", 1, 1)];
        let results = behind_a_commit(&gate, &group_commit, runs).await;
        assert!(
            results
                .iter()
                .all(|result| matches!(result, Err(AppendError::Fatal(_)))),
            "{results:?}"
        );
        waiting.await.unwrap();
        let later = group_commit.append(run("c", 1, 1)).await;
        assert!(matches!(later, Err(AppendError::Fatal(_))), "{later:?}");
        // Only the commit that failed: neither what waited behind it nor what came later.
        assert_eq!(gate.batches(), [1]);
    });
}

#[test]
fn a_panic_underneath_is_fatal() {
    block_on(async {
        let group_commit = GroupCommit::over(|_| async { panic!("of this test") });
        let result = group_commit.append(run("a", 1, 1)).await;
        assert!(matches!(result, Err(AppendError::Fatal(_))), "{result:?}");
        group_commit.fatal().await;
    });
}

#[test]
fn close_commits_what_waits() {
    block_on(async {
        let gate = Gate::new();
        let group_commit = gate.group_commit(|_| Ok(()));
        let closing = tokio::spawn({
            let (gate, group_commit) = (gate.clone(), group_commit.clone());
            async move {
                gate.begun().await;
                group_commit.close().await;
                gate.batches()
            }
        });
        let results = behind_a_commit(&gate, &group_commit, vec![run("a", 1, 1)]).await;
        // Whichever of the two came first, the run was answered, and by a commit if it was taken.
        let batches = closing.await.unwrap();
        match &results[..] {
            [Ok(())] => assert_eq!(batches, [1, 1]),
            [Err(AppendError::Unavailable(_))] => assert_eq!(batches, [1]),
            _ => panic!("{results:?}"),
        }
        let later = group_commit.append(run("b", 1, 1)).await;
        assert!(
            matches!(later, Err(AppendError::Unavailable(_))),
            "{later:?}"
        );
        let nothing = tokio::time::timeout(Duration::from_millis(20), group_commit.fatal()).await;
        assert!(nothing.is_err(), "an ordinary end is no failure");
    });
}
