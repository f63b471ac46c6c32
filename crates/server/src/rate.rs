//! Token buckets, one per user and kind of request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use coboard_protocol::UserId;

/// How often the table forgets full buckets.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// How fast a bucket fills, and how much it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// Tokens per second.
    pub(crate) per_second: u32,
    /// Tokens of a full bucket.
    pub(crate) burst: u32,
}

/// One bucket. It starts full.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self {
            tokens: f64::from(rate.burst),
            filled_at: now,
        }
    }

    /// Takes `count` tokens, or says how long to wait until they are there.
    pub(crate) fn take(&mut self, rate: Rate, count: u32, now: Instant) -> Result<(), Duration> {
        self.fill(rate, now);
        let missing = f64::from(count.min(rate.burst)) - self.tokens;
        if missing > 0.0 {
            return Err(Duration::from_secs_f64(
                missing / f64::from(rate.per_second),
            ));
        }
        self.tokens -= f64::from(count.min(rate.burst));
        Ok(())
    }

    fn fill(&mut self, rate: Rate, now: Instant) {
        let seconds = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.filled_at = now;
        self.tokens =
            (self.tokens + seconds * f64::from(rate.per_second)).min(f64::from(rate.burst));
    }
}

/// The buckets of all users for one kind of request.
#[derive(Debug)]
pub(crate) struct UserBuckets {
    rate: Rate,
    table: Mutex<Table>,
}

#[derive(Debug)]
struct Table {
    buckets: HashMap<UserId, Bucket>,
    swept_at: Instant,
}

impl UserBuckets {
    /// Buckets of this rate, none yet.
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            rate,
            table: Mutex::new(Table {
                buckets: HashMap::new(),
                swept_at: Instant::now(),
            }),
        }
    }

    /// Takes `count` tokens of `user`, or says how long to wait.
    pub(crate) fn take(&self, user: &UserId, count: u32) -> Result<(), Duration> {
        let now = Instant::now();
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_duration_since(table.swept_at) > SWEEP_EVERY {
            table.swept_at = now;
            let rate = self.rate;
            table.buckets.retain(|_, bucket| {
                bucket.fill(rate, now);
                bucket.tokens < f64::from(rate.burst)
            });
        }
        table
            .buckets
            .entry(user.clone())
            .or_insert_with(|| Bucket::full(self.rate, now))
            .take(self.rate, count, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let rate = Rate {
            per_second: 10,
            burst: 20,
        };
        let start = Instant::now();
        let mut bucket = Bucket::full(rate, start);
        assert_eq!(bucket.take(rate, 20, start), Ok(()));
        assert_eq!(bucket.take(rate, 1, start), Err(Duration::from_millis(100)));
        let later = start + Duration::from_millis(100);
        assert_eq!(bucket.take(rate, 1, later), Ok(()));
        assert!(bucket.take(rate, 1, later).is_err());
    }

    #[test]
    fn one_user_does_not_use_up_the_tokens_of_another() {
        let buckets = UserBuckets::new(Rate {
            per_second: 1,
            burst: 1,
        });
        let user = |id: &str| UserId::try_from(id).expect("it is legal");
        assert!(buckets.take(&user("a"), 1).is_ok());
        assert!(buckets.take(&user("a"), 1).is_err());
        assert!(buckets.take(&user("b"), 1).is_ok());
    }
}
