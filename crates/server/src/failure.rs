//! The end of storage: recorded once, by whoever comes upon it first.

use std::error::Error;
use std::sync::OnceLock;

use tokio_util::sync::CancellationToken;

/// Whether storage has failed for good, and how. The process must end then: what is on the device is
/// not known.
#[derive(Default)]
pub(crate) struct Failure {
    cause: OnceLock<String>,
    recorded: CancellationToken,
}

impl Failure {
    /// Records that storage failed for good. The first cause stays.
    pub(crate) fn record(&self, error: &dyn Error) {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        if self.cause.set(text).is_ok() {
            self.recorded.cancel();
        }
    }

    /// Waits until something is recorded; for ever if nothing is.
    pub(crate) async fn happened(&self) {
        self.recorded.cancelled().await;
    }

    /// Whether something is recorded.
    pub(crate) fn has_happened(&self) -> bool {
        self.recorded.is_cancelled()
    }

    /// What was recorded; empty if nothing was.
    pub(crate) fn cause(&self) -> String {
        self.cause.get().cloned().unwrap_or_default()
    }
}
