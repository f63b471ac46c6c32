//! The end of a run: no more faults, and everybody comes to rest.

use super::events::Event;
use super::{Failure, Faults, Person, World};

/// Time after the last fault by which everybody must be at rest, in milliseconds.
const REST_MS: u64 = 60_000;
/// More events than any run has that ends.
const EVENTS_MAX: u64 = 2_000_000;

impl World {
    /// Once everybody has done their work no more faults happen.
    pub(super) fn become_calm(&mut self) {
        if self.calm_since.is_some() || self.people.iter().any(|person| person.gestures > 0) {
            return;
        }
        self.calm_since = Some(self.now);
        self.faults = Faults::default();
        for index in 0..self.people.len() {
            self.people[index].cut_until = self.now;
            // At once and not after what is left of a long absence.
            self.later(1, Event::Connect(index));
        }
    }

    pub(super) fn check_rest(&self) -> Result<(), Box<Failure>> {
        let since = self.calm_since.unwrap_or(self.now);
        if self.now.ms_since(since) <= REST_MS && self.events < EVENTS_MAX {
            return Ok(());
        }
        let states: Vec<_> = self.people.iter().map(Person::describe).collect();
        let seen = format!("not at rest, head {}: {states:?}", self.log.head());
        Err(self.failure("liveness", seen))
    }

    /// Whether all work is done and everybody has everything.
    pub(super) fn is_at_rest(&self) -> bool {
        let head = self.log.head();
        self.calm_since.is_some()
            && self.server.is_at_rest(head)
            && self.operator.is_at_rest()
            && self.people.iter().all(|person| person.is_at_rest(head))
    }
}
