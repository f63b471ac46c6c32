//! Of two numbers the larger or the smaller.

use std::cmp::Ordering;

use super::Policy;
use super::contest::Met;
use super::record::conflict;
use super::ruling::Ruling;
use crate::change::Change;
use crate::conflict::{ConflictKind, Winner};
use crate::id::ItemId;
use crate::path::Path;
use crate::value::Value;

impl Ruling<'_> {
    /// Of what the others left and what the author's own branch holds, keeps the better number.
    /// What is no number is left to the later writer.
    pub(super) fn keep_best(
        &mut self,
        policy: Policy,
        met: &Met,
        item: ItemId,
        path: Path,
        change: Change,
    ) {
        let theirs = self.contest.ground().value(item, path.as_str());
        let mine = self.contest.wanted(item, &path, &change);
        let best = mine.as_ref().zip(theirs).and_then(|(mine, theirs)| {
            let order = compare(mine, theirs)?;
            let mine_is_best = if policy == Policy::Max {
                order != Ordering::Less
            } else {
                order != Ordering::Greater
            };
            Some((if mine_is_best { mine } else { theirs }, mine_is_best))
        });
        let Some((best, mine_is_best)) = best else {
            if let Change::Set { .. } = change {
                self.wanted.push((item, path.clone(), None));
            }
            self.out.components.insert_cell(item, path, change);
            return;
        };
        let mut conflict = conflict(
            ConflictKind::LostWrite,
            item,
            path.clone(),
            &change,
            met.theirs.clone(),
        );
        if mine_is_best {
            conflict.winner = Winner::Mine;
        }
        if self.value_after(item, &path, &change).as_ref() == Some(best) {
            self.out.components.insert_cell(item, path.clone(), change);
        } else {
            let set = |old: Option<&Value>| Change::Set {
                old: old.cloned(),
                new: Some(best.clone()),
            };
            let (components, back) = (&mut self.out.components, &mut self.out.back);
            components.insert_cell(item, path.clone(), set(None));
            back.insert_cell(item, path.clone(), set(mine.as_ref()));
        }
        self.decide(policy, Some(met.by), conflict);
        self.wanted.push((item, path, mine));
    }

    /// What the cell holds after the change; `None` if it is absent or the change does not fit.
    fn value_after(&self, item: ItemId, path: &Path, change: &Change) -> Option<Value> {
        if let Change::Set { new, .. } = change {
            return new.clone();
        }
        let mut value = self.case.document.value(item, path.as_str())?.clone();
        value.change("", change).ok()?;
        Some(value)
    }
}

/// The order of two numbers; `None` if one of them is none.
fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    if let (Value::Int(a), Value::Int(b)) = (a, b) {
        return Some(a.cmp(b));
    }
    number(a)?.partial_cmp(&number(b)?)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        // Exact: integers are within 2⁵³.
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Null | Value::Bool(_) | Value::Str(_) | Value::Map(_) | Value::List(_) => None,
    }
}
