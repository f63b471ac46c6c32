//! Undo and redo of own operations over those of others.

use coboard_ot::{Components, commit, compose, follow, invert, pass_newer, rebase};
use coboard_protocol::limits::UNDO_STEPS_MAX;
use coboard_protocol::{Kind, Meta, OperationId};

use super::edit::{Edited, within_limits};
use super::weight::Weight;
use super::{Client, Steps};
use crate::covered::Covered;
use crate::difference::effective;
use crate::time::Time;

/// What can be taken back, and what was.
///
/// The top step of each stack applies to the view; each one below applies once those above it
/// are undone. All are brought past foreign changes by [`pass_newer`]: they lose ties, so that an
/// undo never overwrites somebody else's newer value, not even inside of a value.
#[derive(Debug, Default)]
pub(super) struct Undo {
    undo: Vec<UndoStep>,
    redo: Vec<UndoStep>,
}

#[derive(Debug)]
struct UndoStep {
    inverse: Components,
    weight: Weight,
    label: Option<String>,
    gesture: Option<String>,
    of: OperationId,
    /// Sequence of the first operation of the gesture; `of` is the last one.
    first: u64,
}

impl UndoStep {
    fn is_of(&self, id: &OperationId) -> bool {
        self.of.client == id.client && (self.first..=self.of.sequence).contains(&id.sequence)
    }
}

impl Undo {
    pub(super) fn undo_steps(&self) -> Steps {
        steps(&self.undo)
    }

    pub(super) fn redo_steps(&self) -> Steps {
        steps(&self.redo)
    }

    /// Remembers an edit of so many bytes. One that goes on with the last gesture joins its step, as long
    /// as that can be taken back by one operation.
    fn record(&mut self, made: &Components, bytes: usize, meta: &Meta, of: OperationId) {
        self.redo.clear();
        let inverse = invert(made);
        if let Some(top) = self.undo.last_mut()
            && top.gesture.is_some()
            && top.gesture == meta.gesture
            && top
                .weight
                .takes(bytes, || compose(inverse.clone(), &top.inverse))
        {
            top.inverse = compose(inverse, &top.inverse);
            top.of = of;
            return;
        }
        let step = UndoStep {
            inverse,
            // What takes a change back has what it took away, as the change has what it put there.
            weight: Weight::of(bytes),
            label: meta.label.clone(),
            gesture: meta.gesture.clone(),
            first: of.sequence,
            of,
        };
        push(&mut self.undo, step);
    }

    /// Moves both stacks over a foreign change as the view saw it.
    pub(super) fn transform_over(&mut self, over: &Components) {
        self.pass(over, None);
    }

    /// Steps that take back what covers changes of others bring these back.
    pub(super) fn uncover(&mut self, covered: &Covered) {
        for stack in [&mut self.undo, &mut self.redo] {
            let mut over = Components::new();
            for step in stack.iter_mut().rev() {
                let inverse = std::mem::take(&mut step.inverse);
                let (inverse, behind) = pass_newer(inverse, over);
                let (inverse, below) = covered.uncover(inverse);
                step.inverse = inverse;
                over = compose(behind, &below);
            }
            stack.retain(|step| !step.inverse.is_empty());
        }
    }

    /// Moves both stacks over a renumbering: places follow it, and it is nobody's newer value.
    /// `over` is what the view saw of it.
    pub(super) fn follow(&mut self, renumbering: &Components, over: &Components) {
        for stack in [&mut self.undo, &mut self.redo] {
            let mut over = over.clone();
            for step in stack.iter_mut().rev() {
                step.inverse = follow(std::mem::take(&mut step.inverse), renumbering);
                over = rebase([&mut step.inverse], over);
            }
            stack.retain(|step| !step.inverse.is_empty());
        }
    }

    /// The own operation `id` is committed, and what the person did since has steps of its own: what
    /// takes it back is exactly the inverse of what was committed. Before, it had to leave out what
    /// others wrote since it was made; now it is known that this came first. False if the step has
    /// other operations too, or is not there.
    pub(super) fn committed(&mut self, id: &OperationId, as_committed: &Components) -> bool {
        let stacks = [&mut self.undo, &mut self.redo];
        let mut steps = stacks.into_iter().flatten();
        match steps.find(|step| step.of == *id && step.first == id.sequence) {
            Some(step) => {
                step.inverse = invert(as_committed);
                true
            }
            None => false,
        }
    }

    /// Moves both stacks over what the server made of the own operation `id`. The step of `id`
    /// takes it up and takes it back with the rest; the steps below it never see it.
    pub(super) fn absorb(&mut self, id: &OperationId, over: &Components) {
        self.pass(over, Some(id));
    }

    fn pass(&mut self, over: &Components, of: Option<&OperationId>) {
        for stack in [&mut self.undo, &mut self.redo] {
            let mut over = over.clone();
            for step in stack.iter_mut().rev() {
                if over.is_empty() {
                    break;
                }
                let inverse = std::mem::take(&mut step.inverse);
                if of.is_some_and(|id| step.is_of(id)) {
                    step.inverse = effective(&compose(invert(&over), &inverse));
                    break;
                }
                (step.inverse, over) = pass_newer(inverse, over);
            }
            stack.retain(|step| !step.inverse.is_empty());
        }
    }

    /// Drops the step of an operation that was refused.
    pub(super) fn forget(&mut self, id: &OperationId) {
        self.undo.retain(|step| step.of != *id);
        self.redo.retain(|step| step.of != *id);
    }
}

impl Client {
    /// Takes the newest own step back, as an ordinary operation. Nothing to undo gives an edit without id.
    pub fn undo(&mut self, now: Time) -> Edited {
        self.step(now, Kind::Undo)
    }

    /// Takes the newest undo back.
    pub fn redo(&mut self, now: Time) -> Edited {
        self.step(now, Kind::Redo)
    }

    /// Remembers an edit for undo.
    pub(super) fn record_undo(
        &mut self,
        made: &Components,
        bytes: usize,
        meta: &Meta,
        of: OperationId,
    ) {
        self.undo.record(made, bytes, meta, of);
    }

    fn step(&mut self, now: Time, kind: Kind) -> Edited {
        loop {
            let stack = match kind {
                Kind::Redo => &mut self.undo.redo,
                Kind::Edit | Kind::Undo | Kind::Restore | Kind::Import | Kind::Fixup => {
                    &mut self.undo.undo
                }
            };
            let Some(step) = stack.pop() else {
                return Edited::default();
            };
            // What no longer applies is left out; a step of which nothing is left is passed over.
            let components = commit(&self.view, step.inverse.clone()).components;
            if components.is_empty() {
                continue;
            }
            let bytes = match within_limits(&components) {
                Ok(bytes) => bytes,
                Err(error) => {
                    // It stays, for those below it apply to what it leaves.
                    stack.push(step);
                    return Edited {
                        error: Some(error),
                        ..Edited::default()
                    };
                }
            };
            let inverse = invert(&components);
            let meta = Meta {
                kind,
                label: step.label.clone(),
                undo_of: Some(step.of),
                client_time_ms: Some(now.as_ms()),
                ..Meta::default()
            };
            let edited = self.make(now, components, bytes, meta);
            if let Some(of) = edited.id.clone() {
                let back = UndoStep {
                    inverse,
                    weight: Weight::of(bytes),
                    label: step.label,
                    gesture: None,
                    first: of.sequence,
                    of,
                };
                match kind {
                    Kind::Redo => push(&mut self.undo.undo, back),
                    Kind::Edit | Kind::Undo | Kind::Restore | Kind::Import | Kind::Fixup => {
                        push(&mut self.undo.redo, back);
                    }
                }
            }
            self.settle(now);
            return edited;
        }
    }
}

fn push(stack: &mut Vec<UndoStep>, step: UndoStep) {
    if stack.len() == UNDO_STEPS_MAX {
        stack.remove(0);
    }
    stack.push(step);
}

fn steps(stack: &[UndoStep]) -> Steps {
    Steps {
        count: stack.len(),
        label: stack.last().and_then(|step| step.label.clone()),
    }
}
