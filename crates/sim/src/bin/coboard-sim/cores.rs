//! Seeds, shared out over threads. The simulation itself knows of none.

use std::panic::{AssertUnwindSafe, catch_unwind};
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

fn drain<T>(receiver: &Receiver<(u64, T)>, take: &mut impl FnMut(u64, T)) {
    while let Ok((seed, played)) = receiver.recv() {
        take(seed, played);
    }
}

/// As many threads as there are cores.
pub(crate) fn count() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
