//! Connections that only read, on threads where waiting for the disk is allowed.

use std::path::Path;
use std::sync::{Arc, Mutex};

use coboard_storage::StorageError;
use rusqlite::{Connection, Transaction};
use tokio::sync::Semaphore;

use crate::connection::open_reader;
use crate::error::{Closed, Failure, JobError, ThreadLost};
use crate::limits::READERS_MAX;

/// A pool of connections, all open from the beginning.
#[derive(Debug)]
pub(crate) struct Readers {
    /// One permit for each connection.
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
    failure: Failure,
}

impl Readers {
    /// Opens all connections, and their files: a process that runs out of descriptors later has its
    /// database none the less. What cannot be opened counts as a failure of the device.
    ///
    /// # Errors
    /// Those of SQLite.
    pub(crate) fn open(path: &Path, failure: Failure) -> rusqlite::Result<Self> {
        // It reads the schema, by which the write-ahead log is opened as well.
        let idle = (0..READERS_MAX).map(|_| open_reader(path));
        let idle: rusqlite::Result<Vec<Connection>> = idle.collect();
        Ok(Self {
            permits: Arc::new(Semaphore::new(READERS_MAX)),
            idle: Arc::new(Mutex::new(idle?)),
            failure,
        })
    }

    /// Runs `job` in a transaction of its own: everything it reads is of one moment.
    pub(crate) async fn read<T, F>(&self, job: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, JobError> + Send + 'static,
    {
        self.failure.check()?;
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|_| StorageError::Unavailable(Arc::new(Closed)))?;
        let idle = self.idle.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let waiting = lock(&idle).pop();
            // A job that panicked took its connection along; this panic is then told as that one was.
            let mut connection = waiting.expect("whoever has a permit finds a connection");
            let result = connection
                .transaction()
                .map_err(JobError::from)
                .and_then(|transaction| job(&transaction));
            lock(&idle).push(connection);
            // Last: whoever gets the permit finds the connection.
            drop(permit);
            result
        });
        match reading.await {
            Ok(result) => result.map_err(|error| self.failure.judge(error)),
            Err(_) => Err(self.failure.fatal(Arc::new(ThreadLost))),
        }
    }

    /// Waits for the reads under way and closes the connections.
    pub(crate) async fn close(&self) {
        let all = u32::try_from(READERS_MAX).expect("a small limit");
        // An error means that it is closed already.
        let _all = self.permits.acquire_many(all).await;
        self.permits.close();
        lock(&self.idle).clear();
    }
}

fn lock(idle: &Mutex<Vec<Connection>>) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    idle.lock().expect("nothing panics while it holds the lock")
}
