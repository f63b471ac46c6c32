//! Laws of operations made at the same time: transform in both places of the server order.

use coboard_ot::{
    Change, Components, Container, Document, ItemChange, Side, Transformed, Value, compose, invert,
    transform,
};

use super::sequence::{index_holds, inverse, normal_form};
use super::{Chain, Law, Outcome, after, committed, conflicts};
use crate::merge::merge;
use crate::model::{Model, keys_of};

/// Each two of the people are a pair: their first operations, and the next one of each of them for
/// the laws of grouping.
pub(super) fn check(outcome: &mut Outcome, chains: &[Chain]) {
    let [mine, theirs, ..] = chains else { return };
    let start = Start::new(&mine.models[0], &mine.documents[0]);
    let people: Vec<Person<'_>> = chains.iter().map(Person::new).collect();
    for (index, one) in people.iter().enumerate() {
        for other in &people[index + 1..] {
            pair(outcome, &start, one, other);
        }
    }
    // Composed ones, on top of the pairs.
    let [a, b] =
        [mine, theirs].map(|chain| Made::on(&start, compose(chain.ops[0].clone(), &chain.ops[1])));
    start.diamond(outcome, &a, &b);
    start.diamond(outcome, &b, &a);
    // An undo meets an edit made after what it undoes.
    let undone = Start::new(&mine.models[1], &mine.documents[1]);
    let undo = Made::on(&undone, invert(&mine.ops[0]));
    let next = Made::on(&undone, mine.ops[1].clone());
    undone.diamond(outcome, &undo, &next);
    undone.diamond(outcome, &next, &undo);
}

/// The laws of one pair, in both orders and with both in both roles.
fn pair(outcome: &mut Outcome, start: &Start<'_>, one: &Person<'_>, other: &Person<'_>) {
    let ahead = start.diamond(outcome, &one.first, &other.first);
    let behind = start.diamond(outcome, &other.first, &one.first);
    outcome.pairs += 1;
    outcome.met += u64::from(!ahead.then.conflicts.is_empty());
    outcome.coverage.count(&one.first.op, &other.first.op);
    outcome.coverage.count(&other.first.op, &one.first.op);
    let [one_earlier, other_later] = [&ahead.now.components, &ahead.then.components];
    let [other_earlier, one_later] = [&behind.now.components, &behind.then.components];
    grouped(
        outcome,
        one,
        other,
        (one_earlier, other_later),
        Side::Earlier,
    );
    grouped(outcome, one, other, (one_later, other_earlier), Side::Later);
    grouped(
        outcome,
        other,
        one,
        (other_earlier, one_later),
        Side::Earlier,
    );
    grouped(outcome, other, one, (other_later, one_earlier), Side::Later);
    undo_is_modest(outcome, &one.first.op, &one.undo, other_later);
    undo_is_modest(outcome, &other.first.op, &other.undo, one_later);
}

/// What one person made, with what all pairs that it is in have in common.
struct Person<'a> {
    first: Made,
    next: &'a Components,
    both: Components,
    undo: Components,
}

impl<'a> Person<'a> {
    fn new(chain: &'a Chain) -> Self {
        let op = chain.ops[0].clone();
        Self {
            next: &chain.ops[1],
            both: compose(op.clone(), &chain.ops[1]),
            undo: invert(&op),
            first: Made {
                op,
                is_tree: chain.models[1].is_tree(),
                model: chain.models[1].clone(),
                document: chain.documents[1].clone(),
            },
        }
    }
}

/// An operation and the state after it alone.
struct Made {
    op: Components,
    model: Model,
    is_tree: bool,
    document: Document,
}

impl Made {
    fn on(start: &Start<'_>, op: Components) -> Self {
        let mut model = start.model.clone();
        model.apply(&op);
        Self {
            document: after(start.document, &op),
            is_tree: model.is_tree(),
            model,
            op,
        }
    }
}

/// The two operations of a diamond, each over the other.
struct Met {
    /// The later over the first.
    then: Transformed,
    /// The first over the later.
    now: Transformed,
}

/// A state that two operations were made on.
struct Start<'a> {
    model: &'a Model,
    is_tree: bool,
    document: &'a Document,
}

impl<'a> Start<'a> {
    fn new(model: &'a Model, document: &'a Document) -> Self {
        Self {
            model,
            is_tree: model.is_tree(),
            document,
        }
    }

    /// Everything that must hold for one pair in one order.
    fn diamond(&self, outcome: &mut Outcome, first: &Made, later: &Made) -> Met {
        let met = Met {
            then: transform(later.op.clone(), &first.op, Side::Later),
            now: transform(first.op.clone(), &later.op, Side::Earlier),
        };
        let (then, now) = (&met.then.components, &met.now.components);
        let end = after(&first.document, then);
        let other_end = after(&later.document, now);
        outcome.same_state(Law::Diamond, "both orders", &end, &other_end);
        let merged = merge(self.model, &first.op, &later.op);
        outcome.expect(Law::Merge, merged.is(&end), || {
            format!("transformed, merged\n  left  {end:?}\n  right {merged:?}")
        });
        for (left, right, there) in [(first, then, &end), (later, now, &other_end)] {
            let composed = compose(left.op.clone(), right);
            let at_once = after(self.document, &composed);
            outcome.same_state(Law::Diamond, "composed", &at_once, &end);
            normal_form(outcome, right);
            normal_form(outcome, &composed);
            inverse(outcome, self.document, &composed, &at_once);
            inverse(outcome, &left.document, right, there);
            filled(outcome, &left.document, right);
        }
        // A list that was held twice on the way has lost its holder; commit prevents that.
        if self.is_tree && first.is_tree && later.is_tree {
            if merged.is_tree() {
                index_holds(outcome, &end, &merged);
            }
            committed::one(outcome, &first.document, &first.model, then);
        }
        let conflicts = (&met.now.conflicts[..], &met.then.conflicts[..]);
        conflicts::check(outcome, &first.op, &later.op, conflicts);
        met
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

/// L6, L7 and L3 of one pair: `mine` is the first operation of `person` over that of `other` with
/// `side`, `theirs` the other way round.
fn grouped(
    outcome: &mut Outcome,
    person: &Person<'_>,
    other: &Person<'_>,
    (mine, theirs): (&Components, &Components),
    side: Side,
) {
    let over = &other.first.op;
    let whole = transform(person.both.clone(), over, side).components;
    let next = transform(person.next.clone(), theirs, side).components;
    let parts = compose(mine.clone(), &next);
    outcome.same(Law::OfComposed, "whole, parts", &whole, &parts);
    let at_once = transform(over.clone(), &person.both, side.opposite()).components;
    let in_turn = transform(theirs.clone(), person.next, side.opposite()).components;
    outcome.same(Law::OverComposed, "at once, in turn", &at_once, &in_turn);
    outcome.same(
        Law::Associative,
        "(ab)c, a(bc)",
        &compose(compose(over.clone(), mine), &next),
        &compose(over.clone(), &parts),
    );
}

/// The undo of `op`, rewritten over what was written `since`, touches no register of that.
fn undo_is_modest(outcome: &mut Outcome, op: &Components, undo: &Components, since: &Components) {
    let undo = transform(undo.clone(), since, Side::Earlier).components;
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
        format!("{undo:?} of {op:?} over {since:?}")
    });
}
