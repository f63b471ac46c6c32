//! Laws of operations made one after the other: apply, compose, invert.

use coboard_ot::{
    Change, Components, Delta, Document, ItemChange, ItemId, Location, compose, invert,
};

use super::{Chain, Law, Outcome, after};
use crate::model::Model;

pub(super) fn check(outcome: &mut Outcome, chain: &Chain) {
    let [a, b, c] = &chain.ops[..] else { return };
    let [start, ..] = &chain.documents[..] else {
        return;
    };
    for (index, op) in chain.ops.iter().enumerate() {
        let model = Model::of(&chain.documents[index + 1]);
        outcome.same(Law::Apply, "after apply", &model, &chain.models[index + 1]);
        normal_form(outcome, op);
        inverse(outcome, &chain.documents[index], op);
        index_holds(
            outcome,
            &chain.documents[index + 1],
            &chain.models[index + 1],
        );
    }
    let (ab, bc) = (compose(a.clone(), b), compose(b.clone(), c));
    let abc = compose(ab.clone(), c);
    outcome.same(
        Law::Associative,
        "(ab)c, a(bc)",
        &abc,
        &compose(a.clone(), &bc),
    );
    let undone = after(&after(start, &abc), &invert(&abc));
    let expected = after(start, &lasting(&abc));
    outcome.same(Law::Invert, "export", &undone.export(), &expected.export());
    for (op, end) in [(&ab, 2), (&abc, 3)] {
        outcome.same(
            Law::Compose,
            "composed, in turn",
            &after(start, op),
            &chain.documents[end],
        );
        normal_form(outcome, op);
        inverse(outcome, start, op);
        index_holds(outcome, &after(start, op), &chain.models[end]);
    }
}

/// The part of an operation that undo leaves: containers that it ensured, items that it purged.
fn lasting(op: &Components) -> Components {
    let cells = op
        .cells()
        .filter(|(_, _, change)| matches!(change, Change::Ensure(_)))
        .map(|(item, path, change)| (item, path.clone(), change.clone()));
    let items = op
        .items()
        .filter(|(_, change)| matches!(change, ItemChange::Purge))
        .map(|(item, change)| (item, change.clone()));
    Components::from_parts(cells.collect::<Vec<_>>(), items.collect::<Vec<_>>())
        .expect("it is a part of a normal form")
}

/// Undo brings back every item that was and puts the others into trash, so the export is the one before;
/// redo brings back all that came of it.
pub(super) fn inverse(outcome: &mut Outcome, before: &Document, op: &Components) {
    let undo = invert(op);
    let done = after(before, op);
    let before = &after(before, &lasting(op));
    let undone = after(&done, &undo);
    let mut was_there = 0;
    let kept = undone.items().all(|(id, item)| match before.item(id) {
        Some(was) => {
            was_there += 1;
            was == item
        }
        None => item.location == Location::Trash,
    }) && was_there == before.item_count();
    outcome.expect(Law::Invert, kept, || format!("items after undo of {op:?}"));
    let redone = after(&undone, &invert(&undo));
    outcome.same(Law::Invert, "after redo", &redone, &done);
    normal_form(outcome, &undo);
}

/// Taking an operation apart and putting it together changes nothing.
pub(super) fn normal_form(outcome: &mut Outcome, op: &Components) {
    let cells = op.cells().map(|(item, path, change)| {
        let change = match change {
            Change::Text(delta) => Change::Text(Delta::from_parts(delta.parts().to_vec())),
            Change::Set { .. } | Change::Add(_) | Change::Ensure(_) => change.clone(),
        };
        (item, path.clone(), change)
    });
    let items = op.items().map(|(item, change)| (item, change.clone()));
    let again = Components::from_parts(
        cells.collect::<Vec<_>>(),
        items.collect::<Vec<(ItemId, ItemChange)>>(),
    );
    outcome.same(
        Law::NormalForm,
        "put together again",
        &again.as_ref(),
        &Ok(op),
    );
}

/// Lists know their items and their holder, as far as each list is held once.
pub(super) fn index_holds(outcome: &mut Outcome, document: &Document, model: &Model) {
    if !model.is_tree() {
        return;
    }
    let held = model.held_lists();
    let holders = held
        .iter()
        .all(|(list, id)| document.holder(*list) == Some(*id));
    outcome.expect(Law::Index, holders, || format!("holders of {held:?}"));
    for (list, _) in held {
        let mut expected: Vec<_> = model
            .items
            .iter()
            .filter_map(|(id, item)| match &item.location {
                Location::At(of, key) if *of == list => Some((key.as_str(), *id)),
                Location::At(..) | Location::Trash => None,
            })
            .collect();
        expected.sort_unstable();
        let order: Vec<_> = document
            .list(list)
            .map(|(key, id)| (key.as_str(), id))
            .collect();
        outcome.same(Law::Index, "order of a list", &order, &expected);
    }
}
