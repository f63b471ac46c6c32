//! The clock of a client: milliseconds since 1970, anchored once and monotonic from then on.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use coboard_engine::Time;
use tokio::time::Instant;

/// A clock that never goes back, whatever happens to the wall clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    epoch: Duration,
}

impl Clock {
    /// Reads the wall clock for the only time.
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            epoch: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or(Duration::ZERO),
        }
    }

    /// Now, as the engine takes it.
    pub(crate) fn now(&self) -> Time {
        Time::from_ms(millis(self.epoch + self.started.elapsed()))
    }

    /// When a time of the engine comes, by the clock that timers wait for.
    pub(crate) fn instant(&self, time: Time) -> Instant {
        let after = time.as_ms().saturating_sub(millis(self.epoch));
        // A timer must not come a fraction of a millisecond before the time it stands for.
        self.started + Duration::from_millis(after.saturating_add(1))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
