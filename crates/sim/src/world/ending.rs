//! Tabs end: what they had is gone, and what their devices kept goes on.

use coboard_engine::client::{Changed, Client, Config, Input};
use coboard_testkit::Random;
use serde_json::json;

use super::connecting::{OFFLINE_MS_MAX, RECONNECT_MS_MAX};
use super::events::Event;
use super::{Failure, Fault, World};
use crate::device::{Device, Forgets};
use crate::plan::Sabotage;

/// How long after a gesture a tab may end in milliseconds, at most.
const KILL_MS_MAX: usize = 2_000;
/// Longest time of a slow write on a device in milliseconds.
const SLOW_MS_MAX: usize = 10_000;
/// First stream of the dice of devices.
const DEVICE_STREAM: u64 = 1_000_000;

impl World {
    pub(super) fn new_device(&self, number: u64) -> Device {
        let forgets = match self.plan.sabotage {
            Some(Sabotage::Reserve) => Some(Forgets::Reserve),
            Some(Sabotage::Queue) => Some(Forgets::Queue),
            Some(Sabotage::Dedupe | Sabotage::Gaps) | None => None,
        };
        Device::new(Random::new(self.seed, DEVICE_STREAM + number), forgets)
    }

    /// What came of an input goes to the device.
    pub(super) fn write_on_device(&mut self, index: usize) {
        let (slow, longest) = (self.faults.percent(Fault::SlowDevice), self.plan.device_ms);
        let person = &mut self.people[index];
        let Some(device) = &mut person.device else {
            return;
        };
        let longest = match device.chance(slow) {
            true => SLOW_MS_MAX,
            false => longest,
        };
        let ms = device.below(longest) as u64;
        device.end_of_input(&person.machine, self.now, ms);
    }

    /// Perhaps the tab will end: at the gesture or while messages come and go.
    pub(super) fn kill_soon(&mut self, index: usize) {
        let percent = self.faults.percent(Fault::Kill);
        let person = &mut self.people[index];
        if let Some(device) = &mut person.device
            && device.chance(percent)
        {
            let (ms, life) = (device.below(KILL_MS_MAX) as u64, person.life);
            self.later(ms, Event::Kill(index, life));
        }
    }

    /// The tab ends without a word; the same client goes on from what the device kept.
    pub(super) fn kill(&mut self, index: usize, life: u32) -> Result<(), Box<Failure>> {
        if self.people[index].life != life || self.calm_since.is_some() {
            return Ok(());
        }
        self.disconnect(index);
        let now = self.now;
        self.people[index].end(now);
        let ms = self.network.below(RECONNECT_MS_MAX) as u64;
        self.later(ms, Event::Connect(index));
        self.go_on(index)
    }

    /// The tab is closed. A new one is a new client; what the device kept of the old one goes on
    /// somewhere else, and nothing is added to it.
    pub(super) fn reload(&mut self, index: usize) -> Result<(), Box<Failure>> {
        self.disconnect(index);
        if self.is_taped(index) {
            self.tape = None;
        }
        let now = self.now;
        let gestures = self.people[index].gestures;
        let seed = self.people[index].random.number();
        let fresh = self.new_person(seed, index, gestures);
        let mut old = std::mem::replace(&mut self.people[index], fresh);
        let ms = self.network.below(RECONNECT_MS_MAX) as u64;
        self.later(ms, Event::Connect(index));
        old.end(now);
        if old.device.as_ref().map_or(0, Device::count) == 0 {
            self.gone.push(old);
            return Ok(());
        }
        old.gestures = 0;
        let index = self.people.len();
        self.people.push(old);
        let ms = self.network.below(OFFLINE_MS_MAX) as u64;
        self.later(ms, Event::Connect(index));
        self.go_on(index)
    }

    /// A new machine goes on from what the device kept.
    fn go_on(&mut self, index: usize) -> Result<(), Box<Failure>> {
        let person = &mut self.people[index];
        let Some(device) = &mut person.device else {
            return Ok(());
        };
        let (kept, count) = (device.kept(), device.count() as u64);
        person.config = Config {
            resume: Some(device.go_on()),
            ..person.config.clone()
        };
        person.machine = Client::new(person.config.clone());
        person.mirror(Changed {
            reset: true,
            ..Changed::default()
        });
        person.received = 0;
        if self.is_taped(index)
            && let Some(tape) = &mut self.tape
        {
            tape.begin(self.now, &self.people[index].config);
        }
        self.restored += count;
        let numbers = [index as u64, count];
        let detail = || json!({"of": index, "kept": kept});
        self.journal.note(self.now, "go_on", &numbers, detail);
        match kept {
            Some(kept) => self.client_handles(index, Input::Restore { kept }),
            None => Ok(()),
        }
    }
}
