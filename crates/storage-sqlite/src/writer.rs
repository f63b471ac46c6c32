//! The one thread that writes.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use coboard_storage::StorageError;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::{Semaphore, oneshot};

use crate::error::{Closed, Failure, JobError, OpenError, ThreadLost};
use crate::limits::{BUSY_TIMEOUT, CHECKPOINT_WAIT, IDLE, WRITES_WAITING_MAX};
use crate::lock::Lock;
use crate::sql;

/// What the thread does next.
type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The way to the thread that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    /// `None` once closed.
    jobs: Mutex<Option<Sender<Job>>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    /// One permit for each job that may wait.
    permits: Arc<Semaphore>,
    failure: Failure,
}

impl Writer {
    /// Starts the thread. It holds `lock` until the connection is closed.
    pub(crate) fn start(
        connection: Connection,
        lock: Lock,
        failure: Failure,
    ) -> Result<Self, OpenError> {
        let (jobs, queue) = channel();
        let work = {
            let failure = failure.clone();
            move || {
                work(&connection, &queue, &failure);
                close(connection, &failure);
                drop(lock);
            }
        };
        let thread = thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(work);
        Ok(Self {
            jobs: Mutex::new(Some(jobs)),
            thread: Arc::new(Mutex::new(Some(thread.map_err(OpenError::Thread)?))),
            permits: Arc::new(Semaphore::new(WRITES_WAITING_MAX)),
            failure,
        })
    }

    /// Runs `job` in a transaction of its own and answers when that is durable.
    ///
    /// What `job` wrote is undone if it or the commit fails. A caller that stops waiting does not stop the job.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let closed = || StorageError::Unavailable(Arc::new(Closed));
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|_| self.failure.check().err().unwrap_or_else(closed))?;
        let (answer, answered) = oneshot::channel();
        let failure = self.failure.clone();
        let job = Box::new(move |connection: &Connection| {
            let result = failure
                .check()
                .and_then(|()| transact(connection, job, &failure));
            // Whoever stopped waiting does not need the answer.
            let _ = answer.send(result);
            drop(permit);
        });
        let sent = match &*self.jobs() {
            Some(jobs) => jobs
                .send(job)
                .map_err(|_| self.failure.fatal(Arc::new(ThreadLost))),
            None => Err(self.failure.check().err().unwrap_or_else(closed)),
        };
        sent?;
        let lost = |_| Err(self.failure.fatal(Arc::new(ThreadLost)));
        answered.await.unwrap_or_else(lost)
    }

    /// Takes no further jobs, finishes those that wait and closes the connection.
    pub(crate) async fn close(&self) {
        self.permits.close();
        drop(self.jobs().take());
        let thread = self.thread.clone();
        // A panic of the thread has been told to those who waited for it.
        let _ = tokio::task::spawn_blocking(move || join(&thread)).await;
    }

    fn jobs(&self) -> std::sync::MutexGuard<'_, Option<Sender<Job>>> {
        self.jobs
            .lock()
            .expect("nothing panics while it holds the lock")
    }
}

impl Drop for Writer {
    /// Waits for the jobs under way: the database can be opened again afterwards.
    fn drop(&mut self) {
        drop(self.jobs().take());
        join(&self.thread);
    }
}

/// Waits for the end of the thread; the second caller waits for the first.
fn join(thread: &Mutex<Option<JoinHandle<()>>>) {
    let mut thread = thread
        .lock()
        .expect("nothing panics while it holds the lock");
    if let Some(thread) = thread.take() {
        // A panic of the thread has been told to those who waited for it.
        let _ = thread.join();
    }
}

fn work(connection: &Connection, queue: &Receiver<Job>, failure: &Failure) {
    // What a killed process left in the write-ahead log is emptied as well.
    let mut is_dirty = true;
    loop {
        let job = if is_dirty {
            match queue.recv_timeout(IDLE) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    checkpoint(connection, failure);
                    is_dirty = false;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        } else {
            match queue.recv() {
                Ok(job) => job,
                Err(_) => return,
            }
        };
        job(connection);
        is_dirty = true;
    }
}

fn transact<T>(
    connection: &Connection,
    job: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    failure: &Failure,
) -> Result<T, StorageError> {
    let run = |sql| connection.prepare_cached(sql)?.execute([]);
    let result = run("BEGIN IMMEDIATE").and_then(|_| {
        let value = job(connection)?;
        run("COMMIT")?;
        Ok(value)
    });
    result.map_err(|error| {
        // Some errors have ended the transaction already.
        if !connection.is_autocommit()
            && let Err(error) = run("ROLLBACK")
        {
            return failure.fatal(Arc::new(error));
        }
        failure.judge(JobError::Sqlite(error))
    })
}

/// Empties the write-ahead log. It only grows for longer if readers are in the way.
fn checkpoint(connection: &Connection, failure: &Failure) {
    if failure.check().is_err() {
        return;
    }
    let emptied = connection
        .busy_timeout(CHECKPOINT_WAIT)
        .and_then(|()| connection.query_row(sql::CHECKPOINT, [], |_| Ok(())));
    // Also after an error: writes wait as long as ever.
    let restored = connection.busy_timeout(BUSY_TIMEOUT);
    if let Err(error) = emptied.and(restored) {
        // A full disk or a lock: later. Everything else is recorded, and the next write says so.
        failure.judge(JobError::Sqlite(error));
    }
}

/// After a failure the device is left as it is, for the next start to read.
fn close(connection: Connection, failure: &Failure) {
    checkpoint(&connection, failure);
    if failure.check().is_err()
        && let Err(error) =
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
    {
        // Then SQLite empties the log while it closes, of what was committed before the failure.
        failure.judge(JobError::Sqlite(error));
    }
    // An error leaves the work of closing to the next opening, which does it anyway.
    let _ = connection.close();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::open_writer;

    #[test]
    fn after_a_failed_checkpoint_writes_wait_as_long_as_ever() {
        let directory = tempfile::tempdir().unwrap();
        let connection = open_writer(&directory.path().join("coboard.db")).unwrap();
        // A checkpoint inside of a write is refused.
        let begin = "CREATE TABLE t (n INTEGER); BEGIN IMMEDIATE; INSERT INTO t VALUES (1);";
        connection.execute_batch(begin).unwrap();
        let refused = connection.query_row(sql::CHECKPOINT, [], |_| Ok(()));
        assert!(refused.is_err());
        let failure = Failure::default();
        checkpoint(&connection, &failure);
        let timeout: i64 = connection
            .pragma_query_value(None, "busy_timeout", |row| row.get(0))
            .unwrap();
        assert_eq!(u128::try_from(timeout).unwrap(), BUSY_TIMEOUT.as_millis());
        assert!(failure.check().is_ok(), "a lock passes");
    }
}
