//! What goes wrong in a run. Drawn first; in most runs some of the faults are off.

use coboard_protocol::PathPolicy;
use coboard_protocol::ot::{PathPattern, Policy};
use coboard_testkit::Random;

/// The faults of one run and how much there is to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FaultPlan {
    /// People in the room.
    pub clients: usize,
    /// Gestures of each of them.
    pub gestures: usize,
    /// Whether people undo and redo. Where they do not, every note must be there in the end.
    pub undo: bool,
    /// Longest pause between two gestures in milliseconds.
    pub pause_ms: usize,
    /// Longest time of a message on its way in milliseconds.
    pub latency_ms: usize,
    /// Whether messages overtake each other.
    pub reorder: bool,
    /// Share of lost broadcasts.
    pub broadcasts_lost_percent: usize,
    /// Share of lost requests and answers, on connections that stay up.
    pub requests_lost_percent: usize,
    /// Share of messages that come twice.
    pub doubled_percent: usize,
    /// Share of gestures at which the connection of the person breaks.
    pub disconnect_percent: usize,
    /// Share of gestures at which the person closes the tab and opens a new one.
    pub reload_percent: usize,
    /// Share of gestures at which the server crashes.
    pub crash_percent: usize,
    /// Longest time of an append in milliseconds.
    pub append_ms: usize,
    /// Share of failed appends.
    pub append_failed_percent: usize,
    /// Share of failed fetches of snapshots.
    pub snapshot_failed_percent: usize,
    /// The policies of the dashboard. None of the notes: these merge in every run.
    pub policies: Vec<PathPolicy>,
}

impl FaultPlan {
    /// Draws a plan.
    pub fn random(random: &mut Random) -> Self {
        let mut fault = |percent: usize| {
            if random.chance(50) {
                random.below(percent + 1)
            } else {
                0
            }
        };
        let (broadcasts, requests, doubled) = (fault(20), fault(8), fault(20));
        let (disconnect, reload, crash) = (fault(15), fault(4), fault(5));
        let (append, snapshot) = (fault(15), fault(50));
        // Now and then long enough for snapshots and for the log to outgrow the memory of the room.
        let long = random.chance(1);
        Self {
            clients: 2 + random.below(4),
            gestures: if long { 600 } else { 3 + random.below(40) },
            undo: random.chance(50),
            pause_ms: 1 + random.below(if long { 60 } else { 400 }),
            latency_ms: 1 + random.below(200),
            reorder: random.chance(40),
            broadcasts_lost_percent: broadcasts,
            requests_lost_percent: requests,
            doubled_percent: doubled,
            disconnect_percent: if long { 1 } else { disconnect },
            reload_percent: if long { 0 } else { reload },
            crash_percent: if long { 0 } else { crash },
            append_ms: 1 + random.below(50),
            append_failed_percent: append,
            snapshot_failed_percent: snapshot,
            policies: policies(random),
        }
    }

    /// The same run without faults: what the network and storage do once all is quiet.
    pub(crate) fn calm(&self) -> Self {
        Self {
            reorder: false,
            broadcasts_lost_percent: 0,
            requests_lost_percent: 0,
            doubled_percent: 0,
            disconnect_percent: 0,
            reload_percent: 0,
            crash_percent: 0,
            append_failed_percent: 0,
            snapshot_failed_percent: 0,
            ..self.clone()
        }
    }
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
