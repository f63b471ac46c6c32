//! Messages on their way: lost, doubled, delayed, overtaken.

use super::{Connection, Event, World, people, server};

impl World {
    pub(super) fn send_to_server(&mut self, connection: Connection, message: people::Message) {
        let lost = self.plan.requests_lost_percent;
        self.send(lost, Event::ToServer(connection, message.clone()), || {
            Event::ToServer(connection, message.clone())
        });
    }

    pub(super) fn send_to_client(&mut self, connection: Connection, message: server::Message) {
        let lost = match &message {
            server::Message::Answer(..) => self.plan.requests_lost_percent,
            server::Message::Committed(_) | server::Message::Head(..) => {
                self.plan.broadcasts_lost_percent
            }
            // A session that ends unheard of is found out by the next request.
            server::Message::Ended(..) => self.plan.requests_lost_percent,
        };
        self.send(lost, Event::ToClient(connection, message.clone()), || {
            Event::ToClient(connection, message.clone())
        });
    }

    fn send(&mut self, lost_percent: usize, event: Event, again: impl Fn() -> Event) {
        if self.random.chance(lost_percent) {
            return;
        }
        let ms = self.latency();
        self.later(ms, event);
        if self.random.chance(self.plan.doubled_percent) {
            let extra = self.random.below(2_000) as u64;
            self.later(ms + extra, again());
        }
    }

    /// Without reordering all messages take the same time, so that none overtakes another.
    pub(super) fn latency(&mut self) -> u64 {
        if self.plan.reorder {
            1 + self.random.below(self.plan.latency_ms) as u64
        } else {
            self.plan.latency_ms as u64
        }
    }
}
