//! What a device keeps of a client, and a client that ends at any moment and goes on from it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use coboard_engine::client::{self, Client, Config, RESERVE_BLOCK, Resume, from_json, to_json};
use coboard_protocol::{OperationId, Revision};
use serde_json::{Value as Json, json};

use super::{World, config};

/// What one input or edit led to; written as a whole or not at all.
#[derive(Clone, Debug, Default)]
struct Write {
    client_number: Option<u32>,
    messages: Vec<Json>,
    keep: Option<Json>,
    snapshot: Option<Json>,
    refused: Vec<OperationId>,
}

/// The device of one client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    pub(crate) resume: Resume,
    snapshot: Option<Json>,
    /// In the order that they brought the machine on.
    messages: Vec<Json>,
    /// The message that goes in.
    newest: Option<Json>,
    /// Messages that have not brought it on yet.
    held: Vec<Json>,
    /// Where the machine is.
    revision: Revision,
    pub(crate) queue: BTreeMap<u64, Json>,
    pub(crate) refused: Vec<OperationId>,
    /// What is not written yet.
    unflushed: VecDeque<Write>,
    current: Write,
    /// How often a restored machine was what it had been.
    pub(crate) restored: usize,
    /// How often an operation was put.
    pub(crate) puts: usize,
    /// In which life an operation was numbered.
    numbered: BTreeMap<OperationId, usize>,
    created: BTreeSet<String>,
    life: usize,
}

impl Device {
    /// A new client on it: the first numbers are set aside before there is a machine.
    pub(super) fn new() -> Self {
        let mut device = Self::default();
        device.set_aside();
        device
    }

    fn set_aside(&mut self) {
        self.resume.sequence += u64::from(RESERVE_BLOCK);
        self.resume.counter += RESERVE_BLOCK;
    }

    /// Takes note of what goes into the machine.
    pub(super) fn hear(&mut self, input: &client::Input) {
        if matches!(
            input,
            client::Input::Disconnected | client::Input::Connected
        ) {
            self.held.clear();
        }
        self.newest = None;
        if let client::Input::Committed { message } = input {
            self.newest = serde_json::to_value(message).ok();
        }
        if let client::Input::Answer { answer, .. } = input {
            self.newest = answer["value"].get("catch_up").cloned();
        }
    }

    /// Takes note of what comes out of it.
    pub(super) fn note(&mut self, machine: &Client, output: &client::Output) {
        let write = &mut self.current;
        if let client::Output::Session { client_number, .. } = output {
            write.client_number = Some(*client_number);
        }
        if let client::Output::Reject { kept, .. } = output {
            write.refused.push(kept.operation.id.clone());
        }
        if let client::Output::Keep(keep) = output {
            assert!(write.keep.is_none(), "told once for each input");
            self.puts += keep.put.len();
            let text = to_json(output).to_string();
            write.keep = Some(serde_json::from_str(&text).expect("JSON"));
            if keep.snapshot {
                write.snapshot = machine
                    .snapshot()
                    .map(|it| serde_json::to_value(it).expect("JSON"));
            }
        }
    }

    /// The machine is at `revision` now: what led there is kept in the order that it did.
    pub(super) fn end_of_input(&mut self, revision: Revision) {
        let newest = self.newest.take();
        if revision > self.revision {
            // The newest brought the machine on, and then those that had come too early.
            self.current.messages.extend(newest);
            let late = |message: &Json| message["to"].as_u64() > Some(revision);
            let (held, taken) = std::mem::take(&mut self.held).into_iter().partition(late);
            self.held = held;
            self.current.messages.extend::<Vec<Json>>(taken);
        } else {
            // A page that came for nothing is not asked for any more.
            let early = newest.filter(|message| message["entries"].is_array());
            self.held.extend(early);
        }
        self.revision = revision;
        self.unflushed.push_back(std::mem::take(&mut self.current));
    }

    /// What was made in this life, and nowhere before.
    pub(super) fn made(&mut self, id: &OperationId, created: &[String]) {
        let life = *self.numbered.entry(id.clone()).or_insert(self.life);
        assert_eq!(life, self.life, "{id} is numbered twice");
        for item in created {
            assert!(self.created.insert(item.clone()), "{item} is made twice");
        }
    }

    pub(crate) fn flush(&mut self, count: usize) {
        for _ in 0..count.min(self.unflushed.len()) {
            let write = self.unflushed.pop_front().expect("one is there");
            self.write(write);
        }
    }

    pub(crate) fn unflushed(&self) -> usize {
        self.unflushed.len()
    }

    fn write(&mut self, write: Write) {
        self.messages.extend(write.messages);
        self.refused.extend(write.refused);
        if let Some(number) = write.client_number {
            self.resume.client_number = number;
        }
        if let Some(snapshot) = write.snapshot {
            self.snapshot = Some(snapshot);
            self.messages.clear();
        }
        let Some(keep) = write.keep else { return };
        for operation in keep["put"].as_array().expect("a list") {
            let sequence = operation["id"]["sequence"].as_u64().expect("a number");
            self.queue.insert(sequence, operation.clone());
        }
        for sequence in keep["drop"].as_array().expect("a list") {
            self.queue.remove(&sequence.as_u64().expect("a number"));
        }
        if let (Some(sequence), Some(counter)) = (
            keep["reserve"]["sequence"].as_u64(),
            keep["reserve"]["counter"].as_u64(),
        ) {
            self.resume.sequence = sequence;
            self.resume.counter = u32::try_from(counter).expect("32 bits");
        }
    }

    /// Takes a newer snapshot where the queue allows it, and forgets what led up to it.
    fn compact(&mut self, snapshot: Option<Json>) {
        let Some(snapshot) = snapshot else { return };
        let revision = snapshot["revision"].as_u64().expect("a number");
        let mut bases = self.queue.values().map(|it| it["base"].as_u64());
        let needed = bases.any(|base| base < Some(revision));
        if self.unflushed.is_empty() && self.snapshot.is_some() && !needed {
            self.messages
                .retain(|message| message["to"].as_u64() > Some(revision));
            self.snapshot = Some(snapshot);
        }
    }

    /// What a restored machine gets, if anything was kept.
    pub(crate) fn kept(&self) -> Option<Json> {
        let operations: Vec<&Json> = self.queue.values().collect();
        let snapshot = self.snapshot.as_ref()?;
        Some(
            json!({"snapshot": snapshot, "messages": self.messages, "operations": operations, "type": "restore"}),
        )
    }

    /// What a new machine goes on from. The numbers it may use are set aside in the same moment.
    fn take_over(&mut self) -> Resume {
        self.life += 1;
        self.unflushed.clear();
        self.current = Write::default();
        self.held.clear();
        let resume = self.resume;
        self.set_aside();
        resume
    }
}

impl World {
    /// A world in which every client is kept by its device.
    pub(crate) fn kept(content: &Json, peers: usize) -> Self {
        Self::with(content, peers, true)
    }

    /// The device takes a snapshot from the machine, as it does when it has many messages.
    pub(crate) fn compact(&mut self, index: usize) {
        let peer = &mut self.peers[index];
        let snapshot = peer.machine.snapshot();
        let snapshot = snapshot.map(|it| serde_json::to_value(it).expect("JSON"));
        if let Some(device) = &mut peer.device {
            device.compact(snapshot);
        }
    }

    pub(crate) fn device(&mut self, index: usize) -> &mut Device {
        self.peers[index].device.as_mut().expect("it is kept")
    }

    /// The client ends without a word: so many writes are done, and the rest is lost. A new machine
    /// goes on from there. Whether the room hears of it is left to chance.
    pub(crate) fn kill(&mut self, index: usize, writes: usize, unheard: bool) {
        self.device(index).flush(writes);
        if unheard {
            self.peers[index].session = None;
        }
        self.cut(index);
        let device = self.device(index);
        let kept = device.kept();
        let resume = device.take_over();
        let (queue, refused) = (device.queue.clone(), device.refused.clone());
        let config = Config {
            resume: Some(resume),
            keep: true,
            ..config(index)
        };
        let log = &self.store.log;
        let peer = &mut self.peers[index];
        peer.machine = Client::new(config);
        peer.met.clear();
        // What was neither kept nor committed is lost with the client, and it was never called safe.
        peer.made.retain(|id| {
            queue.contains_key(&id.sequence)
                || refused.contains(id)
                || log.iter().any(|entry| entry.id == *id)
        });
        if let Some(kept) = kept {
            let input = from_json(kept).expect("an input");
            self.give(index, input);
            assert!(self.peers[index].machine.is_loaded(), "it is restored");
        }
    }

    /// As [`kill`](Self::kill) with everything written: the new machine is what the old one was.
    pub(crate) fn reload(&mut self, index: usize) {
        let writes = self.device(index).unflushed();
        let before = self.shown(index);
        let loaded = self.peers[index].machine.is_loaded();
        self.kill(index, writes, false);
        if loaded {
            let (mut after, mut before) = (self.shown(index), before);
            if after.0 > before.0 {
                // A message that it was not ready for when it came is taken up now.
                return;
            }
            // What was acknowledged, but did not come back, is open again until a session tells.
            let queue = std::mem::take(&mut before.4);
            assert!(std::mem::take(&mut after.4).ends_with(&queue), "{queue:?}");
            assert_eq!(after, before, "restored as it was");
            self.device(index).restored += 1;
        }
    }

    fn shown(&self, index: usize) -> (Revision, String, Json, Json, Vec<OperationId>) {
        let machine = &self.peers[index].machine;
        let queue = machine.queue().into_iter().map(|queued| queued.id);
        (
            machine.revision(),
            coboard_ot::DocumentHash::of(machine.committed()).to_string(),
            coboard_protocol::codec::plain_to_json(&machine.committed().export()),
            self.content(index),
            queue.collect(),
        )
    }
}
