//! What all people of a room write to, and what a process used.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::ops::AddAssign;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Ticks of the times in `/proc`, per second: so on every Linux that is.
const TICKS_PER_SECOND: f64 = 100.0;

/// What all people of a room write to.
#[derive(Default)]
pub(super) struct Shared {
    presence: AtomicBool,
    measuring: AtomicBool,
    messages: AtomicUsize,
    bytes: AtomicUsize,
    times: Mutex<Times>,
}

#[derive(Default)]
struct Times {
    /// When each operation of a measured stretch was sent, and whether with presence.
    sent: HashMap<(String, u64), (Instant, bool)>,
    /// In microseconds, without and with presence.
    acks: [Vec<u32>; 2],
    seen: [Vec<u32>; 2],
}

/// Sorted times in microseconds.
pub(super) struct Spread(Vec<u32>);

/// Time that a process computed, and time that passed.
#[derive(Clone, Copy, Default)]
pub(super) struct Cpu {
    used: f64,
    passed: f64,
}

pub(super) fn share(shared: &Arc<Shared>) -> Arc<Shared> {
    Arc::clone(shared)
}

impl Shared {
    pub(super) fn set_presence(&self, on: bool) {
        self.presence.store(on, Ordering::Relaxed);
    }

    pub(super) fn has_presence(&self) -> bool {
        self.presence.load(Ordering::Relaxed)
    }

    pub(super) fn measure(&self, on: bool) {
        self.measuring.store(on, Ordering::Relaxed);
    }

    pub(super) fn heard(&self, bytes: usize) {
        if self.is_measuring() {
            self.messages.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// Messages and bytes since they were cleared.
    pub(super) fn traffic(&self) -> (usize, usize) {
        let all = [&self.messages, &self.bytes].map(|it| it.load(Ordering::Relaxed));
        (all[0], all[1])
    }

    pub(super) fn clear_traffic(&self) {
        self.messages.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }

    pub(super) fn sent(&self, client: &str, sequence: u64, at: Instant) {
        if self.is_measuring() {
            let presence = self.has_presence();
            let key = (client.to_owned(), sequence);
            self.lock().sent.insert(key, (at, presence));
        }
    }

    pub(super) fn acked(&self, took: Duration) {
        if self.is_measuring() {
            let presence = usize::from(self.has_presence());
            self.lock().acks[presence].push(micros(took));
        }
    }

    /// Somebody else saw an operation.
    pub(super) fn saw(&self, client: &str, sequence: u64) {
        let now = Instant::now();
        let mut times = self.lock();
        let key = (client.to_owned(), sequence);
        if let Some((at, presence)) = times.sent.get(&key).copied() {
            times.seen[usize::from(presence)].push(micros(now - at));
        }
    }

    /// Until operations were acknowledged, without and with presence.
    pub(super) fn acks(&self) -> [Spread; 2] {
        self.lock().acks.clone().map(Spread::new)
    }

    /// Until others saw them.
    pub(super) fn seen(&self) -> [Spread; 2] {
        self.lock().seen.clone().map(Spread::new)
    }

    fn is_measuring(&self) -> bool {
        self.measuring.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Spread {
    fn new(mut times: Vec<u32>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub(super) fn p99_ms(&self) -> f64 {
        self.at(0.99)
    }

    fn at(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let index = (last as f64 * part).round() as usize;
        self.0
            .get(index)
            .map_or(f64::NAN, |it| f64::from(*it) / 1_000.0)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, all] = [0.5, 0.99, 1.0].map(|part| self.at(part));
        let count = self.0.len();
        write!(
            f,
            "p50 {half:.1} ms, p99 {most:.1} ms, slowest {all:.1} ms of {count}"
        )
    }
}

impl Cpu {
    /// Of a process, since it began.
    pub(super) fn of(process: u32) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        let ticks = ticks(&stat).context("the times of a process")?;
        let uptime = fs::read_to_string("/proc/uptime")?;
        let passed = uptime.split(' ').next().context("a time")?.parse()?;
        Ok(Self {
            used: ticks as f64 / TICKS_PER_SECOND,
            passed,
        })
    }

    pub(super) fn since(self, before: Self) -> Self {
        Self {
            used: self.used - before.used,
            passed: self.passed - before.passed,
        }
    }

    /// That passed.
    pub(super) fn seconds(self) -> f64 {
        self.passed
    }

    /// Of one core.
    pub(super) fn percent(self) -> f64 {
        100.0 * self.used / self.passed
    }
}

impl AddAssign for Cpu {
    fn add_assign(&mut self, other: Self) {
        self.used += other.used;
        self.passed += other.passed;
    }
}

/// Ticks in user and kernel mode. The name before them may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn micros(took: Duration) -> u32 {
    u32::try_from(took.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_process_are_read() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194304 100 0 0 0 30 12 0 0 20 0 1 0";
        assert_eq!(ticks(stat), Some(42));
    }

    #[test]
    fn a_spread_tells_its_ends() {
        let spread = Spread::new((1..=100).rev().map(|ms| ms * 1_000).collect());
        let told = spread.to_string();
        assert_eq!(told, "p50 51.0 ms, p99 99.0 ms, slowest 100.0 ms of 100");
    }
}
