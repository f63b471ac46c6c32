//! What a device keeps of one client. Writes are done later, one after the other; a tab that ends
//! takes those with it that are not done.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use coboard_engine::Time;
use coboard_engine::client::{Client, Input, Keep, Kept, Output, RESERVE_BLOCK, Resume};
use coboard_protocol::message::Committed;
use coboard_protocol::{Revision, Snapshot};
use coboard_testkit::Random;
use serde_json::{Value as Json, json};

/// Messages behind a snapshot before a newer one is taken, at most.
const MESSAGES_MAX: usize = 12;

/// A rule of keeping that a device breaks, to see that it is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Forgets {
    /// Which numbers the client may use.
    Reserve,
    /// What waits.
    Queue,
}

/// The device of one client.
#[derive(Debug)]
pub(crate) struct Device {
    dice: Random,
    forgets: Option<Forgets>,
    durable: Durable,
    /// Under way, each with the time at which it is done.
    writes: VecDeque<(Time, Write)>,
    /// What the present input led to.
    current: Write,
    /// The message that goes in.
    newest: Option<Heard>,
    /// Messages that came too early.
    held: Vec<Heard>,
    /// Where the machine is.
    revision: Revision,
    /// Messages since the last snapshot.
    behind: usize,
    /// Operations that were ever called saved on this device.
    pub(crate) saved: BTreeSet<u64>,
}

/// What is there whatever happens.
#[derive(Debug, Default)]
struct Durable {
    resume: Resume,
    snapshot: Option<Snapshot>,
    /// In the order that they brought the machine on.
    messages: Vec<Heard>,
    queue: BTreeMap<u64, Kept>,
    refused: BTreeSet<u64>,
}

/// What one input led to; written as a whole or not at all.
#[derive(Debug, Default)]
struct Write {
    client_number: Option<u32>,
    messages: Vec<Heard>,
    keep: Option<Keep>,
    /// In place of everything that was kept of the document.
    instead: Option<Snapshot>,
    /// In place of what leads up to it, if the queue does not need that.
    newer: Option<Snapshot>,
    refused: Vec<u64>,
}

/// A message that brings a machine on.
#[derive(Debug)]
enum Heard {
    Committed(Committed),
    Page(Json),
}

impl Heard {
    fn of(input: &Input) -> Option<Self> {
        match input {
            Input::Committed { message } => Some(Self::Committed(message.clone())),
            Input::Answer { answer, .. } => {
                let page = answer["value"].get("catch_up")?;
                (!page.is_null()).then(|| Self::Page(page.clone()))
            }
            Input::Restore { .. }
            | Input::Connected
            | Input::Disconnected
            | Input::Head { .. }
            | Input::Snapshot { .. }
            | Input::SnapshotFailed
            | Input::SessionEnded { .. }
            | Input::Discard { .. }
            | Input::Timeout => None,
        }
    }

    fn to(&self) -> Revision {
        match self {
            Self::Committed(message) => message.to,
            Self::Page(page) => page["to"].as_u64().unwrap_or_default(),
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Self::Committed(message) => json!(message),
            Self::Page(page) => page.clone(),
        }
    }
}

impl Device {
    pub(crate) fn new(dice: Random, forgets: Option<Forgets>) -> Self {
        Self {
            dice,
            forgets,
            durable: Durable::default(),
            writes: VecDeque::new(),
            current: Write::default(),
            newest: None,
            held: Vec::new(),
            revision: 0,
            behind: 0,
            saved: BTreeSet::new(),
        }
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        percent > 0 && self.dice.chance(percent)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.dice.below(end)
    }

    /// Takes note of what goes into the machine.
    pub(crate) fn hear(&mut self, input: &Input) {
        if matches!(input, Input::Disconnected | Input::Connected) {
            self.held.clear();
        }
        self.newest = Heard::of(input);
    }

    /// Takes note of what comes out of it.
    pub(crate) fn note(&mut self, machine: &Client, output: &Output) {
        let write = &mut self.current;
        match output {
            Output::Session { client_number, .. } => write.client_number = Some(*client_number),
            Output::Reject { kept, .. } => write.refused.push(kept.operation.id.sequence),
            Output::Keep(keep) => {
                if keep.snapshot {
                    write.instead = machine.snapshot();
                    self.behind = 0;
                }
                write.keep = Some(keep.clone());
            }
            Output::Request { .. }
            | Output::FetchSnapshot { .. }
            | Output::Changed(_)
            | Output::Ack { .. }
            | Output::Conflicts { .. }
            | Output::RestoreFailed { .. }
            | Output::Diverged { .. }
            | Output::Status(_)
            | Output::Ended { .. } => {}
        }
    }

    /// The machine is done with the input: what it led to is written, which takes `ms`.
    pub(crate) fn end_of_input(&mut self, machine: &Client, now: Time, ms: u64) {
        self.settle(now);
        self.take_messages(machine.revision());
        if self.behind > MESSAGES_MAX {
            self.behind = 0;
            self.current.newer = machine.snapshot();
        }
        let due = self.writes.back().map_or(now, |(due, _)| now.max(*due)) + ms;
        self.writes
            .push_back((due, std::mem::take(&mut self.current)));
    }

    /// The machine is at `revision` now: what led there is kept in the order that it did.
    fn take_messages(&mut self, revision: Revision) {
        let newest = self.newest.take();
        if revision > self.revision {
            // The newest brought the machine on, and then those that had come too early.
            self.current.messages.extend(newest);
            let late = |heard: &Heard| heard.to() > revision;
            let (held, taken) = std::mem::take(&mut self.held).into_iter().partition(late);
            self.held = held;
            self.current.messages.extend::<Vec<Heard>>(taken);
            self.behind += self.current.messages.len();
        } else {
            // A page that came for nothing is not asked for any more.
            let early = newest.filter(|heard| matches!(heard, Heard::Committed(_)));
            self.held.extend(early);
        }
        self.revision = revision;
    }

    /// The tab ends. Some of what was under way may still be done.
    pub(crate) fn end(&mut self, now: Time) {
        self.settle(now);
        if self.dice.chance(50) {
            let more = self.dice.below(self.writes.len() + 1);
            for (_, write) in self.writes.drain(..more).collect::<Vec<_>>() {
                self.write(write);
            }
        }
        self.writes.clear();
        self.current = Write::default();
        self.held.clear();
        self.newest = None;
        self.revision = 0;
        if self.forgets == Some(Forgets::Queue) {
            self.durable.queue.clear();
        }
    }

    fn settle(&mut self, now: Time) {
        while let Some((due, _)) = self.writes.front()
            && *due <= now
            && let Some((_, write)) = self.writes.pop_front()
        {
            self.write(write);
        }
    }

    fn write(&mut self, write: Write) {
        let durable = &mut self.durable;
        durable.messages.extend(write.messages);
        durable.refused.extend(write.refused);
        if let Some(number) = write.client_number {
            durable.resume.client_number = number;
        }
        if let Some(snapshot) = write.instead {
            durable.snapshot = Some(snapshot);
            durable.messages.clear();
        }
        if let Some(keep) = write.keep {
            for kept in keep.put {
                let sequence = kept.operation.id.sequence;
                self.saved.insert(sequence);
                durable.queue.insert(sequence, kept);
            }
            for sequence in keep.drop {
                durable.queue.remove(&sequence);
            }
            if let Some(reserve) = keep.reserve
                && self.forgets != Some(Forgets::Reserve)
            {
                durable.resume.sequence = reserve.sequence;
                durable.resume.counter = reserve.counter;
            }
        }
        if let Some(snapshot) = write.newer {
            durable.go_on_from(snapshot);
        }
    }

    /// What a new machine gets, if anything was kept.
    pub(crate) fn kept(&self) -> Option<Json> {
        let Durable {
            snapshot,
            messages,
            queue,
            ..
        } = &self.durable;
        let messages: Vec<Json> = messages.iter().map(Heard::to_json).collect();
        let operations: Vec<Json> = queue.values().map(to_json).collect();
        let snapshot = snapshot.as_ref()?;
        Some(json!({"snapshot": snapshot, "messages": messages, "operations": operations}))
    }

    /// Where a new machine goes on. What it may use is noted before it does.
    pub(crate) fn go_on(&mut self) -> Resume {
        let resume = self.durable.resume;
        if self.forgets != Some(Forgets::Reserve) {
            self.durable.resume.sequence += u64::from(RESERVE_BLOCK);
            self.durable.resume.counter += RESERVE_BLOCK;
        }
        resume
    }

    /// How many operations it keeps.
    pub(crate) fn count(&self) -> usize {
        self.durable.queue.len()
    }

    /// Whether an operation waits on it.
    pub(crate) fn has(&self, sequence: u64) -> bool {
        self.durable.queue.contains_key(&sequence)
    }

    /// Whether it has noted that an operation was refused.
    pub(crate) fn has_refused(&self, sequence: u64) -> bool {
        self.durable.refused.contains(&sequence)
    }

    /// Whether words stand in what it has of an operation.
    pub(crate) fn has_words(&self, sequence: u64, words: &str) -> bool {
        let kept = self.durable.queue.get(&sequence);
        kept.is_some_and(|kept| to_json(kept).to_string().contains(words))
    }
}

impl Durable {
    fn go_on_from(&mut self, snapshot: Snapshot) {
        let needed = |kept: &Kept| kept.operation.base < snapshot.revision;
        if !self.queue.values().any(needed) {
            self.messages.retain(|heard| heard.to() > snapshot.revision);
            self.snapshot = Some(snapshot);
        }
    }
}

/// As the machine tells it to a driver that is not written in Rust.
fn to_json(kept: &Kept) -> Json {
    let mut json = json!(kept.operation);
    json["at_ms"] = json!(kept.made_at.as_ms());
    json
}
