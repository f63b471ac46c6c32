//! What a proxy spoils.

use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;

/// A way through the proxy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Direction {
    /// From the client.
    ToServer,
    /// From the server.
    ToClient,
}

/// What a proxy spoils; by default nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Plan {
    /// There is no network: connections end, and new ones come to nothing.
    pub(crate) down: bool,
    /// A WebSocket is refused with 403, as some proxies of companies do.
    pub(crate) refuse_upgrades: bool,
    /// Of the answers to `submit` so many percent are not delivered: the connection ends instead.
    pub(crate) cut_answers: u32,
    /// Of the events `committed` so many percent are not delivered, and everything else is.
    pub(crate) drop_committed: u32,
    /// Of the events `head` so many percent are not delivered, and everything else is.
    pub(crate) drop_heads: u32,
    /// A connection ends when so many bytes went to the client, in the middle of a frame or not.
    pub(crate) cut_after: Option<u64>,
    /// Nothing moves this way, and nobody is told.
    pub(crate) stall: Option<Direction>,
    /// Nothing moves either way, and nobody is told: the network is gone, and no connection ends.
    pub(crate) silent: bool,
    /// What arrives goes on so much later. Bounds the rate too: a read waits for the one before.
    pub(crate) delay: Duration,
}

impl Plan {
    /// A bad network, as a seed decides.
    pub(crate) fn random(random: &mut StdRng) -> Self {
        let mut plan = Self {
            cut_answers: random.random_range(0..=60),
            drop_committed: random.random_range(0..=30),
            drop_heads: random.random_range(0..=30),
            ..Self::default()
        };
        match random.random_range(0..10) {
            0 => plan.down = true,
            1 => plan.refuse_upgrades = true,
            2 | 3 => plan.cut_after = Some(random.random_range(1..=4_000)),
            4 => plan.stall = Some(Direction::ToClient),
            5 => plan.stall = Some(Direction::ToServer),
            6 | 7 => plan.delay = Duration::from_millis(random.random_range(1..=50)),
            _ => {}
        }
        plan
    }
}
