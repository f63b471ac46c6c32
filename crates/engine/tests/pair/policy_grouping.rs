//! The outcome under each policy is the same whether a client sends its changes as one operation or
//! as several of one submit.

use coboard_engine::Time;
use coboard_engine::room::{Answer, Input, Join, Output, Room, RoomState};
use coboard_protocol::message::{Role, SubmitResult};
use coboard_protocol::ot::{
    Components, Document, ItemChange, ItemId, Json, PathPattern, Policy, compose,
};
use coboard_protocol::{Meta, Operation, OperationId, PathPolicy, SessionId, User};
use coboard_testkit::{Generator, Model, Random, Taste, build};

use crate::desk::id;

const RUNS: u64 = 1_000;
const POLICIES: [Policy; 7] = [
    Policy::First,
    Policy::Reject,
    Policy::Manual,
    Policy::DeleteWins,
    Policy::Bounce,
    Policy::Max,
    Policy::Min,
];

/// What a submit did.
struct Outcome {
    content: Json,
    document: Document,
    /// Conflicts of the late submit, and those of them that a policy decided.
    conflicts: usize,
    decided: usize,
}

/// A room on `base` with one policy everywhere: `theirs` come first, then `mine` on the same base.
fn outcome(
    base: &Document,
    policy: Policy,
    theirs: &[Components],
    mine: &[Components],
) -> Option<Outcome> {
    let path = PathPattern::parse("/**").expect("a pattern");
    let mut room = Room::open(RoomState {
        document_id: id("d1"),
        lineage: "l1".to_owned(),
        document: base.clone(),
        revision: 1,
        tail: Vec::new(),
        snapshot: 1,
        policies: vec![PathPolicy { path, policy }],
    });
    for number in [1, 2] {
        give(&mut room, Input::Join(join(number)));
    }
    for (sequence, components) in (1..).zip(theirs) {
        let (base, op) = (room.revision(), std::slice::from_ref(components));
        submit(&mut room, 2, sequence, base, op)?;
    }
    let results = submit(&mut room, 1, 1, 1, mine)?;
    let met = results.iter().flat_map(|result| match result {
        SubmitResult::Ack { conflicts, .. } => conflicts.as_slice(),
        SubmitResult::Reject { .. } => &[],
    });
    let (conflicts, decided) = met.fold((0, 0), |(all, decided), conflict| {
        (all + 1, decided + usize::from(conflict.policy.is_some()))
    });
    Some(Outcome {
        content: room.document().export(),
        document: room.document().clone(),
        conflicts,
        decided,
    })
}

fn join(number: u32) -> Join {
    Join {
        request: u64::from(number),
        session: session(number),
        client: id(&format!("c{number}")),
        client_number: number,
        last_sequence: 0,
        user: User {
            id: id("u1"),
            name: "U".to_owned(),
        },
        role: Role::Editor,
        revision: Some(1),
        lineage: None,
        inflight: Vec::new(),
        known: Vec::new(),
    }
}

fn session(number: u32) -> SessionId {
    id(&format!("s{number}"))
}

/// The answer to the newest request, storage doing at once what it is asked for.
fn give(room: &mut Room, input: Input) -> Option<Answer> {
    let now = Time::from_ms(1);
    room.handle(now, input);
    let mut last = None;
    while let Some(output) = room.poll() {
        match output {
            Output::Append { .. } => room.handle(now, Input::Appended { result: Ok(()) }),
            Output::Answer { answer, .. } => last = Some(answer),
            Output::ReadLog { .. }
            | Output::Find { .. }
            | Output::SaveSnapshot { .. }
            | Output::Committed(_)
            | Output::PoliciesChanged(_)
            | Output::Presence(_)
            | Output::Head(_)
            | Output::Ended { .. } => {}
        }
    }
    last
}

/// The results, `None` if one of the operations was refused.
fn submit(
    room: &mut Room,
    number: u32,
    first: u64,
    base: u64,
    components: &[Components],
) -> Option<Vec<SubmitResult>> {
    let operations = (first..).zip(components).map(|(sequence, components)| {
        Ok(Operation {
            id: OperationId {
                client: id(&format!("c{number}")),
                sequence,
            },
            base,
            components: components.clone(),
            meta: Meta::default(),
        })
    });
    let input = Input::Submit {
        request: 9,
        session: session(number),
        operations: operations.collect(),
    };
    let Some(Answer::Submitted(Ok(submitted))) = give(room, input) else {
        panic!("it is answered");
    };
    let accepted = |result: &SubmitResult| matches!(result, SubmitResult::Ack { .. });
    submitted
        .results
        .iter()
        .all(accepted)
        .then_some(submitted.results)
}

/// Operations that were made one after the other from `base` on.
fn chain(generator: &mut Generator, base: &Model, client: u32, count: usize) -> Vec<Components> {
    let mut model = base.clone();
    let mut chain = Vec::new();
    for _ in 0..count {
        let edits = generator.edits(&model, client);
        chain.push(build(&mut model, &edits));
    }
    chain
}

/// Whether a change is no longer told apart in the whole: the author replaced what it was in, or
/// moved an item that is new. Nobody can rule on it then.
fn is_swallowed(mine: &[Components], grouped: &Components) -> bool {
    mine.iter().any(|op| {
        let mut cells = op.cells();
        let mut items = op.items();
        cells.any(|(item, path, _)| grouped.cell(item, path).is_none())
            || items.any(|(item, change)| {
                let is_new = |change: &ItemChange| matches!(change, ItemChange::New { .. });
                !is_new(change) && grouped.item(item).is_none_or(is_new)
            })
    })
}

/// Whether an item is moved by several operations: it bounces to where the one before left it.
fn moves_twice(mine: &[Components]) -> bool {
    let moved = mine.iter().flat_map(|op| op.items().map(|(item, _)| item));
    let mut items: Vec<ItemId> = moved.collect();
    items.sort_unstable();
    items.windows(2).any(|pair| pair[0] == pair[1])
}

#[test]
fn grouping_does_not_matter_under_any_policy() {
    for policy in POLICIES {
        let (mut compared, mut met, mut decided) = (0, 0, 0);
        for seed in 0..RUNS {
            let taste = if seed % 2 == 0 {
                Taste::Structure
            } else {
                Taste::Text
            };
            let mut generator = Generator::new(Random::new(seed, 7), taste);
            let model = generator.document();
            let base = model.to_document();
            let theirs = chain(&mut generator, &model, 2, 1 + (seed % 3) as usize);
            let mine = chain(&mut generator, &model, 1, 2 + (seed % 2) as usize);
            let grouped = [mine.iter().fold(Components::new(), compose)];
            if is_swallowed(&mine, &grouped[0]) || (policy == Policy::Bounce && moves_twice(&mine))
            {
                continue;
            }
            // Where it matters to the algebra alone (a circle of moves), no policy can help.
            let plain = |mine: &[Components]| outcome(&base, Policy::Lww, &theirs, mine);
            let (Some(one), Some(many)) = (plain(&grouped), plain(&mine)) else {
                continue;
            };
            if one.content != many.content {
                continue;
            }
            let ruled = |mine: &[Components]| outcome(&base, policy, &theirs, mine);
            let (Some(one), Some(many)) = (ruled(&grouped), ruled(&mine)) else {
                continue;
            };
            assert_eq!(
                one.content, many.content,
                "{policy:?} seed {seed}\n{theirs:?}\n{mine:?}"
            );
            for outcome in [&one, &many] {
                let all = Model::of(&outcome.document);
                assert!(all.is_tree(), "{policy:?} seed {seed}");
                assert!(outcome.document.is_reachable(ItemId::ROOT));
            }
            compared += 1;
            met += usize::from(many.conflicts > 0);
            decided += usize::from(many.decided > 0);
        }
        println!("{policy:?}: {compared} compared, {met} met something, {decided} decided");
        assert!(compared > RUNS / 4, "{policy:?}: {compared}");
        assert!(
            met * 20 > compared as usize,
            "{policy:?}: {met} of {compared}"
        );
        assert!(
            decided * 500 > compared as usize,
            "{policy:?}: {decided} of {compared}"
        );
    }
}
