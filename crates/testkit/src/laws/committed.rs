//! Laws of commit: the committed form applies as a whole, whatever came in.

use coboard_ot::{
    Change, Committed, Components, ConflictKind, Container, Delta, Document, ItemChange, ItemId,
    Location, Part, Side, commit, compose, transform,
};

use super::sequence::{index_holds, inverse};
use super::{Chain, Law, Outcome, after};
use crate::model::{Model, keys_of};

pub(super) fn check(outcome: &mut Outcome, mine: &Chain, theirs: &Chain, stray: &Chain) {
    for (index, op) in mine.ops.iter().enumerate() {
        // What is generated keeps a tree; what is left of it while shrinking may not.
        if !mine.models[index..=index + 1].iter().all(Model::is_tree) {
            continue;
        }
        let document = &mine.documents[index];
        let committed = commit(document, without_old(op));
        outcome.same(Law::Commit, "filled in, as made", &committed.components, op);
        let broken = committed
            .conflicts
            .iter()
            .any(|c| c.kind == ConflictKind::Cycle);
        outcome.expect(Law::Commit, !broken, || format!("a cycle in {op:?}"));
    }
    // A log: what each of them made on the first state, one after the other.
    let stray = &stray.ops[1];
    let mut document = mine.documents[0].clone();
    let mut model = mine.models[0].clone();
    let mut log = Components::new();
    for op in [&mine.ops[0], &theirs.ops[0], stray, &theirs.ops[1]] {
        let op = transform(op.clone(), &log, Side::Later).components;
        let committed = one(outcome, &document, &model, &op);
        let before = document.clone();
        document.apply(&committed.components);
        inverse(outcome, &before, &committed.components, &document);
        model = Model::of(&document);
        log = compose(log, &committed.components);
        let composed = after(&mine.documents[0], &log);
        outcome.same_state(Law::Commit, "composed log, in turn", &composed, &document);
        if model.is_tree() {
            index_holds(outcome, &document, &model);
        }
    }
    one(outcome, &mine.documents[0], &mine.models[0], stray);
}

/// Commits an operation of which perhaps nothing fits. `model` is that of the document.
pub(super) fn one(
    outcome: &mut Outcome,
    document: &Document,
    model: &Model,
    op: &Components,
) -> Committed {
    let committed = commit(document, op.clone());
    let again = commit(document, committed.components.clone());
    outcome.same(
        Law::Commit,
        "again",
        &again.components,
        &committed.components,
    );
    let end = after(document, &committed.components);
    // What was made on the document as a whole, its caller has undone already.
    if committed.components != *op {
        inverse(outcome, document, &committed.components, &end);
    }
    let op = &without_map_over(op);
    let mut expected = model.clone();
    expected.apply(op);
    if expected.is_tree() {
        exactly_what_fits(outcome, model, op, &committed.components);
        outcome.expect(Law::Commit, expected.is(&end), || {
            format!("committed, applied\n  left  {end:?}\n  right {expected:?}")
        });
    } else {
        let cycle = committed
            .conflicts
            .iter()
            .any(|c| c.kind == ConflictKind::Cycle);
        outcome.expect(Law::Commit, cycle, || {
            format!("no word of a cycle in {op:?}")
        });
        outcome.expect(Law::Commit, Model::of(&end).is_tree(), || {
            format!("no tree after {op:?}")
        });
    }
    committed
}

/// What fits was kept and what does not was dropped. A component alone tells whether it fits, for
/// those of a normal form depend on each other only below a container that they ensure.
fn exactly_what_fits(
    outcome: &mut Outcome,
    model: &Model,
    op: &Components,
    committed: &Components,
) {
    let mut fitting = 0;
    // The item of the cells that are looked at, with what the operation ensured in it so far.
    let mut ensured = (ItemId::ROOT, model.only(ItemId::ROOT));
    for (item, path, change) in op.cells() {
        if ensured.0 != item {
            ensured = (item, model.only(item));
        }
        let keys = keys_of(path.as_str());
        let fits = match change {
            Change::Ensure(container) => ensured.1.ensure(item, &keys, *container),
            Change::Set { .. } | Change::Add(_) | Change::Text(_) => {
                ensured.1.clone().change(item, &keys, change)
            }
        };
        let kept = committed.cell(item, path).is_some();
        fitting += usize::from(fits);
        outcome.same(Law::Commit, "cell fits, is kept", &fits, &kept);
    }
    for (item, change) in op.items() {
        let fits = model.only(item).item_change(item, change);
        fitting += usize::from(fits);
        let kept = committed.item(item).is_some();
        outcome.same(Law::Commit, "item fits, is kept", &fits, &kept);
    }
    outcome.same(Law::Commit, "kept", &fitting, &committed.len());
}

/// The operation without the maps that transform puts in the place of ensured lists: commit leaves
/// such a list where it is, for it was there first.
fn without_map_over(op: &Components) -> Components {
    if !op
        .cells()
        .any(|(_, _, change)| matches!(change, Change::Ensure(_)))
    {
        return op.clone();
    }
    let cells = op
        .cells()
        .filter(|(_, _, change)| !matches!(change, Change::Ensure(Container::MapOver(_))))
        .map(|(item, path, change)| (item, path.clone(), change.clone()));
    let items = op.items().map(|(item, change)| (item, change.clone()));
    Components::from_parts(cells.collect::<Vec<_>>(), items.collect::<Vec<_>>())
        .expect("a component was taken out of a normal form")
}

/// The operation as it may come from the wire: nothing says what it replaces.
fn without_old(op: &Components) -> Components {
    let cells = op.cells().map(|(item, path, change)| {
        let change = match change {
            Change::Set { new, .. } => Change::Set {
                old: None,
                new: new.clone(),
            },
            Change::Add(by) => Change::Add(*by),
            Change::Text(delta) => Change::Text(without_deleted(delta)),
            Change::Ensure(container) => Change::Ensure(*container),
        };
        (item, path.clone(), change)
    });
    let items = op.items().map(|(item, change)| {
        let change = match change {
            ItemChange::Move { new, .. } => ItemChange::Move {
                old: Location::Trash,
                new: new.clone(),
            },
            ItemChange::New { .. } | ItemChange::Purge => change.clone(),
        };
        (item, change)
    });
    Components::from_parts(cells.collect::<Vec<_>>(), items.collect::<Vec<_>>())
        .expect("only old values were taken out of a normal form")
}

fn without_deleted(delta: &Delta) -> Delta {
    Delta::from_parts(delta.parts().iter().map(|part| match part {
        Part::Delete { count, .. } => Part::Delete {
            count: *count,
            text: None,
        },
        Part::Skip(_) | Part::Insert(_) => part.clone(),
    }))
}
