//! What is told about decisions.

use super::ruling::Ruling;
use super::{Decided, Policy};
use crate::change::Change;
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::id::ItemId;
use crate::path::Path;
use crate::transform::intent_of;

/// A cell, or an item as a whole.
pub(super) type Place = (ItemId, Option<Path>);

/// What became of a component.
pub(super) struct Decision {
    pub(super) policy: Policy,
    pub(super) by: Option<u64>,
    /// The record, if the algebra wrote none.
    pub(super) conflict: Conflict,
}

impl Ruling<'_> {
    pub(super) fn decide(&mut self, policy: Policy, by: Option<u64>, conflict: Conflict) {
        let place = (conflict.item, conflict.path.clone());
        let decision = Decision {
            policy,
            by,
            conflict,
        };
        self.decisions.insert(place, decision);
    }

    /// Brings the records in line with what was decided, and adds those of losses that have none.
    pub(super) fn tell(&mut self, conflicts: &mut Vec<Decided>) {
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
}

/// The record of a change that lost to `theirs`.
pub(super) fn conflict(
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
