//! Everything there is in a run, and the order in which it happens.

use std::collections::BTreeMap;

use coboard_engine::Time;
use coboard_protocol::Snapshot;
use coboard_protocol::message::Committed;
use coboard_testkit::Random;
use serde_json::Value as Json;

use crate::checkers;
use crate::log::Log;
use crate::plan::FaultPlan;

mod network;
mod people;
mod server;

pub(crate) use people::Person;
use server::Server;

/// Time after the last fault by which everybody must be at rest, in milliseconds.
const LIVENESS_MS: u64 = 60_000;
/// Time of day at which every world begins. Only for people who read a log.
const START_MS: u64 = 1_000_000;

/// One run.
#[derive(Debug)]
pub struct World {
    pub(crate) seed: u64,
    pub(crate) now: Time,
    random: Random,
    plan: FaultPlan,
    /// What will happen, by time and order of arrival.
    queue: BTreeMap<(Time, u64), Event>,
    next_event: u64,
    next_connection: u64,
    /// When the last fault happened.
    calm_since: Option<Time>,
    pub(crate) log: Log,
    pub(crate) server: Server,
    pub(crate) people: Vec<Person>,
    /// Those who closed their tab.
    pub(crate) gone: Vec<Person>,
    events: u64,
}

/// What came of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Events that happened.
    pub events: u64,
    /// Operations in the log.
    pub operations: u64,
    /// Conflicts in the log.
    pub conflicts: u64,
    /// A number over the whole log: equal runs have equal ones.
    pub fingerprint: u64,
}

/// A promise that was not kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The seed that shows it.
    pub seed: u64,
    /// Which checker found it.
    pub checker: &'static str,
    /// What it saw.
    pub seen: String,
    /// The log, each entry as JSON.
    pub log: Vec<String>,
}

/// A link between a person and the server.
type Connection = u64;

#[derive(Debug)]
enum Event {
    /// A message from a client arrives.
    ToServer(Connection, people::Message),
    /// A message from the server arrives.
    ToClient(Connection, server::Message),
    /// Storage is done with what this incarnation of the server asked for.
    Stored(u64, server::Stored),
    /// A person does something.
    Act(usize),
    /// The network of a person is back.
    Connect(usize),
    /// The time that a client waits for.
    ClientTimeout(usize, Connection),
    /// The time that the room waits for.
    RoomTimeout(u64),
    /// The server notices that a connection is gone.
    Noticed(Connection),
    /// A snapshot has been fetched, or could not be.
    Fetched(usize, Connection, Option<Box<Snapshot>>),
    /// The server starts again.
    Restart,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, 0);
        let plan = FaultPlan::random(&mut random);
        let mut world = Self {
            seed,
            now: Time::from_ms(START_MS),
            random,
            queue: BTreeMap::new(),
            next_event: 0,
            next_connection: 1,
            calm_since: None,
            log: Log::default(),
            server: Server::default(),
            people: Vec::new(),
            gone: Vec::new(),
            events: 0,
            plan,
        };
        world.start_server();
        world.create_document();
        for index in 0..world.plan.clients {
            let person = world.new_person(index, world.plan.gestures);
            world.people.push(person);
            world.later(index as u64, Event::Connect(index));
            world.schedule_act(index);
        }
        world
    }

    /// What goes wrong in this run.
    pub fn plan(&self) -> &FaultPlan {
        &self.plan
    }

    /// Lets everything happen and judges what is left.
    ///
    /// # Errors
    /// [`Failure`] if a promise was not kept.
    pub fn run(mut self) -> Result<Outcome, Failure> {
        while !self.is_at_rest() {
            self.step()?;
        }
        checkers::check(&self)?;
        Ok(Outcome {
            events: self.events,
            operations: self.log.head(),
            conflicts: self
                .log
                .entries
                .iter()
                .map(|entry| entry.conflicts.len() as u64)
                .sum(),
            fingerprint: self.fingerprint(),
        })
    }

    /// Lets the next thing happen.
    fn step(&mut self) -> Result<(), Failure> {
        let Some(((at, _), event)) = self.queue.pop_first() else {
            return Err(self.failure("liveness", "nothing will ever happen".to_owned()));
        };
        self.now = self.now.max(at);
        self.events += 1;
        match event {
            Event::ToServer(connection, message) => self.server_takes(connection, message),
            Event::ToClient(connection, message) => self.client_takes(connection, message)?,
            Event::Stored(incarnation, stored) => self.stored(incarnation, stored),
            Event::Act(index) => self.act(index)?,
            Event::Connect(index) => self.connect(index)?,
            Event::ClientTimeout(index, connection) => self.client_timeout(index, connection)?,
            Event::RoomTimeout(incarnation) => self.room_timeout(incarnation),
            Event::Noticed(connection) => self.server_notices(connection),
            Event::Fetched(index, connection, snapshot) => {
                self.fetched(index, connection, snapshot)?;
            }
            Event::Restart => self.start_server(),
        }
        self.become_calm();
        self.check_liveness()
    }

    /// Once everybody has done their work no more faults happen.
    fn become_calm(&mut self) {
        if self.calm_since.is_none() && self.people.iter().all(|person| person.gestures == 0) {
            self.calm_since = Some(self.now);
            self.plan = self.plan.calm();
        }
    }

    fn check_liveness(&self) -> Result<(), Failure> {
        match self.calm_since {
            Some(since) if self.now.ms_since(since) > LIVENESS_MS => {
                let states: Vec<_> = self.people.iter().map(Person::describe).collect();
                let seen = format!("not at rest, head {}: {states:?}", self.log.head());
                Err(self.failure("liveness", seen))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether all work is done and everybody has everything.
    fn is_at_rest(&self) -> bool {
        self.calm_since.is_some()
            && self.server.is_at_rest(self.log.head())
            && self
                .people
                .iter()
                .all(|person| person.is_at_rest(self.log.head()))
    }

    fn later(&mut self, ms: u64, event: Event) {
        self.next_event += 1;
        self.queue.insert((self.now + ms, self.next_event), event);
    }

    pub(crate) fn failure(&self, checker: &'static str, seen: String) -> Failure {
        Failure {
            seed: self.seed,
            checker,
            seen,
            log: self.log.lines(),
        }
    }

    fn fingerprint(&self) -> u64 {
        let text = self.log.lines().concat();
        // FNV-1a, 64 bit.
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}
