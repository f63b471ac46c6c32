//! A room alone: the test is its sessions and its storage.

use coboard_engine::room::{
    Answer, AppendFailure, Input, Join, KnownOperation, Output, Room, RoomState, Submission,
};
use coboard_engine::{Time, import_components};
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use coboard_protocol::message::{Role, SubmitResult};
use coboard_protocol::ot::{Document, ItemId};
use coboard_protocol::{
    ClientId, ErrorBody, LogEntry, Meta, Operation, OperationId, PathPolicy, Revision, SessionId,
    User,
};
use serde_json::{Value as Json, json};

/// A room whose requests to storage wait until the test answers them.
pub(crate) struct Desk {
    pub(crate) room: Room,
    pub(crate) now: Time,
    /// What is in the log, with fingerprints.
    pub(crate) log: Vec<(LogEntry, u64)>,
    appending: Option<Vec<(LogEntry, u64)>>,
    pub(crate) outputs: Vec<Output>,
    next_request: u64,
}

pub(crate) fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned())
        .ok()
        .expect("the id is a legal one")
}

fn user() -> User {
    User {
        id: id("u1"),
        name: "U".to_owned(),
    }
}

/// An operation of `client`, with its sequence, on `base`.
/// An id that a client makes.
pub(crate) fn made(client: u32, counter: u32) -> String {
    ItemId::new(client, counter).to_string()
}

pub(crate) fn op(client: &str, sequence: u64, base: Revision, components: Json) -> Submission {
    of_kind("edit", client, sequence, base, components)
}

pub(crate) fn of_kind(
    kind: &str,
    client: &str,
    sequence: u64,
    base: Revision,
    components: Json,
) -> Submission {
    let json = json!({
        "id": {"client": client, "sequence": sequence},
        "base": base,
        "components": components,
        "meta": {"kind": kind},
    });
    Ok(serde_json::from_value::<Operation>(json).expect("an operation"))
}

/// Components that edit the text of the board.
pub(crate) fn text(delta: Json) -> Json {
    json!({"cells": {"@0/text": {"t": delta}}})
}

/// Components that set a cell of the board.
pub(crate) fn set(key: &str, value: impl Into<Json>) -> Json {
    json!({"cells": {format!("@0/{key}"): {"s": [value.into()]}}})
}

impl Desk {
    /// A room of a board with a text, and the clients `c1` and `c2` in it, numbers 1 and 2.
    pub(crate) fn new(text: &str) -> Self {
        Self::of(&json!({"text": text, "count": 0, "tags": ["a"]}))
    }

    fn open_on(plain: &coboard_protocol::ot::Json) -> Self {
        let components = import_components(plain);
        let mut document = Document::new();
        document.apply(&components);
        let entry = LogEntry {
            id: OperationId {
                client: id("import"),
                sequence: 1,
            },
            revision: 1,
            components,
            meta: Meta::default(),
            author: id("u1"),
            server_time_ms: 0,
            conflicts: Vec::new(),
        };
        let log = vec![(entry, 0)];
        let mut desk = Self {
            room: open(document, &log, 0),
            now: Time::from_ms(1_000),
            log,
            appending: None,
            outputs: Vec::new(),
            next_request: 1,
        };
        for client in ["c1", "c2"] {
            desk.join(client);
        }
        desk.outputs.clear();
        desk
    }

    /// A room of any board, as [`new`](Self::new) makes one.
    pub(crate) fn of(board: &Json) -> Self {
        Self::open_on(&plain_from_json(board).expect("plain JSON"))
    }

    /// Other policies hold: pairs of a path and a policy.
    pub(crate) fn policies(&mut self, policies: &[(&str, &str)]) {
        let rules = policies
            .iter()
            .map(|(path, policy)| json!({"path": path, "policy": policy}));
        let rules: Vec<PathPolicy> = rules
            .map(|rule| serde_json::from_value(rule).expect("a rule"))
            .collect();
        self.give(Input::Policies {
            policies: rules,
            author: user(),
        });
    }

    /// Another room on what is stored; `tail` entries are in memory. `c1` and `c2` join again.
    pub(crate) fn reopen(&mut self, tail: usize) {
        self.room = open(self.room.document().clone(), &self.log, tail);
        for client in ["c1", "c2"] {
            self.join(client);
        }
        self.outputs.clear();
    }

    /// Somebody else commits `count` operations, so that the oldest ones leave the memory.
    pub(crate) fn grow_by(&mut self, count: u64) {
        for _ in 0..count {
            let base = self.room.revision();
            let sequence = base;
            let request = self.send("c1", vec![op("c1", sequence, base, set("b", base))]);
            assert!(self.store(Ok(())));
            assert_eq!(self.results(request), [base + 1]);
        }
    }

    pub(crate) fn give(&mut self, input: Input) {
        self.room.handle(self.now, input);
        while let Some(output) = self.room.poll() {
            if let Output::Append {
                entries,
                fingerprints,
                ..
            } = &output
            {
                let run = entries.iter().cloned().zip(fingerprints.iter().copied());
                self.appending = Some(run.collect());
            }
            self.outputs.push(output);
        }
    }

    /// A client joins; its session is `s-` and its name.
    pub(crate) fn join(&mut self, client: &str) -> u64 {
        self.join_as(client, &format!("s-{client}"))
    }

    pub(crate) fn join_as(&mut self, client: &str, session: &str) -> u64 {
        self.join_in_role(client, session, user(), Role::Editor)
    }

    pub(crate) fn join_in_role(
        &mut self,
        client: &str,
        session: &str,
        user: User,
        role: Role,
    ) -> u64 {
        let request = self.request();
        let client: ClientId = id(client);
        let of_client = self
            .log
            .iter()
            .filter(|(entry, _)| entry.id.client == client);
        let last_sequence = of_client.map(|(entry, _)| entry.id.sequence).max();
        self.give(Input::Join(Join {
            request,
            session: id(session),
            client_number: client.as_str()[1..].parse().expect("a number"),
            last_sequence: last_sequence.unwrap_or(0),
            client,
            user,
            role,
            revision: Some(1),
            lineage: None,
            inflight: Vec::new(),
            known: Vec::new(),
        }));
        request
    }

    pub(crate) fn leave(&mut self, session: &str) {
        self.give(Input::Leave {
            session: id::<SessionId>(session),
        });
    }

    /// Gives a submit to the room and nothing else. The number of the request.
    pub(crate) fn send(&mut self, client: &str, operations: Vec<Submission>) -> u64 {
        let request = self.request();
        self.give(Input::Submit {
            request,
            session: id(&format!("s-{client}")),
            operations,
        });
        request
    }

    /// Submits, stores and gives the results: a revision or the code of the error.
    pub(crate) fn submit(&mut self, client: &str, operations: Vec<Submission>) -> Vec<Json> {
        let request = self.send(client, operations);
        self.work();
        self.results(request)
    }

    /// Storage does everything it was asked for.
    pub(crate) fn work(&mut self) {
        while self.store(Ok(())) || self.read() || self.find() {}
    }

    /// Storage ends the append. False if there is none.
    pub(crate) fn store(&mut self, result: Result<(), AppendFailure>) -> bool {
        let Some(run) = self.appending.take() else {
            return false;
        };
        if result.is_ok() {
            self.log.extend(run);
        }
        self.give(Input::Appended { result });
        true
    }

    /// Storage answers the oldest read. False if there is none.
    pub(crate) fn read(&mut self) -> bool {
        let wanted = |output: &Output| matches!(output, Output::ReadLog { .. });
        let Some(Output::ReadLog {
            request,
            since,
            limit,
        }) = self.take(wanted)
        else {
            return false;
        };
        let entries = self.log.iter().filter(|(entry, _)| entry.revision > since);
        let entries = entries
            .take(limit)
            .map(|(entry, _)| entry.clone())
            .collect();
        self.give(Input::LogRead { request, entries });
        true
    }

    /// Storage answers the oldest look-up. False if there is none.
    pub(crate) fn find(&mut self) -> bool {
        let wanted = |output: &Output| matches!(output, Output::Find { .. });
        let Some(Output::Find { request, ids }) = self.take(wanted) else {
            return false;
        };
        let found = self.log.iter().filter(|(entry, _)| ids.contains(&entry.id));
        let known = found
            .map(|(entry, fingerprint)| KnownOperation {
                id: entry.id.clone(),
                revision: entry.revision,
                fingerprint: *fingerprint,
            })
            .collect();
        self.give(Input::Found { request, known });
        true
    }

    /// The oldest output that is wanted.
    pub(crate) fn take(&mut self, wanted: impl Fn(&Output) -> bool) -> Option<Output> {
        let index = self.outputs.iter().position(wanted)?;
        Some(self.outputs.remove(index))
    }

    /// The answer to a request, if it is there.
    pub(crate) fn answer(&mut self, to: u64) -> Option<Answer> {
        let wanted =
            |output: &Output| matches!(output, Output::Answer { request, .. } if *request == to);
        match self.take(wanted) {
            Some(Output::Answer { answer, .. }) => Some(answer),
            _ => None,
        }
    }

    /// The error of a whole request.
    pub(crate) fn error(&mut self, request: u64) -> ErrorBody {
        match self.answer(request).expect("it is answered") {
            Answer::Joined(Err(error)) | Answer::Submitted(Err(error)) => error,
            Answer::CaughtUp(Err(error)) | Answer::Written(Err(error)) => error,
            answer @ (Answer::Joined(Ok(_))
            | Answer::Submitted(Ok(_))
            | Answer::CaughtUp(Ok(_))
            | Answer::Written(Ok(_))) => panic!("no error: {answer:?}"),
        }
    }

    /// The results of a submit: a revision or the code of the error each.
    pub(crate) fn results(&mut self, request: u64) -> Vec<Json> {
        let Some(Answer::Submitted(result)) = self.answer(request) else {
            panic!("it is answered");
        };
        let results = match result {
            Ok(submitted) => submitted.results,
            Err(error) => return vec![json!(error.code)],
        };
        results
            .into_iter()
            .map(|result| match result {
                SubmitResult::Ack { revision, .. } => json!(revision),
                SubmitResult::Reject { error, .. } => json!(error.code),
            })
            .collect()
    }

    pub(crate) fn content(&self) -> Json {
        plain_to_json(&self.room.document().export())
    }

    pub(crate) fn request(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request
    }
}

fn open(document: Document, log: &[(LogEntry, u64)], tail: usize) -> Room {
    let kept = &log[log.len() - tail..];
    Room::open(RoomState {
        document_id: id("d1"),
        lineage: "l1".to_owned(),
        document,
        revision: log.len() as Revision,
        tail: kept.iter().map(|(entry, _)| entry.clone()).collect(),
        snapshot: 1,
        policies: Vec::new(),
    })
}
