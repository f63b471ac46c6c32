//! The server's room without storage: commits, one to a submit and many.

use coboard_engine::Time;
use coboard_engine::room::{Input, Join, Output, Room, RoomState};
use coboard_protocol::message::Role;
use coboard_protocol::ot::{Components, Document};
use coboard_protocol::{
    ClientId, DocumentId, Meta, Operation, OperationId, Revision, SessionId, User, UserId,
};

use crate::board::{Board, WIDGETS_100_KB};
use crate::case::{Case, Entry, batch};
use crate::script;

/// Commits of one run.
const COMMITS: usize = 1_000;

/// A cell that no other depends on.
const UNIT: [&str; 2] = ["fieldConfig", "unit"];
/// A place on the grid: the widgets that it covers make way.
const X: [&str; 2] = ["gridPos", "x"];

/// The cases of this file.
pub fn cases() -> Vec<Entry> {
    vec![
        Entry::core("server commit, 1 in a submit", || commits(1, UNIT)),
        Entry::core("server commit, 50 in a submit", || commits(50, UNIT)),
        Entry::core("server commit, a widget on others", || commits(1, X)),
    ]
}

fn commits(per_submit: usize, cell: [&'static str; 2]) -> Box<dyn Case> {
    let board = Board::new(WIDGETS_100_KB);
    let mut desk = Desk::new(&board.document);
    let ops: Vec<Components> = (0..COMMITS)
        .map(|n| script::set(board.widgets[n % board.widgets.len()], cell, n as i64))
        .collect();
    // The room lives on from run to run: sequences and revisions are counted before the work.
    let (mut sequence, mut revision) = (0, 0);
    let prepare = move || {
        let operations = ops.iter().map(|components| {
            sequence += 1;
            operation(sequence, revision, components.clone())
        });
        let operations: Vec<Operation> = operations.collect();
        revision += operations.len() as Revision;
        let mut submits: Vec<Vec<Operation>> =
            operations.chunks(per_submit).map(<[_]>::to_vec).collect();
        for (index, submit) in submits.iter_mut().enumerate() {
            for operation in submit {
                operation.base += (index * per_submit) as Revision;
            }
        }
        submits
    };
    batch(COMMITS, prepare, move |submits: Vec<Vec<Operation>>| {
        for operations in submits {
            desk.submit(operations);
        }
    })
}

/// A room and somebody who stands in for its storage.
struct Desk {
    room: Room,
    request: u64,
}

impl Desk {
    fn new(document: &Document) -> Self {
        let room = Room::open(RoomState {
            document_id: DocumentId::try_from("board").expect("legal"),
            lineage: "1".into(),
            document: document.clone(),
            revision: 0,
            tail: Vec::new(),
            snapshot: 0,
            policies: Vec::new(),
        });
        let mut desk = Self { room, request: 0 };
        desk.give(Input::Join(Join {
            request: 0,
            session: session(),
            client: client(),
            client_number: 1,
            last_sequence: 0,
            user: User {
                id: UserId::try_from("u").expect("legal"),
                name: "U".into(),
            },
            role: Role::Editor,
            revision: None,
            lineage: None,
            inflight: Vec::new(),
            known: Vec::new(),
        }));
        desk
    }

    fn submit(&mut self, operations: Vec<Operation>) {
        let before = self.room.revision();
        let count = operations.len() as Revision;
        self.request += 1;
        self.give(Input::Submit {
            request: self.request,
            session: session(),
            operations: operations.into_iter().map(Ok).collect(),
        });
        assert_eq!(self.room.revision(), before + count);
    }

    fn give(&mut self, input: Input) {
        let now = Time::from_ms(1_000);
        self.room.handle(now, input);
        while let Some(output) = self.room.poll() {
            match output {
                Output::Append { .. } => self.room.handle(now, Input::Appended { result: Ok(()) }),
                Output::SaveSnapshot { revision, .. } => {
                    self.room.handle(now, Input::SnapshotSaved { revision });
                }
                Output::Answer { .. }
                | Output::ReadLog { .. }
                | Output::Find { .. }
                | Output::Committed(_)
                | Output::Presence(_)
                | Output::Head(_)
                | Output::PoliciesChanged(_)
                | Output::Ended { .. } => {}
            }
        }
    }
}

fn operation(sequence: u64, base: Revision, components: Components) -> Operation {
    Operation {
        id: OperationId {
            client: client(),
            sequence,
        },
        base,
        components,
        meta: Meta::default(),
    }
}

fn client() -> ClientId {
    ClientId::try_from("c").expect("legal")
}

fn session() -> SessionId {
    SessionId::try_from("s").expect("legal")
}
