//! Plans by chance.

use coboard_protocol::PathPolicy;
use coboard_protocol::ot::{PathPattern, Policy};
use coboard_testkit::Random;

use super::{Fault, Faults, Mode, Plan};

/// The largest share of a fault in a safety run, and in how many of 100 runs it is on.
type Share = (Fault, usize, usize);

/// Faults of every run.
const SAFETY: [Share; 17] = [
    (Fault::BroadcastLost, 20, 40),
    (Fault::RequestLost, 8, 40),
    (Fault::Doubled, 20, 40),
    (Fault::Reorder, 100, 40),
    (Fault::Late, 5, 25),
    (Fault::Disconnect, 15, 50),
    (Fault::Partition, 6, 20),
    (Fault::Reload, 6, 30),
    (Fault::Crash, 6, 40),
    (Fault::AppendFailed, 15, 40),
    (Fault::AppendUnknown, 6, 25),
    (Fault::SlowStorage, 10, 15),
    (Fault::SnapshotFailed, 50, 30),
    (Fault::Compact, 10, 25),
    (Fault::Role, 8, 25),
    (Fault::Rewrite, 10, 30),
    (Fault::Rewind, 3, 8),
];

/// Faults of runs in which devices keep something.
const DEVICE: [Share; 2] = [(Fault::Kill, 10, 80), (Fault::SlowDevice, 20, 30)];

impl Plan {
    /// The plan of a seed.
    pub fn of_seed(seed: u64, mode: Mode) -> Self {
        let mut random = Random::new(seed, 0);
        let mut faults = Faults::default();
        draw(&mut faults, &SAFETY, &mut random, mode);
        let people = people(&mut random);
        let plan = Self {
            people,
            tabs: if random.chance(25) {
                2 + random.below(2)
            } else {
                1
            },
            wire: random.chance(6),
            undo: random.chance(50),
            pause_ms: 1 + random.below(400),
            latency_ms: 1 + random.below(200),
            append_ms: 1 + random.below(50),
            kept: false,
            device_ms: 1,
            calm_at_ms: match mode {
                Mode::Safety => None,
                Mode::Liveness => Some(2_000 + random.below(18_000) as u64),
            },
            faults,
            policies: policies(&mut random),
            sabotage: None,
        };
        with_devices(plan, &mut random, mode)
    }
}

/// In some runs devices keep what was not sent.
fn with_devices(mut plan: Plan, random: &mut Random, mode: Mode) -> Plan {
    plan.kept = random.chance(50);
    if plan.kept {
        plan.device_ms = 1 + random.below(300);
        draw(&mut plan.faults, &DEVICE, random, mode);
    }
    plan
}

fn draw(faults: &mut Faults, shares: &[Share], random: &mut Random, mode: Mode) {
    for (fault, most, on) in shares {
        let (most, on) = match mode {
            Mode::Safety => (*most, *on),
            Mode::Liveness => (most * 3, (*on).max(60)),
        };
        let share = 1 + random.below(most);
        if random.chance(on) {
            faults.set(*fault, share.min(100));
        }
    }
}

/// From 2 to 6 clients and from 20 to 200 gestures of all together; mostly few of both, so that
/// many runs fit into the time.
fn people(random: &mut Random) -> Vec<usize> {
    let clients = 2 + random.below(3) * random.below(3).min(1) + random.below(3);
    let gestures = match random.below(40) {
        0 => 20 + random.below(181),
        1..6 => 20 + random.below(61),
        _ => 20 + random.below(16),
    };
    let mut people = vec![gestures / clients; clients];
    people[0] += gestures % clients;
    people
}

/// In every second run none, otherwise several, also two for one path.
fn policies(random: &mut Random) -> Vec<PathPolicy> {
    const PATHS: [&str; 5] = [
        "/panels/**",
        "/panels/*",
        "/panels/*/gridPos/**",
        "/**/title",
        "/title",
    ];
    const POLICIES: [Policy; 7] = [
        Policy::First,
        Policy::Reject,
        Policy::Manual,
        Policy::DeleteWins,
        Policy::Bounce,
        Policy::Max,
        Policy::Min,
    ];
    let count = if random.chance(50) {
        1 + random.below(3)
    } else {
        0
    };
    let rules = (0..count).filter_map(|_| {
        let (path, policy) = (random.pick(&PATHS)?, random.pick(&POLICIES)?);
        let path = PathPattern::parse(path).ok()?;
        Some(PathPolicy {
            path,
            policy: *policy,
        })
    });
    rules.collect()
}
