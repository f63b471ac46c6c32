//! Seeds, shared out over threads. The simulation itself knows of none.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use coboard_sim::{Failure, Outcome, Plan, World};

/// Seeds that a thread takes at a time.
const PORTION: u64 = 16;

/// What came of one seed.
pub(crate) type Played = Result<Outcome, Box<Failure>>;

/// Plays a world; a panic is a failure like others.
pub(crate) fn play(world: World) -> Played {
    catch_unwind(AssertUnwindSafe(|| world.run())).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Box::new(Failure {
            checker: "panic",
            seen: text.unwrap_or_default(),
            trace: 0,
            log: Vec::new(),
        }))
    })
}

/// How seeds are played.
pub(crate) struct Portions {
    pub(crate) start: u64,
    pub(crate) seeds: u64,
    pub(crate) jobs: usize,
    pub(crate) budget: Option<Duration>,
}

impl Portions {
    /// Plays every seed once with `plan`, in no particular order.
    pub(crate) fn each<T: Send>(
        &self,
        plan: impl Fn(u64) -> Plan + Sync,
        play: impl Fn(u64, Plan) -> T + Sync,
        mut take: impl FnMut(u64, T),
    ) {
        let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let until = self.budget.map(|budget| Instant::now() + budget);
        let (sender, receiver) = channel();
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.max(1) {
                let (sender, next, stop) = (sender.clone(), &next, &stop);
                let (plan, play) = (&plan, &play);
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let from = next.fetch_add(PORTION, Ordering::Relaxed);
                        for offset in from..self.seeds.min(from + PORTION) {
                            let seed = self.start + offset;
                            let _closed = sender.send((seed, play(seed, plan(seed))));
                        }
                        let late = until.is_some_and(|until| Instant::now() >= until);
                        if late || from + PORTION >= self.seeds {
                            stop.store(late, Ordering::Relaxed);
                            break;
                        }
                    }
                });
            }
            drop(sender);
            drain(&receiver, &mut take);
        });
    }
}

/// The first of some seeds for which `play` finds something, on all cores, and how many were played.
pub(crate) fn first<T: Send>(
    start: u64,
    seeds: u64,
    play: impl Fn(u64) -> Option<T> + Sync,
) -> (Option<(u64, T)>, u64) {
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..count() {
            scope.spawn(|| {
                // They are taken in order, so none before the first that is found is left out.
                while !stop.load(Ordering::Relaxed) {
                    let seed = start + next.fetch_add(1, Ordering::Relaxed);
                    if seed >= start + seeds {
                        break;
                    }
                    if let Some(it) = play(seed)
                        && let Ok(mut found) = found.lock()
                    {
                        found.push((seed, it));
                        stop.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_default();
    let first = found.into_iter().min_by_key(|(seed, _)| *seed);
    (first, next.into_inner().min(seeds))
}

fn drain<T>(receiver: &Receiver<(u64, T)>, take: &mut impl FnMut(u64, T)) {
    while let Ok((seed, played)) = receiver.recv() {
        take(seed, played);
    }
}

/// As many threads as there are cores.
pub(crate) fn count() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
