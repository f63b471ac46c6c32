//! People move, resize, insert and delete widgets at the same time; grids must stay sound.
//!
//! A case is a small dashboard and some rounds. In each round every client makes an edit on the
//! same content; they are transformed, committed and settled in turn as a room does it. After each
//! commit a checker that knows nothing of `settle` looks at every grid.

mod board;
mod checker;
mod draft;
mod edits;

use coboard_layout::settle;
use coboard_ot::{Components, Document, Side, commit, compose, invert, transform};

use crate::random::Random;
pub use checker::Faults;
use checker::{Place, Places};

/// Clients that edit at the same time.
const CLIENTS: u32 = 3;
/// Edits of one case. Committed or not: one whose widget was deleted may come to nothing.
pub const EDITS_PER_CASE: u64 = 48;

/// What many cases came to. Equal tallies mean equal layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Edits that were made.
    pub edits: u64,
    /// Edits of which something was committed.
    pub committed: u64,
    /// Edits that needed a correction.
    pub corrected: u64,
    /// Cells that were corrected.
    pub cells: u64,
    /// What must be zero.
    pub faults: Faults,
    /// The first case with a fault.
    pub failed: Option<u64>,
    /// Of all places after each commit; independent of the order of the cases.
    pub hash: u64,
}

impl Tally {
    /// The two together.
    pub fn join(&mut self, other: &Self) {
        self.edits += other.edits;
        self.committed += other.committed;
        self.corrected += other.corrected;
        self.cells += other.cells;
        self.faults.join(&other.faults);
        self.failed = [self.failed, other.failed].into_iter().flatten().min();
        self.hash = self.hash.wrapping_add(other.hash);
    }

    /// Everything in one line, to be compared with another build's.
    pub fn line(&self) -> String {
        let Self {
            edits,
            committed,
            corrected,
            cells,
            faults,
            hash,
            ..
        } = self;
        let Faults {
            overlaps,
            outside,
            taken,
            needless,
            restless,
        } = faults;
        format!(
            "edits {edits} committed {committed} corrected {corrected} cells {cells} \
             overlaps {overlaps} outside {outside} taken {taken} needless {needless} \
             restless {restless} hash {hash:016x}"
        )
    }
}

/// Plays the cases `from..from + count` of a seed.
pub fn play(seed: u64, from: u64, count: u64) -> Tally {
    let mut tally = Tally::default();
    for number in from..from + count {
        let mut one = Case::new(seed, number).play();
        if one.faults != Faults::default() {
            one.failed = Some(number);
        }
        tally.join(&one);
    }
    tally
}

struct Case {
    random: Random,
    document: Document,
    /// What was committed, with the client it is of.
    log: Vec<(u32, Components)>,
    /// Counter of new ids.
    counter: u32,
    tally: Tally,
}

impl Case {
    fn new(seed: u64, number: u64) -> Self {
        let mut random = Random::new(seed, number);
        let document = board::document(&mut random);
        Self {
            random,
            document,
            log: Vec::new(),
            counter: 0,
            tally: Tally::default(),
        }
    }

    fn play(mut self) -> Tally {
        let mut before = Places::of(&self.document);
        self.tally.faults.count(&before, &self.document);
        while self.tally.edits < EDITS_PER_CASE {
            let base = self.log.len();
            let ops: Vec<Components> = (1..=CLIENTS).map(|client| self.edit(client)).collect();
            for (client, op) in (1..).zip(ops) {
                before = self.commit(before, base, client, op);
            }
        }
        self.tally
    }

    /// An edit of what everybody sees, or the undo of an own one.
    fn edit(&mut self, client: u32) -> Components {
        self.tally.edits += 1;
        if self.random.chance(6)
            && let Some(undo) = self.undo(client)
        {
            return undo;
        }
        edits::random(&mut self.random, &self.document, client, &mut self.counter)
    }

    fn undo(&mut self, client: u32) -> Option<Components> {
        let own: Vec<usize> = (0..self.log.len())
            .filter(|index| self.log[*index].0 == client)
            .collect();
        let index = *self.random.pick(&own)?;
        let inverse = invert(&self.log[index].1);
        let foreign = self.log.iter().skip(index + 1);
        Some(foreign.fold(inverse, |inverse, (_, over)| {
            transform(inverse, over, Side::Earlier).components
        }))
    }

    /// What a room does with an operation made on `base`.
    fn commit(&mut self, before: Places, base: usize, client: u32, op: Components) -> Places {
        let concurrent = self.log.iter().skip(base);
        let op = concurrent.fold(op, |op, (_, over)| {
            transform(op, over, Side::Later).components
        });
        let op = commit(&self.document, op).components;
        if op.is_empty() {
            return before;
        }
        let corrections = settle(&self.document, &op);
        let mut wanted = self.document.clone();
        wanted.apply(&op);
        let wanted = Places::of(&wanted);
        let op = compose(op, &corrections);
        let restless = !settle(&self.document, &op).is_empty();
        self.document.apply(&op);
        let after = Places::of(&self.document);

        let tally = &mut self.tally;
        tally.committed += 1;
        tally.corrected += u64::from(!corrections.is_empty());
        tally.cells += corrections.len() as u64;
        tally.faults.count(&after, &self.document);
        tally.faults.restless += u64::from(restless);
        tally.faults.taken += u64::from(lost_its_place(&before, &wanted, &after));
        let well_placed = touched(&before, &wanted).all(Place::is_inside);
        let needless = !corrections.is_empty() && well_placed && wanted.are_sound(&self.document);
        tally.faults.needless += u64::from(needless);
        tally.hash = tally.hash.wrapping_add(after.hash());
        self.log.push((client, op));
        after
    }
}

/// Widgets that stand elsewhere than before.
fn touched<'a>(before: &Places, wanted: &'a Places) -> impl Iterator<Item = &'a Place> {
    wanted.iter().filter(|place| !before.has(place))
}

/// Whether a widget that was touched alone, and put somewhere inside, is not there.
fn lost_its_place(before: &Places, wanted: &Places, after: &Places) -> bool {
    let mut touched = touched(before, wanted);
    match (touched.next(), touched.next()) {
        (Some(alone), None) => alone.is_inside() && !after.has(alone),
        (Some(_), Some(_)) | (None, _) => false,
    }
}
