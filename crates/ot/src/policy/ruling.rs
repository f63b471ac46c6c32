//! The ruling on one operation.

use std::collections::BTreeMap;

use super::contest::Contest;
use super::place::{self, Places};
use super::record::{Decision, Place, conflict};
use super::{Case, Decided, Policy, Ruled, bounce};
use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::Location;
use crate::id::ItemId;
use crate::path::Path;
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

pub(super) struct Ruling<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) contest: &'a Contest,
    places: Places<'a>,
    pub(super) out: Ruled,
    pub(super) decisions: BTreeMap<Place, Decision>,
    /// What the author's own branch holds in cells whose better number is kept.
    pub(super) wanted: Vec<(ItemId, Path, Option<Value>)>,
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

    /// The policy of a cell; with the whole path also of the item.
    pub(super) fn policy_of(&mut self, item: ItemId, path: &Path) -> Policy {
        let ways = self.places.ways(item, path);
        let rule = ways.and_then(|ways| self.case.policies.of(&place::steps(&ways)));
        rule.unwrap_or(self.case.own)
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
}
