//! What a submit did not see when it was made, and how its operations get past it.

use std::collections::{BTreeMap, BTreeSet};

use coboard_ot::{Components, Contest, Decided, ItemId, Side, Winner, follow};
use coboard_protocol::{Kind, LogEntry, OperationId, Revision};

use super::io::Submission;
use super::size;
use super::upkeep::is_by_room;
use crate::covered::Covered;
use crate::difference::{give_way, gives_way};

/// Most work of one submit, in bytes that are read or written again. Beyond it a client resets.
/// About 250,000 transforms, a quarter of a second on a slow core. Measured 2026-11, typing in one text.
const REBASE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// What passing one component of an operation costs for each entry, in bytes.
const COMPONENT_BYTES: usize = 64;

/// Stands in for the revision of a correction: after all entries.
const CORRECTION: Revision = Revision::MAX;

/// The entries since the base of a submit that touch what its operations touch, as far as these
/// have come. All others commute with them.
#[derive(Debug)]
pub(super) struct Past {
    base: Revision,
    /// The newest entry that was looked at.
    upto: Revision,
    /// Items that the operations touch.
    touched: BTreeSet<ItemId>,
    /// How many operations there are.
    operations: usize,
    /// How many components they have together.
    components: usize,
    work_bytes: usize,
    /// Sorted by revision; corrections come last.
    entries: Vec<PastEntry>,
    /// What of the entries the operations cover so far; noted only if one of them takes something back.
    covered: Option<Covered>,
    /// What policies go by.
    pub(super) contest: Contest,
    /// The operations of entries that may be met, by revision.
    met: BTreeMap<Revision, OperationId>,
}

#[derive(Debug)]
struct PastEntry {
    /// Beyond every revision for a correction.
    revision: Revision,
    /// Sorted.
    touched: Vec<ItemId>,
    components: Components,
    /// Whether the room wrote it: a renumbering, which also concerns what is put between its items.
    by_room: bool,
}

/// The entries have a hole, or to transform over them would take too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TooOld;

impl Past {
    pub(super) fn new(base: Revision, operations: &[Submission]) -> Self {
        let made = || operations.iter().flatten().map(|op| &op.components);
        let takes_back = operations
            .iter()
            .flatten()
            .any(|op| gives_way(op.meta.kind));
        Self {
            base,
            upto: base,
            touched: made().flat_map(Components::touched).collect(),
            operations: operations.len(),
            components: made().map(Components::len).sum(),
            work_bytes: 0,
            entries: Vec::new(),
            covered: takes_back.then(Covered::default),
            contest: Contest::default(),
            met: BTreeMap::new(),
        }
    }

    pub(super) fn base(&self) -> Revision {
        self.base
    }

    pub(super) fn upto(&self) -> Revision {
        self.upto
    }

    /// Takes in the entries that come next; those it has are skipped.
    pub(super) fn take<'a>(
        &mut self,
        entries: impl IntoIterator<Item = &'a LogEntry>,
    ) -> Result<(), TooOld> {
        for entry in entries {
            if entry.revision <= self.upto {
                continue;
            }
            if entry.revision != self.upto + 1 {
                return Err(TooOld);
            }
            self.upto = entry.revision;
            let deletes = self.contest.pass(&entry.components, entry.revision);
            if deletes {
                self.met.insert(entry.revision, entry.id.clone());
            }
            let touched: Vec<ItemId> = entry.components.touched().collect();
            let by_room = is_by_room(&entry.id.client);
            if !by_room && !touched.iter().any(|item| self.touched.contains(item)) {
                continue;
            }
            self.work_bytes += self.operations * size::of_components(&entry.components)
                + self.components * COMPONENT_BYTES;
            if self.work_bytes > REBASE_BYTES_MAX {
                return Err(TooOld);
            }
            self.met.insert(entry.revision, entry.id.clone());
            self.entries.push(PastEntry {
                revision: entry.revision,
                touched,
                components: entry.components.clone(),
                by_room,
            });
        }
        Ok(())
    }

    /// The operation of an entry that was met.
    pub(super) fn operation(&self, revision: Revision) -> Option<&OperationId> {
        self.met.get(&revision)
    }

    /// Brings an operation past everything. What follows was made on it. One that takes something
    /// back loses against what others wrote. The contest is kept only if a policy will ask for it.
    pub(super) fn pass(
        &mut self,
        op: Components,
        kind: Kind,
        contested: bool,
    ) -> (Components, Vec<Decided>) {
        let contest = contested.then_some(&mut self.contest);
        let Some(covered) = &mut self.covered else {
            return pass(&mut self.entries, op, kind, contest);
        };
        // An edit covers what it was written over; one that takes such an edit back uncovers it.
        if !gives_way(kind) {
            let before = op.clone();
            let (op, conflicts) = pass(&mut self.entries, op, kind, contest);
            covered.note(&before, &op);
            return (op, conflicts);
        }
        let (op, conflicts) = pass(&mut self.entries, op, kind, contest);
        let (op, below) = covered.uncover(op);
        self.correct(below);
        (op, conflicts)
    }

    /// What follows was made on an operation that became another one by `back`.
    pub(super) fn correct(&mut self, back: Components) {
        if back.is_empty() {
            return;
        }
        self.entries.push(PastEntry {
            revision: CORRECTION,
            by_room: false,
            touched: back.touched().collect(),
            components: back,
        });
    }

    /// Brings an operation past that stands at `revision` itself: what was committed before it
    /// moves behind it, and what was committed after it was made on it already.
    pub(super) fn pass_repeated(&mut self, revision: Revision, op: Components, kind: Kind) {
        let before = self
            .entries
            .partition_point(|entry| entry.revision < revision);
        if let Some(entries) = self.entries.get_mut(..before) {
            pass(entries, op, kind, None);
        }
        self.entries.retain(|entry| entry.revision != revision);
    }
}

/// Transforms an operation over entries, and these over the operation.
fn pass(
    entries: &mut [PastEntry],
    op: Components,
    kind: Kind,
    mut contest: Option<&mut Contest>,
) -> (Components, Vec<Decided>) {
    let touched: Vec<ItemId> = op.touched().collect();
    let mut op = op;
    let mut conflicts = Vec::new();
    for entry in entries {
        if entry.by_room {
            op = follow(op, &entry.components);
        }
        if !share(&entry.touched, &touched) {
            continue;
        }
        let is_correction = entry.revision == CORRECTION;
        if let Some(contest) = contest.as_deref_mut()
            && !is_correction
        {
            contest.meet(&op, &entry.components, entry.revision);
        }
        let met;
        if gives_way(kind) && !is_correction && !entry.by_room {
            (op, entry.components, met) = give_way(op, &entry.components);
        } else {
            met = coboard_ot::pass(&mut op, &mut entry.components, Side::Later);
        }
        conflicts.extend(
            met.into_iter()
                // What is written over a correction meets nobody's change.
                .filter(|conflict| !is_correction || conflict.winner == Winner::Theirs)
                .map(|conflict| Decided {
                    conflict,
                    policy: None,
                    by: (!is_correction).then_some(entry.revision),
                }),
        );
    }
    (op, conflicts)
}

/// Whether two sorted lists have an item in common. Cost: O(shorter · log longer).
fn share(a: &[ItemId], b: &[ItemId]) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.iter().any(|item| long.binary_search(item).is_ok())
}
