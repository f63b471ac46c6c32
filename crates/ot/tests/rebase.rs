//! Both sides brought past each other in place are what one transform at a time makes of them.

use coboard_ot::{
    Change, Components, ItemId, Path, Side, Value, compose, pass, pass_newer, rebase, transform,
};
use coboard_testkit::{Generator, Model, Random, Taste, build};

const CASES: u64 = 3_000;

/// Operations of one person, each made on the one before.
fn session(generator: &mut Generator, model: &Model, client: u32, count: usize) -> Vec<Components> {
    let mut model = model.clone();
    (0..count)
        .map(|_| {
            let edits = generator.edits(&model, client);
            build(&mut model, &edits)
        })
        .collect()
}

#[test]
fn operations_kept_apart_end_as_one_transform_at_a_time_does() {
    let (mut met, mut histories) = (0, 0);
    for case in 0..CASES {
        let mut generator = Generator::new(Random::new(11, case), Taste::Text);
        let model = generator.document();
        let mut pending = session(&mut generator, &model, 1, 1 + case as usize % 6);
        let history = session(&mut generator, &model, 2, 1 + case as usize % 9)
            .iter()
            .fold(Components::new(), compose);
        histories += usize::from(history.len() > pending[0].len());
        let mut expected = Vec::new();
        let mut over = history.clone();
        for op in &pending {
            let transformed = transform(op.clone(), &over, Side::Later);
            met += usize::from(!transformed.conflicts.is_empty());
            expected.push(transformed.components);
            over = transform(over, op, Side::Earlier).components;
        }
        let rebased = rebase(pending.iter_mut(), history);
        assert_eq!((pending, rebased), (expected, over), "case {case}");
    }
    assert!(
        met > CASES as usize / 10,
        "{met} of the operations met something"
    );
    assert!(histories > CASES as usize / 2, "{histories} were longer");
}

#[test]
fn passing_is_a_transform_of_each_over_the_other() {
    for case in 0..CASES {
        let mut generator = Generator::new(Random::new(12, case), Taste::Text);
        let model = generator.document();
        let mut one = |client, count| {
            session(&mut generator, &model, client, count)
                .iter()
                .fold(Components::new(), compose)
        };
        // Sometimes the one is larger, sometimes the other.
        let (op, over) = (one(1, 1 + case as usize % 5), one(2, 1 + case as usize % 3));
        for side in [Side::Earlier, Side::Later] {
            let (mut here, mut there) = (op.clone(), over.clone());
            let conflicts = pass(&mut here, &mut there, side);
            let forth = transform(op.clone(), &over, side);
            let back = transform(over.clone(), &op, side.opposite());
            assert_eq!(here, forth.components, "case {case}");
            assert_eq!(there, back.components, "case {case}");
            assert_eq!(conflicts, forth.conflicts, "case {case}");
        }
    }
}

/// An undo of several widgets at once, all of them changed by others since: none is overwritten, and
/// what was undone before meets all that they wrote.
#[test]
fn what_is_newer_passes_every_item_of_an_undo() {
    let set = |from: &str, to: &str| {
        let parts = [1, 2, 3].map(|counter| {
            let (old, new) = (Some(Value::Str(from.into())), Some(Value::Str(to.into())));
            let change = Change::Set { old, new };
            Components::of_cell(ItemId::new(1, counter), Path::of(["title"]), change)
        });
        let [first, second, third] = parts;
        compose(compose(first, &second), &third)
    };
    let (kept, passed) = pass_newer(set("mine", "before"), set("mine", "theirs"));
    assert_eq!(kept, Components::new());
    assert_eq!(passed, set("before", "theirs"));
}
