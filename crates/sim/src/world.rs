//! Everything there is in a run, and the order in which it happens.

use std::collections::{BTreeMap, BTreeSet};

use coboard_engine::Time;
use coboard_protocol::ot::DocumentHash;
use coboard_protocol::{OperationId, Revision};
use coboard_testkit::Random;
use serde_json::json;

use crate::checkers;
use crate::journal::Journal;
use crate::log::Log;
use crate::outcome::{Failure, Outcome};
use crate::plan::{Fault, Faults, Plan};
use crate::tape::Tape;

mod acting;
mod client_side;
mod connecting;
mod ending;
mod events;
mod network;
mod operator;
mod person;
mod promises;
mod rest;
mod rewriting;
mod server;
mod serving;
mod storing;

use events::{Connection, Event};
use operator::Operator;
pub(crate) use operator::server_client;
pub(crate) use person::Person;
use server::Server;

/// Time of day at which every world begins. Only for people who read a log.
const START_MS: u64 = 1_000_000;

/// One run.
#[derive(Debug)]
pub struct World {
    pub(crate) seed: u64,
    pub(crate) plan: Plan,
    pub(crate) now: Time,
    /// What goes wrong at present.
    faults: Faults,
    network: Random,
    storage: Random,
    /// What will happen, by time and order of arrival.
    queue: BTreeMap<(Time, u64), Event>,
    next_event: u64,
    next_connection: Connection,
    /// When the last fault happened.
    calm_since: Option<Time>,
    pub(crate) log: Log,
    pub(crate) server: Server,
    pub(crate) operator: Operator,
    pub(crate) people: Vec<Person>,
    /// Those who closed their tab.
    pub(crate) gone: Vec<Person>,
    /// Operations with which machines went on.
    restored: u64,
    /// Items that somebody made.
    created: BTreeSet<String>,
    /// Operations that were in the log before the server went back to a backup.
    pub(crate) rewound: BTreeSet<OperationId>,
    /// The newest revision that anybody was promised.
    acked_head: Revision,
    pub(crate) journal: Journal,
    /// What the first client is told, if somebody wants to repeat it.
    tape: Option<Tape>,
    events: u64,
}

impl World {
    /// The world of a seed and a plan.
    pub fn new(seed: u64, plan: Plan) -> Self {
        let mut world = Self {
            seed,
            now: Time::from_ms(START_MS),
            faults: plan.faults.clone(),
            network: Random::new(seed, 1),
            storage: Random::new(seed, 2),
            operator: Operator::new(seed),
            queue: BTreeMap::new(),
            next_event: 0,
            next_connection: 1,
            calm_since: None,
            log: Log::default(),
            server: Server::default(),
            people: Vec::new(),
            gone: Vec::new(),
            restored: 0,
            created: BTreeSet::new(),
            rewound: BTreeSet::new(),
            acked_head: 0,
            journal: Journal::default(),
            tape: None,
            events: 0,
            plan,
        };
        world.create_document();
        for index in 0..world.plan.people.len() {
            let person = world.new_person(seed, index, world.plan.people[index]);
            world.people.push(person);
            world.later(index as u64, Event::Connect(index));
            world.schedule_act(index);
        }
        if let Some(ms) = world.plan.calm_at_ms {
            world.later(ms, Event::Calm);
        }
        world
    }

    /// The same world, which keeps a line for each event.
    #[must_use]
    pub fn recorded(mut self) -> Self {
        self.journal = Journal::kept();
        self
    }

    /// The same world, which keeps what its first client is told.
    #[must_use]
    pub fn taped(mut self) -> Self {
        self.tape = self
            .people
            .first()
            .map(|person| Tape::new(self.seed, &person.config));
        self
    }

    /// Lets everything happen and judges what is left.
    ///
    /// # Errors
    /// [`Failure`] if a promise was not kept.
    pub fn run(self) -> Result<Outcome, Box<Failure>> {
        self.play().1
    }

    /// As [`run`](Self::run), and gives the lines of a [`recorded`](Self::recorded) world.
    pub fn play(mut self) -> (Vec<String>, Result<Outcome, Box<Failure>>) {
        let result = self.finish();
        (self.journal.into_lines(), result)
    }

    fn finish(&mut self) -> Result<Outcome, Box<Failure>> {
        while !self.is_at_rest() {
            self.step()?;
        }
        checkers::check(self)?;
        let hash = self.note_end();
        let entries = &self.log.entries;
        let conflicts = entries.iter().map(|entry| entry.conflicts.len() as u64);
        Ok(Outcome {
            events: self.events,
            operations: self.log.head(),
            conflicts: conflicts.sum(),
            refused: self
                .everybody()
                .map(|person| person.rejected.len() as u64)
                .sum(),
            restored: self.restored,
            rest_ms: self.calm_since.map_or(0, |since| self.now.ms_since(since)),
            trace: self.journal.hash(),
            hash: hash.to_string(),
            tape: self
                .tape
                .take()
                .map(|tape| tape.finish(self.log.head(), &hash, self.now)),
        })
    }

    /// Notes how everything ended; gives the hash that all have in common.
    fn note_end(&mut self) -> DocumentHash {
        let hash = DocumentHash::of(self.people[0].machine.committed());
        let (head, text) = (self.log.head(), hash.to_string());
        self.journal.note_text(&text);
        for entry in &self.log.entries {
            let texts = (entry.id.client.as_str(), entry.meta.label.as_deref());
            self.journal.note_text(texts.0);
            self.journal.note_text(texts.1.unwrap_or_default());
        }
        self.journal.note(
            self.now,
            "final",
            &[head],
            || json!({"revision": head, "hash": text}),
        );
        hash
    }

    /// Lets the next thing happen.
    fn step(&mut self) -> Result<(), Box<Failure>> {
        let Some(((at, _), event)) = self.queue.pop_first() else {
            return Err(self.failure("liveness", "nothing will ever happen".to_owned()));
        };
        self.now = self.now.max(at);
        self.events += 1;
        let (name, numbers) = event.describe();
        self.journal
            .note(self.now, name, &numbers, || json!({"of": numbers}));
        match event {
            Event::ToServer(connection, request) => self.server_takes(connection, request),
            Event::ToClient(connection, message) => self.client_takes(connection, message)?,
            Event::Stored(incarnation, stored) => self.stored(incarnation, stored),
            Event::Act(index) => self.act(index)?,
            Event::Connect(index) => self.connect(index)?,
            Event::Cut(index, connection) => self.cut(index, connection),
            Event::Kill(index, life) => self.kill(index, life)?,
            Event::ClientTimeout(index, connection) => self.client_timeout(index, connection)?,
            Event::Ping(index, connection) => self.ping(index, connection),
            Event::RoomTimeout(incarnation) => self.room_timeout(incarnation),
            Event::Noticed(connection) => self.server_notices(connection),
            Event::Fetched(index, connection, snapshot) => {
                self.fetched(index, connection, snapshot)?;
            }
            Event::Restart => self.start_server(),
            Event::Calm => self
                .people
                .iter_mut()
                .for_each(|person| person.gestures = 0),
        }
        self.become_calm();
        self.check_rest()
    }

    fn later(&mut self, ms: u64, event: Event) {
        self.next_event += 1;
        self.queue.insert((self.now + ms, self.next_event), event);
    }

    /// Everybody who ever was there.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().chain(&self.gone)
    }

    pub(crate) fn failure(&self, checker: &'static str, seen: String) -> Box<Failure> {
        Box::new(Failure {
            checker,
            seen,
            trace: self.journal.hash(),
            log: self.log.lines(),
        })
    }

    fn storage_fault(&mut self, fault: Fault) -> bool {
        let percent = self.faults.percent(fault);
        percent > 0 && self.storage.chance(percent)
    }
}
