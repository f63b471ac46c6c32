//! How long to wait before the next attempt to connect.

use std::time::Duration;

/// Waits that double from the first to the longest, each with jitter.
///
/// The default is that of a visible tab: 250 ms doubling to 5 s.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Backoff {
    /// The longest wait after the first failure.
    pub first: Duration,
    /// The longest wait of all.
    pub max: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            max: Duration::from_secs(5),
        }
    }
}

impl Backoff {
    /// The wait after `failures` failures in a row (1 is the first): between half of the full
    /// wait and all of it, by `random` in 0..1. Thousands of clients of one server that went
    /// down must not come back in the same moment.
    pub(crate) fn wait(&self, failures: u32, random: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(30);
        let full = self.first.saturating_mul(1 << doublings).min(self.max);
        full.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_at_least_half() {
        let backoff = Backoff::default();
        let ms = |failures, random| backoff.wait(failures, random).as_millis();
        assert_eq!((ms(1, 0.0), ms(1, 1.0)), (125, 250));
        assert_eq!((ms(2, 0.0), ms(2, 1.0)), (250, 500));
        assert_eq!(
            (ms(6, 1.0), ms(60, 1.0), ms(u32::MAX, 0.0)),
            (5_000, 5_000, 2_500)
        );
    }
}
