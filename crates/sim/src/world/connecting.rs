//! Connections come and go.

use coboard_engine::client::Input;
use coboard_protocol::limits::PING_INTERVAL_MS;

use super::events::{Connection, Event, Request};
use super::{Failure, World};
use crate::tape::Call;

/// How long a person is without network in milliseconds, at most.
pub(super) const OFFLINE_MS_MAX: usize = 8_000;
/// How long a reconnecting client waits in milliseconds, at most.
pub(super) const RECONNECT_MS_MAX: usize = 1_500;
/// How long somebody is cut off in milliseconds, at most.
const PARTITION_MS_MAX: usize = 60_000;
/// How long it takes to notice that nothing comes any more in milliseconds, at most: a heartbeat and its patience.
const HEARTBEAT_MS_MAX: usize = 15_000;

impl World {
    /// Cuts a connection. What is on its way to the client is lost; the server notices later.
    pub(super) fn break_connection(&mut self, index: usize) {
        let offline = if self.network.chance(30) {
            OFFLINE_MS_MAX
        } else {
            RECONNECT_MS_MAX
        };
        let ms = self.network.below(offline) as u64;
        self.disconnect(index);
        self.later(ms, Event::Connect(index));
    }

    pub(super) fn disconnect(&mut self, index: usize) {
        let Some(connection) = self.people[index].connection.take() else {
            return;
        };
        self.will_notice(connection);
        let now = self.now;
        let person = &mut self.people[index];
        if let Some(device) = &mut person.device {
            device.hear(&Input::Disconnected);
        }
        person.machine.handle(now, Input::Disconnected);
        // The requests of a machine without connection go nowhere.
        let mut outputs = Vec::new();
        outputs.extend(std::iter::from_fn(|| self.people[index].machine.poll()));
        self.tape(index, &Call::of(&Input::Disconnected), None, &outputs);
    }

    /// Everything on the way to and from a person is lost for long. A connection may outlive that,
    /// or be found dead at either end.
    pub(super) fn partition(&mut self, index: usize) {
        let ms = self.network.below(PARTITION_MS_MAX) as u64;
        self.people[index].cut_until = self.now + ms;
        if let Some(connection) = self.people[index].connection
            && self.network.chance(70)
        {
            let notice = self.network.below(HEARTBEAT_MS_MAX) as u64;
            self.later(notice, Event::Cut(index, connection));
        }
    }

    pub(super) fn is_cut(&self, index: usize) -> bool {
        self.now < self.people[index].cut_until
    }

    /// A person finds that a connection is dead.
    pub(super) fn cut(&mut self, index: usize, connection: Connection) {
        if self.people[index].connection == Some(connection) && self.is_cut(index) {
            self.break_connection(index);
        }
    }

    pub(super) fn connect(&mut self, index: usize) -> Result<(), Box<Failure>> {
        if self.people[index].connection.is_some() {
            return Ok(());
        }
        if self.server.room.is_none() || self.is_cut(index) {
            let ms = 1 + self.network.below(RECONNECT_MS_MAX) as u64;
            self.later(ms, Event::Connect(index));
            return Ok(());
        }
        let connection = self.next_connection;
        self.next_connection += 1;
        let person = &mut self.people[index];
        person.connection = Some(connection);
        person.timeout_at = None;
        self.later(PING_INTERVAL_MS, Event::Ping(index, connection));
        self.client_handles(index, Input::Connected)
    }

    /// Asks for the head, in case that the last message about it was lost.
    pub(super) fn ping(&mut self, index: usize, connection: Connection) {
        if self.people[index].connection == Some(connection) {
            self.later(PING_INTERVAL_MS, Event::Ping(index, connection));
            self.send_to_server(connection, Request::Ping);
        }
    }
}
