//! Laws of operations made one after the other: apply, compose, invert.

use coboard_ot::{
    Change, Components, Delta, Document, ItemChange, ItemId, Location, compose, invert,
};

use super::{Chain, Law, Outcome, after};
use crate::model::Model;

pub(super) fn check(outcome: &mut Outcome, chain: &Chain) {
    for (index, op) in chain.ops.iter().enumerate() {
        let (before, done) = (&chain.documents[index], &chain.documents[index + 1]);
        let model = &chain.models[index + 1];
        outcome.expect(Law::Apply, model.is(done), || {
            format!("after apply of {op:?}\n  left  {done:?}\n  right {model:?}")
        });
        normal_form(outcome, op);
        inverse(outcome, before, op, done);
        if model.is_tree() {
            index_holds(outcome, done, model);
        }
    }
    let [start, .., end] = &chain.documents[..] else {
        return;
    };
    let composed = chain.ops.iter().fold(Components::new(), compose);
    outcome.same_state(
        Law::Compose,
        "composed, in turn",
        &after(start, &composed),
        end,
    );
    normal_form(outcome, &composed);
    inverse(outcome, start, &composed, end);
    let undone = after(end, &invert(&composed));
    let expected = after(start, &lasting(&composed));
    outcome.same(Law::Invert, "export", &undone.export(), &expected.export());
    if let [a, b, c] = &chain.ops[..] {
        let grouped = compose(a.clone(), &compose(b.clone(), c));
        outcome.same(Law::Associative, "(ab)c, a(bc)", &composed, &grouped);
    }
}

/// The part of an operation that undo leaves: containers that it ensured, items that it purged.
fn lasting(op: &Components) -> Components {
    let lasts = op
        .cells()
        .any(|(_, _, change)| matches!(change, Change::Ensure(_)))
        || op
            .items()
            .any(|(_, change)| matches!(change, ItemChange::Purge));
    if !lasts {
        return Components::new();
    }
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
/// redo brings back all that came of it. `done` is the document after `op`.
pub(super) fn inverse(outcome: &mut Outcome, before: &Document, op: &Components, done: &Document) {
    let undo = invert(op);
    let lasting = lasting(op);
    let left;
    let before = if lasting.is_empty() {
        before
    } else {
        left = after(before, &lasting);
        &left
    };
    let undone = after(done, &undo);
    let kept = is_undone(&undone, before);
    outcome.expect(Law::Invert, kept, || format!("items after undo of {op:?}"));
    let redone = after(&undone, &invert(&undo));
    outcome.same_state(Law::Invert, "after redo", &redone, done);
    normal_form(outcome, &undo);
}

/// Whether all items of `before` are the same, and those that came since are in trash.
fn is_undone(undone: &Document, before: &Document) -> bool {
    let mut earlier = before.items().peekable();
    let same = undone
        .items()
        .all(|(id, item)| match earlier.next_if(|(was, _)| *was == id) {
            Some((_, was)) => std::ptr::eq(was, item) || was == item,
            None => item.location == Location::Trash,
        });
    same && earlier.next().is_none()
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

/// Lists know their items and their holder, as far as each list is held once; `model` is a tree.
pub(super) fn index_holds(outcome: &mut Outcome, document: &Document, model: &Model) {
    let held = model.held_lists();
    let holders = held
        .iter()
        .all(|(list, id)| document.holder(*list) == Some(*id));
    outcome.expect(Law::Index, holders, || format!("holders of {held:?}"));
    let mut rows: Vec<_> = model
        .items
        .iter()
        .filter_map(|(id, item)| match &item.location {
            Location::At(list, key) => Some((*list, key.as_str(), *id)),
            Location::Trash => None,
        })
        .collect();
    rows.sort_unstable();
    for (list, _) in held {
        let from = rows.partition_point(|(of, _, _)| *of < list);
        let expected = rows[from..].iter().take_while(|(of, _, _)| *of == list);
        let order = document.list(list);
        let same = order
            .map(|(key, id)| (list, key.as_str(), id))
            .eq(expected.copied());
        outcome.expect(Law::Index, same, || format!("order of list {list}"));
    }
}
