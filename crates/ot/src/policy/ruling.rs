//! The ruling on one operation.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::contest::{Contest, Met};
use super::place::{self, Places};
use super::{Case, Decided, Policy, Ruled, bounce};
use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::Location;
use crate::id::ItemId;
use crate::path::Path;
use crate::transform::intent_of;
use crate::value::Value;

/// Rewrites a transformed operation by the policies, and its conflicts with it.
///
/// Pure, apart from the contest, which remembers what the author wanted. Cost: O(components · log);
/// for each component that met something also the way up to the root, through the values (not the
/// lists) on that way, and the rules.
pub fn rule(
    case: &Case<'_>,
    contest: &mut Contest,
    op: Components,
    conflicts: &mut Vec<Decided>,
) -> Ruled {
    let mut ruling = Ruling {
        case,
        contest,
        places: Places::new(contest.ground(), contest.deleted()),
        out: Ruled::default(),
        decisions: BTreeMap::new(),
        wanted: Vec::new(),
    };
    for (item, cells) in op.cells {
        let deleted = contest.deletion_of(item);
        for (path, change) in cells {
            ruling.cell(item, path, change, deleted);
        }
    }
    for (item, change) in op.items {
        ruling.item(item, change);
    }
    bounce::bounce(&mut ruling);
    ruling.tell(conflicts);
    let Ruling { out, wanted, .. } = ruling;
    for (item, path, number) in wanted {
        contest.want(item, path, number);
    }
    out
}

/// A cell, or an item as a whole.
type Place = (ItemId, Option<Path>);

pub(super) struct Ruling<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) contest: &'a Contest,
    places: Places<'a>,
    pub(super) out: Ruled,
    decisions: BTreeMap<Place, Decision>,
    /// What the author's own branch holds in cells whose better number is kept.
    wanted: Vec<(ItemId, Path, Option<Value>)>,
}

/// What became of a component.
struct Decision {
    policy: Policy,
    by: Option<u64>,
    /// The record, if the algebra wrote none.
    conflict: Conflict,
}

impl Ruling<'_> {
    fn cell(&mut self, item: ItemId, path: Path, change: Change, deleted: Option<u64>) {
        let met = self.contest.met_at(item, &path);
        if met.is_some() || deleted.is_some() {
            let policy = self.policy_of(item, &path);
            if let Some(met) = met {
                if policy.is_first() && !self.is_equal(item, &path, &change) {
                    let (kind, theirs) = (ConflictKind::LostWrite, met.theirs.clone());
                    let conflict = conflict(kind, item, path, &change, theirs);
                    return self.drop_cell(policy, met.by, conflict);
                }
                if matches!(policy, Policy::Max | Policy::Min) {
                    return self.keep_best(policy, met, item, path, change);
                }
            }
            if let (Policy::DeleteWins, Some(by)) = (policy, deleted) {
                let theirs = Intent::Location(Location::Trash);
                let kind = ConflictKind::EditInDeleted;
                let conflict = conflict(kind, item, path, &change, theirs);
                return self.drop_cell(policy, by, conflict);
            }
        }
        self.out.components.insert_cell(item, path, change);
    }

    fn item(&mut self, item: ItemId, change: ItemChange) {
        let contest = self.contest;
        let (met, deleted) = (contest.met_item(item), contest.deletion_of(item));
        if let ItemChange::Move { old, new } = &change
            && (met.is_some() || deleted.is_some())
            && *new != self.location(item)
        {
            let policy = self.policy_of(item, &Path::whole());
            let drop = match (met, deleted) {
                (Some(met), _) if policy.is_first() => Some((met.by, met.theirs.clone())),
                (_, Some(by)) if policy == Policy::DeleteWins => {
                    Some((by, Intent::Location(Location::Trash)))
                }
                (Some(_) | None, Some(_) | None) => None,
            };
            if let Some((by, theirs)) = drop {
                let trash = Intent::Location(Location::Trash);
                let kind = if theirs == trash || *new == Location::Trash {
                    ConflictKind::MoveVsDelete
                } else {
                    ConflictKind::ConcurrentMove
                };
                return self.drop_move(policy, Some(by), kind, item, (old, new), theirs);
            }
        }
        self.out.components.items.insert(item, change);
    }

    /// Leaves a cell as the others left it.
    fn drop_cell(&mut self, policy: Policy, by: u64, conflict: Conflict) {
        let (item, path) = (
            conflict.item,
            conflict.path.clone().unwrap_or_else(Path::whole),
        );
        let back = Change::Set {
            old: None,
            new: self.case.document.value(item, path.as_str()).cloned(),
        };
        self.out.back.insert_cell(item, path, back);
        self.decide(policy, Some(by), conflict);
    }

    /// Leaves an item where the others left it.
    pub(super) fn drop_move(
        &mut self,
        policy: Policy,
        by: Option<u64>,
        kind: ConflictKind,
        item: ItemId,
        (old, new): (&Location, &Location),
        theirs: Intent,
    ) {
        let back = ItemChange::Move {
            old: new.clone(),
            new: self.location(item),
        };
        self.out.back.items.insert(item, back);
        let conflict = Conflict {
            kind,
            item,
            path: None,
            before: Intent::Location(old.clone()),
            mine: Intent::Location(new.clone()),
            theirs,
            winner: Winner::Theirs,
        };
        self.decide(policy, by, conflict);
    }

    /// Of what the others left and what the author's own branch holds, keeps the better number.
    /// What is no number is left to the later writer.
    fn keep_best(&mut self, policy: Policy, met: &Met, item: ItemId, path: Path, change: Change) {
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

    fn decide(&mut self, policy: Policy, by: Option<u64>, conflict: Conflict) {
        let place = (conflict.item, conflict.path.clone());
        let decision = Decision {
            policy,
            by,
            conflict,
        };
        self.decisions.insert(place, decision);
    }

    /// Brings the records in line with what was decided, and adds those of losses that have none.
    fn tell(&mut self, conflicts: &mut Vec<Decided>) {
        for decided in conflicts.iter_mut() {
            let place = (decided.conflict.item, decided.conflict.path.clone());
            if let Some(decision) = self.decisions.get(&place) {
                decided.conflict.winner = decision.conflict.winner;
                decided.policy = Some(decision.policy);
            } else if decided.conflict.winner == Winner::Theirs {
                // The algebra dropped it; the policy would have done the same.
                let path = place.1.unwrap_or_else(Path::whole);
                let policy = self.policy_of(place.0, &path);
                decided.policy = policy.is_first().then_some(policy);
            }
        }
        for decided in conflicts.iter() {
            let place = (decided.conflict.item, decided.conflict.path.clone());
            self.decisions.remove(&place);
        }
        let decisions = std::mem::take(&mut self.decisions).into_values();
        let lost = decisions.filter(|decision| decision.conflict.winner == Winner::Theirs);
        conflicts.extend(lost.map(|decision| Decided {
            conflict: decision.conflict,
            policy: Some(decision.policy),
            by: decision.by,
        }));
    }

    /// The policy of a cell; with the whole path also of the item.
    pub(super) fn policy_of(&mut self, item: ItemId, path: &Path) -> Policy {
        let ways = self.places.ways(item, path);
        let policy = ways.map(|ways| self.case.policies.of(&place::steps(&ways)));
        policy
            .filter(|policy| *policy != Policy::Lww)
            .unwrap_or(self.case.own)
    }

    /// Where an item stands.
    fn location(&self, item: ItemId) -> Location {
        let found = self.case.document.item(item);
        found.map_or(Location::Trash, |item| item.location.clone())
    }

    /// Whether the change writes what stands there: then nobody loses anything.
    fn is_equal(&self, item: ItemId, path: &Path, change: &Change) -> bool {
        let here = self.case.document.value(item, path.as_str());
        matches!(change, Change::Set { new, .. } if new.as_ref() == here)
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

fn conflict(
    kind: ConflictKind,
    item: ItemId,
    path: Path,
    change: &Change,
    theirs: Intent,
) -> Conflict {
    Conflict {
        kind,
        item,
        path: Some(path),
        before: match change {
            Change::Set { old, .. } => Intent::of_value(old.clone()),
            Change::Add(_) | Change::Text(_) | Change::Ensure(_) => Intent::Absent,
        },
        mine: intent_of(change),
        theirs,
        winner: Winner::Theirs,
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
