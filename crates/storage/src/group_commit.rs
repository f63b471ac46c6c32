//! Joins the appends of all rooms: one flush of the disk serves everybody who waits for it.

use std::future::{Future, pending};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use crate::error::{AppendError, Cause};
use crate::limits::QUEUE_RUNS_MAX;
use crate::record::Run;
use crate::storage::Storage;

mod batch;

use batch::{Batch, Waiting};

/// Appends runs of many documents in common transactions.
///
/// There is no timer: a batch is what arrived while the previous commit ran, so a lone run waits for
/// nobody, and batches grow with the load. Clones share one queue. The work ends when the last clone is
/// dropped; what was queued is committed before.
///
/// After a failure of the device nothing is appended any more, [`fatal`](Self::fatal) resolves, and the process
/// has to end: what is on the disk is known again only after a start from it.
#[derive(Clone, Debug)]
pub struct GroupCommit {
    queue: mpsc::Sender<Message>,
    failure: watch::Receiver<Option<Cause>>,
}

/// Group commit takes no runs any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("group commit has ended")]
struct Ended;

enum Message {
    Append(Waiting),
    /// Answered when everything that was queued is committed.
    Close(oneshot::Sender<()>),
}

impl GroupCommit {
    /// Starts group commit above `storage`, as a task of the current runtime.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self::over(move |runs| {
            let storage = storage.clone();
            async move { storage.append(runs).await }
        })
    }

    /// The same above any way to commit.
    fn over<C, F>(commit: C) -> Self
    where
        C: FnMut(Vec<Run>) -> F + Send + 'static,
        F: Future<Output = Vec<Result<(), AppendError>>> + Send + 'static,
    {
        let (queue, receiver) = mpsc::channel(QUEUE_RUNS_MAX);
        let (failed, failure) = watch::channel(None);
        let worker = Worker {
            queue: receiver,
            held: None,
            closing: Vec::new(),
            failed: failed.clone(),
            commit,
        };
        let task = tokio::spawn(worker.work());
        tokio::spawn(async move {
            // A panic of the backend leaves it unknown what was written: as bad as a failure of the device.
            if let Err(error) = task.await {
                failed.send_replace(Some(Arc::new(error)));
            }
        });
        Self { queue, failure }
    }

    /// Appends one run and waits until it is durable.
    ///
    /// A caller that stops waiting does not take its run back.
    ///
    /// # Errors
    /// Those of [`Storage::append`] for this run.
    pub async fn append(&self, run: Run) -> Result<(), AppendError> {
        let (answer, answered) = oneshot::channel();
        let message = Message::Append(Waiting::new(run, answer));
        if self.queue.send(message).await.is_err() {
            return Err(match self.failure() {
                Some(cause) => AppendError::Fatal(cause),
                None => AppendError::Unavailable(Arc::new(Ended)),
            });
        }
        // Taken but not answered: it may or may not be on the disk.
        let lost = |_| {
            Err(AppendError::Fatal(
                self.failure().unwrap_or_else(|| Arc::new(Ended)),
            ))
        };
        answered.await.unwrap_or_else(lost)
    }

    /// Waits until storage has failed for good, for ever if it does not.
    pub async fn fatal(&self) -> Cause {
        let mut failure = self.failure.clone();
        // Without a sender the work ended in order, and nothing can fail any more.
        let failed = failure.wait_for(Option::is_some).await;
        let cause = failed.ok().and_then(|cause| cause.clone());
        match cause {
            Some(cause) => cause,
            None => pending().await,
        }
    }

    /// Takes no further runs, commits those that wait, and answers when that is done.
    pub async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.queue.send(Message::Close(answer)).await.is_ok() {
            // Without an answer the task has ended, which is what was asked for.
            let _ = answered.await;
        }
    }

    fn failure(&self) -> Option<Cause> {
        self.failure.borrow().clone()
    }
}

/// The task behind [`GroupCommit`].
struct Worker<C> {
    queue: mpsc::Receiver<Message>,
    /// A run that no longer fitted into the last batch.
    held: Option<Waiting>,
    /// Answered by dropping them with the worker.
    closing: Vec<oneshot::Sender<()>>,
    failed: watch::Sender<Option<Cause>>,
    commit: C,
}

impl<C, F> Worker<C>
where
    C: FnMut(Vec<Run>) -> F + Send,
    F: Future<Output = Vec<Result<(), AppendError>>> + Send,
{
    async fn work(mut self) {
        while let Some(first) = self.first().await {
            let batch = self.gather(first);
            let failure = self.failed.borrow().clone();
            match failure {
                Some(cause) => batch.answer_all(&AppendError::Fatal(cause)),
                None => self.commit(batch).await,
            }
        }
    }

    /// The run that begins the next batch. `None` when no run can come any more.
    async fn first(&mut self) -> Option<Waiting> {
        if let Some(held) = self.held.take() {
            return Some(held);
        }
        loop {
            match self.queue.recv().await? {
                Message::Append(waiting) => return Some(waiting),
                Message::Close(answer) => self.begin_close(answer),
            }
        }
    }

    /// Everything that waits besides, as far as it fits.
    fn gather(&mut self, first: Waiting) -> Batch {
        let mut batch = Batch::of(first);
        while let Ok(message) = self.queue.try_recv() {
            match message {
                Message::Append(next) if batch.fits(&next) => batch.push(next),
                Message::Append(next) => {
                    self.held = Some(next);
                    break;
                }
                Message::Close(answer) => self.begin_close(answer),
            }
        }
        batch
    }

    fn begin_close(&mut self, answer: oneshot::Sender<()>) {
        self.queue.close();
        self.closing.push(answer);
    }

    async fn commit(&mut self, batch: Batch) {
        let (runs, answers) = batch.split();
        let results = (self.commit)(runs).await;
        let fatal = results.iter().find_map(|result| match result {
            Err(AppendError::Fatal(cause)) => Some(cause.clone()),
            Ok(())
            | Err(
                AppendError::RevisionTaken { .. }
                | AppendError::OperationKnown { .. }
                | AppendError::OperationConflict { .. }
                | AppendError::Gap { .. }
                | AppendError::Repeated { .. }
                | AppendError::Uneven { .. }
                | AppendError::Deleted
                | AppendError::Full
                | AppendError::Unavailable(_)
                | AppendError::UnknownResult(_),
            ) => None,
        });
        if let Some(cause) = fatal {
            // Before the answers: whoever gets one can already see why.
            self.failed.send_replace(Some(cause));
        }
        for (answer, result) in answers.into_iter().zip(results) {
            // Whoever stopped waiting does not need the answer.
            let _ = answer.send(result);
        }
    }
}

#[cfg(test)]
mod tests;
