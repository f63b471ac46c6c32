//! What reaches a client machine, and what it wants.

use coboard_engine::client::{Edited, Input, Output, Request as Wish};
use coboard_protocol::message::Committed;
use coboard_protocol::{Revision, Snapshot};

use super::events::{Connection, Event, Message, Request};
use super::person::Met;
use super::server::{document_id, on_wire, through_wire};
use super::{Failure, Fault, World};
use crate::plan::Sabotage;
use crate::tape::Call;

impl World {
    pub(super) fn client_takes(
        &mut self,
        connection: Connection,
        message: Message,
    ) -> Result<(), Box<Failure>> {
        let Some(index) = self.owner(connection).filter(|index| !self.is_cut(*index)) else {
            return Ok(());
        };
        let input = match message {
            Message::Answer(request, answer) => Input::Answer {
                request,
                answer: on_wire(*answer),
            },
            Message::Committed(committed) => Input::Committed {
                message: self.heard(index, &committed),
            },
            Message::Head(revision, hash) => Input::Head { revision, hash },
            Message::Ended(session, error) => Input::SessionEnded { session, error },
        };
        self.client_handles(index, input)
    }

    fn heard(&self, index: usize, committed: &Committed) -> Committed {
        let mut message = match self.plan.wire {
            true => through_wire(committed),
            false => committed.clone(),
        };
        if self.plan.sabotage == Some(Sabotage::Gaps) {
            let at = self.people[index].machine.revision();
            message.from = at;
            for (entry, revision) in message.entries.iter_mut().zip(at + 1..) {
                entry.revision = revision;
                message.to = revision;
            }
        }
        message
    }

    pub(super) fn client_timeout(
        &mut self,
        index: usize,
        connection: Connection,
    ) -> Result<(), Box<Failure>> {
        if self.people[index].connection != Some(connection) {
            return Ok(());
        }
        self.people[index].timeout_at = None;
        self.client_handles(index, Input::Timeout)
    }

    pub(super) fn fetched(
        &mut self,
        index: usize,
        connection: Connection,
        snapshot: Option<Box<Snapshot>>,
    ) -> Result<(), Box<Failure>> {
        if self.people[index].connection != Some(connection) {
            return Ok(());
        }
        let input = match snapshot {
            Some(snapshot) if self.plan.wire => Input::Snapshot {
                snapshot: through_wire(&*snapshot),
            },
            Some(snapshot) => Input::Snapshot {
                snapshot: *snapshot,
            },
            None => Input::SnapshotFailed,
        };
        self.client_handles(index, input)
    }

    pub(super) fn client_handles(
        &mut self,
        index: usize,
        input: Input,
    ) -> Result<(), Box<Failure>> {
        let call = match self.is_taped(index) {
            true => Call::of(&input),
            false => Call::Untaped,
        };
        let person = &mut self.people[index];
        if let Some(device) = &mut person.device {
            device.hear(&input);
        }
        person.machine.handle(self.now, input);
        self.drain(index, &call, None)
    }

    /// Carries out what the machine of a person wants after a call.
    pub(super) fn drain(
        &mut self,
        index: usize,
        call: &Call,
        edited: Option<Edited>,
    ) -> Result<(), Box<Failure>> {
        if self.is_taped(index) {
            let machine = &mut self.people[index].machine;
            let outputs: Vec<Output> = std::iter::from_fn(|| machine.poll()).collect();
            self.tape(index, call, edited.as_ref(), &outputs);
            for output in outputs {
                self.do_for_client(index, output)?;
            }
        }
        while let Some(output) = self.people[index].machine.poll() {
            self.do_for_client(index, output)?;
        }
        self.write_on_device(index);
        let now = self.now;
        let person = &mut self.people[index];
        if let (Some(due), Some(connection)) = (person.machine.next_timeout(), person.connection)
            && person.timeout_at.is_none_or(|at| due < at)
        {
            person.timeout_at = Some(due);
            self.later(due.ms_since(now), Event::ClientTimeout(index, connection));
        }
        self.check_received(index)
    }

    pub(super) fn is_taped(&self, index: usize) -> bool {
        self.tape.is_some() && index == 0
    }

    pub(super) fn tape(
        &mut self,
        index: usize,
        call: &Call,
        edited: Option<&Edited>,
        outputs: &[Output],
    ) {
        if index == 0
            && let Some(tape) = &mut self.tape
        {
            tape.push(self.now, call, edited, outputs);
        }
    }

    fn do_for_client(&mut self, index: usize, output: Output) -> Result<(), Box<Failure>> {
        let person = &mut self.people[index];
        if let Some(device) = &mut person.device {
            device.note(&person.machine, &output);
        }
        match output {
            Output::Request { request, message } => self.request(index, request, message),
            Output::FetchSnapshot { url, .. } => self.fetch(index, &url),
            Output::Changed(changed) => {
                let person = &mut self.people[index];
                person.was_reset |= changed.reset;
                let remote = changed
                    .change
                    .iter()
                    .filter(|change| change.revision.is_some());
                person.told += remote.map(|change| change.count).sum::<u64>();
                person.mirror(changed);
            }
            Output::Ack { id, revision } => return self.note_ack(index, &id, revision),
            Output::Conflicts {
                id,
                revision,
                conflicts,
            } => {
                let person = &mut self.people[index];
                person.met.push(Met {
                    life: person.life,
                    sequence: id.sequence,
                    revision,
                    conflicts,
                });
            }
            Output::Reject { kept, error } => {
                return self.note_reject(index, &kept.operation.id, error.code);
            }
            Output::Diverged { revision } => {
                let who = &self.people[index].client;
                let seen = format!("{who} has another document at {revision}");
                return Err(self.failure("converged", seen));
            }
            Output::Ended { error } => {
                return Err(self.failure("liveness", format!("the document ended: {error:?}")));
            }
            Output::RestoreFailed { error } => {
                let who = &self.people[index].client;
                return Err(self.failure("device", format!("{who}: {error:?}")));
            }
            Output::Keep(_) | Output::Session { .. } | Output::Status(_) => {}
        }
        Ok(())
    }

    fn request(&mut self, index: usize, number: u64, wish: Wish) {
        let person = &self.people[index];
        let Some(connection) = person.connection else {
            return;
        };
        let request = match wish {
            Wish::Join(join) => Request::Join(number, person.client.clone(), join),
            Wish::Submit(submit) => Request::Submit(number, submit.session, submit.operations),
            Wish::CatchUp(wish) => Request::CatchUp(number, wish.session, wish.since, wish.entries),
        };
        self.send_to_server(connection, request);
    }

    fn fetch(&mut self, index: usize, url: &str) {
        let Some(connection) = self.people[index].connection else {
            return;
        };
        let revision = url.rsplit('=').next().and_then(|text| text.parse().ok());
        let failed = self.server.room.is_none()
            || self.is_cut(index)
            || self.network_fault(Fault::SnapshotFailed);
        let snapshot = revision
            .filter(|_| !failed)
            .and_then(|revision: Revision| Some((revision, self.log.snapshots.get(&revision)?)))
            .map(|(revision, document)| {
                Box::new(Snapshot {
                    lineage: format!("l{}", self.server.lineage),
                    document: document_id(),
                    revision,
                    content: document.clone(),
                })
            });
        let ms = self.latency();
        self.later(ms, Event::Fetched(index, connection, snapshot));
    }
}
