//! The clock of the server: milliseconds since 1970, anchored once and monotonic from then on.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use coboard_engine::Time;

/// A clock that never goes back, whatever happens to the wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    epoch_ms: u64,
}

impl Clock {
    /// Reads the wall clock for the only time.
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self {
            started: Instant::now(),
            epoch_ms: millis(since_epoch),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        self.epoch_ms.saturating_add(millis(self.started.elapsed()))
    }

    /// The same as the engine takes it.
    pub(crate) fn now(&self) -> Time {
        Time::from_ms(self.now_ms())
    }

    /// When a time of the engine comes, by the clock that timers wait for.
    pub(crate) fn instant(&self, time: Time) -> tokio::time::Instant {
        let after = Duration::from_millis(time.as_ms().saturating_sub(self.epoch_ms));
        tokio::time::Instant::from_std(self.started + after)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
