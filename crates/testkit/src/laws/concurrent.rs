//! Laws of operations made at the same time: transform in both places of the server order.

use coboard_ot::{
    Change, Components, Container, Document, ItemChange, Side, Value, compose, invert, transform,
};

use super::conflicts;
use super::sequence::{index_holds, inverse, normal_form};
use super::{Chain, Law, Outcome, after};
use crate::merge::merge;
use crate::model::{Model, keys_of};

pub(super) fn check(outcome: &mut Outcome, mine: &Chain, theirs: &Chain) {
    let ([a1, a2, ..], [b1, b2]) = (&mine.ops[..], &theirs.ops[..]) else {
        return;
    };
    let (a, b) = (compose(a1.clone(), a2), compose(b1.clone(), b2));
    let start = Start::new(&mine.models[0], &mine.documents[0]);
    outcome.met = !transform(b1.clone(), a1, Side::Later).conflicts.is_empty();
    start.diamond(outcome, a1, b1);
    start.diamond(outcome, b1, a1);
    start.diamond(outcome, &a, &b);
    start.diamond(outcome, &b, &a);

    // An undo meets an edit made after what it undoes.
    let undone = Start::new(&mine.models[1], &mine.documents[1]);
    let undo = invert(a1);
    undone.diamond(outcome, &undo, a2);
    undone.diamond(outcome, a2, &undo);
    undo_is_modest(outcome, a1, b1);

    for side in [Side::Earlier, Side::Later] {
        over_composed(outcome, b1, a1, a2, side);
        of_composed(outcome, a1, a2, b1, side);
    }
}

/// A state that two operations were made on.
struct Start<'a> {
    model: &'a Model,
    document: &'a Document,
}

impl<'a> Start<'a> {
    fn new(model: &'a Model, document: &'a Document) -> Self {
        Self { model, document }
    }

    /// Everything that must hold for one pair in one order.
    fn diamond(&self, outcome: &mut Outcome, first: &Components, later: &Components) {
        let over_first = transform(later.clone(), first, Side::Later);
        let over_later = transform(first.clone(), later, Side::Earlier);
        let (then, now) = (&over_first.components, &over_later.components);
        let (after_first, after_later) = (after(self.document, first), after(self.document, later));
        let end = after(&after_first, then);
        outcome.same(Law::Diamond, "both orders", &end, &after(&after_later, now));
        for (left, right) in [(first, then), (later, now)] {
            let composed = compose(left.clone(), right);
            outcome.same(
                Law::Diamond,
                "composed",
                &after(self.document, &composed),
                &end,
            );
            normal_form(outcome, right);
            normal_form(outcome, &composed);
            inverse(outcome, self.document, &composed);
        }
        let merged = merge(self.model, first, later);
        outcome.same(Law::Merge, "transformed, merged", &Model::of(&end), &merged);
        for (document, op) in [(&after_first, then), (&after_later, now)] {
            inverse(outcome, document, op);
            filled(outcome, document, op);
        }
        self.index(outcome, [&after_first, &after_later], &end, &merged);
        conflicts::check(
            outcome,
            first,
            later,
            &over_later.conflicts,
            &over_first.conflicts,
        );
    }

    fn index(
        &self,
        outcome: &mut Outcome,
        between: [&Document; 2],
        end: &Document,
        merged: &Model,
    ) {
        // A list that was held twice on the way has lost its holder; commit prevents that.
        if between.iter().all(|document| Model::of(document).is_tree()) && self.model.is_tree() {
            index_holds(outcome, end, merged);
        }
    }
}

/// Every old value is what stands in the document.
fn filled(outcome: &mut Outcome, document: &Document, op: &Components) {
    for (item, path, change) in op.cells() {
        let here = document.value(item, path.as_str());
        match change {
            Change::Set { old, .. } => {
                outcome.same(Law::Fill, "old value", &old.as_ref(), &here);
            }
            Change::Text(delta) => {
                let full = match here {
                    Some(Value::Str(text)) => delta.filled(text),
                    _ => None,
                };
                outcome.same(Law::Fill, "deleted text", &full.as_ref(), &Some(delta));
            }
            // It is kept only where nothing stands, or what it is to replace.
            Change::Ensure(container) => {
                let replaced = match container {
                    Container::Map | Container::List(_) => None,
                    Container::MapOver(list) => Some(Value::List(*list)),
                };
                outcome.same(Law::Fill, "ensured cell", &here, &replaced.as_ref());
            }
            Change::Add(_) => {}
        }
    }
    for (item, change) in op.items() {
        if let ItemChange::Move { old, .. } = change {
            let here = document.item(item).map(|item| &item.location);
            outcome.same(Law::Fill, "old location", &Some(old), &here);
        }
    }
}

fn over_composed(
    outcome: &mut Outcome,
    op: &Components,
    a: &Components,
    b: &Components,
    side: Side,
) {
    let at_once = transform(op.clone(), &compose(a.clone(), b), side).components;
    let over_a = transform(op.clone(), a, side).components;
    let in_turn = transform(over_a, b, side).components;
    outcome.same(Law::OverComposed, "at once, in turn", &at_once, &in_turn);
}

fn of_composed(
    outcome: &mut Outcome,
    a: &Components,
    b: &Components,
    over: &Components,
    side: Side,
) {
    let whole = transform(compose(a.clone(), b), over, side).components;
    let over_a = transform(over.clone(), a, side.opposite()).components;
    let parts = compose(
        transform(a.clone(), over, side).components,
        &transform(b.clone(), &over_a, side).components,
    );
    outcome.same(Law::OfComposed, "whole, parts", &whole, &parts);
}

/// The undo of `a`, rewritten over what `b` wrote since, touches no register that `b` wrote.
fn undo_is_modest(outcome: &mut Outcome, a: &Components, b: &Components) {
    let since = transform(b.clone(), a, Side::Later).components;
    let undo = transform(invert(a), &since, Side::Earlier).components;
    let cells = since.cells().all(|(item, path, change)| {
        let written = matches!(change, Change::Set { .. });
        let keys = keys_of(path.as_str());
        !written
            || !undo
                .cells()
                .any(|(i, p, _)| i == item && keys_of(p.as_str()) == keys)
    });
    let items = since.items().all(|(item, _)| undo.item(item).is_none());
    outcome.expect(Law::Undo, cells && items, || {
        format!("{undo:?} over {since:?}")
    });
}
