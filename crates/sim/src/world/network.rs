//! Messages on their way: lost, doubled, delayed, overtaken, cut off.

use super::events::{Connection, Event, Message, Request};
use super::{Fault, World};

/// Longest extra time of the second copy of a message in milliseconds.
const DOUBLE_MS_MAX: usize = 2_000;
/// Longest time of a late message in milliseconds: the connection may be replaced meanwhile.
const LATE_MS_MAX: usize = 6_000;

impl World {
    pub(super) fn send_to_server(&mut self, connection: Connection, request: Request) {
        let Some(ms) = self.travel_ms(connection, Fault::RequestLost) else {
            return;
        };
        if let Some(extra) = self.doubled_ms() {
            self.later(ms + extra, Event::ToServer(connection, request.clone()));
        }
        self.later(ms, Event::ToServer(connection, request));
    }

    pub(super) fn send_to_client(&mut self, connection: Connection, message: Message) {
        let lost = match &message {
            // A session that ends unheard of is found out by the next request.
            Message::Answer(..) | Message::Ended(..) => Fault::RequestLost,
            Message::Committed(_) | Message::Head(..) => Fault::BroadcastLost,
        };
        let Some(ms) = self.travel_ms(connection, lost) else {
            return;
        };
        if let Some(extra) = self.doubled_ms() {
            self.later(ms + extra, Event::ToClient(connection, message.clone()));
        }
        self.later(ms, Event::ToClient(connection, message));
    }

    /// How long a message takes; `None` if it is lost.
    fn travel_ms(&mut self, connection: Connection, lost: Fault) -> Option<u64> {
        let cut = self
            .owner(connection)
            .is_some_and(|index| self.is_cut(index));
        if cut || self.network_fault(lost) {
            return None;
        }
        let late = self.network_fault(Fault::Late);
        let extra = if late {
            self.network.below(LATE_MS_MAX) as u64
        } else {
            0
        };
        Some(self.latency() + extra)
    }

    fn doubled_ms(&mut self) -> Option<u64> {
        let doubled = self.network_fault(Fault::Doubled);
        doubled.then(|| self.network.below(DOUBLE_MS_MAX) as u64)
    }

    /// Without reordering all messages take the same time, so that none overtakes another.
    pub(super) fn latency(&mut self) -> u64 {
        if self.network_fault(Fault::Reorder) {
            1 + self.network.below(self.plan.latency_ms) as u64
        } else {
            self.plan.latency_ms as u64
        }
    }

    pub(super) fn network_fault(&mut self, fault: Fault) -> bool {
        let percent = self.faults.percent(fault);
        percent > 0 && self.network.chance(percent)
    }
}
