//! What goes into one transaction.

use std::io;

use tokio::sync::oneshot;

use crate::error::AppendError;
use crate::limits::{BATCH_BYTES_MAX, BATCH_OPERATIONS_MAX};
use crate::record::Run;

/// A run and who waits for it.
pub(super) struct Waiting {
    run: Run,
    bytes: usize,
    answer: Answer,
}

/// Where the answer for one run goes.
type Answer = oneshot::Sender<Result<(), AppendError>>;

impl Waiting {
    pub(super) fn new(run: Run, answer: Answer) -> Self {
        let bytes = encoded_bytes(&run);
        Self { run, bytes, answer }
    }
}

/// Runs for one transaction, in the order they came.
pub(super) struct Batch {
    waiting: Vec<Waiting>,
    operations: usize,
    bytes: usize,
}

impl Batch {
    /// A batch of one run, however large that is.
    pub(super) fn of(first: Waiting) -> Self {
        Self {
            operations: first.run.entries.len(),
            bytes: first.bytes,
            waiting: vec![first],
        }
    }

    pub(super) fn fits(&self, next: &Waiting) -> bool {
        self.operations + next.run.entries.len() <= BATCH_OPERATIONS_MAX
            && self.bytes + next.bytes <= BATCH_BYTES_MAX
    }

    pub(super) fn push(&mut self, next: Waiting) {
        self.operations += next.run.entries.len();
        self.bytes += next.bytes;
        self.waiting.push(next);
    }

    pub(super) fn split(self) -> (Vec<Run>, Vec<Answer>) {
        let waiting = self.waiting.into_iter();
        waiting.map(|waiting| (waiting.run, waiting.answer)).unzip()
    }

    pub(super) fn answer_all(self, error: &AppendError) {
        for waiting in self.waiting {
            // Whoever stopped waiting does not need the answer.
            let _ = waiting.answer.send(Err(error.clone()));
        }
    }
}

/// How long the entries are as JSON text.
fn encoded_bytes(run: &Run) -> usize {
    let mut count = Count(0);
    serde_json::to_writer(&mut count, &run.entries)
        .expect("an entry has a text and counting cannot fail");
    count.0
}

/// Counts what is written.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
