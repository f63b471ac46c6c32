//! The laws of the algebra, checked on random cases against the [`Model`].
//!
//! One [`Case`] is a document that several people work on at the same time. [`Case::check`] tries
//! every [`Law`] on each two of them: that is a pair. What concerns one operation alone is tried
//! once and holds for all pairs that it is in.

pub mod coverage;

mod committed;
mod concurrent;
mod conflicts;
mod sequence;

use coboard_ot::{Components, Document};

use coverage::Coverage;

use crate::edit::{Edit, build};
use crate::generate::{Generator, Taste};
use crate::model::Model;
use crate::random::Random;

/// What must hold for all operations.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Law {
    /// L1: apply gives the document that the model gives.
    Apply,
    /// L2: applying a composition is applying its parts in turn.
    Compose,
    /// L3: how a composition is grouped does not show in its structure.
    Associative,
    /// L4: the inverse brings back what was, and the inverse of the inverse what came of it.
    Invert,
    /// L5: two concurrent operations come to the same document in both orders.
    Diamond,
    /// L6: transform over a composition is transform over its parts in turn.
    OverComposed,
    /// L7: the transform of a composition is the composition of its transformed parts.
    OfComposed,
    /// Two concurrent operations come to what the model says.
    Merge,
    /// Compose and transform keep the normal form.
    NormalForm,
    /// Old values are those of the document, after transform too.
    Fill,
    /// Commit changes nothing that fits, drops what does not, and is idempotent.
    Commit,
    /// Each conflict has its partner on the other side; operations that do not meet have none.
    Conflicts,
    /// An undo leaves alone what somebody else wrote later.
    Undo,
    /// The indexes of a document are those of its items.
    Index,
}

impl Law {
    /// All laws in order.
    pub const ALL: [Self; 14] = [
        Self::Apply,
        Self::Compose,
        Self::Associative,
        Self::Invert,
        Self::Diamond,
        Self::OverComposed,
        Self::OfComposed,
        Self::Merge,
        Self::NormalForm,
        Self::Fill,
        Self::Commit,
        Self::Conflicts,
        Self::Undo,
        Self::Index,
    ];

    /// What the law is called in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "L1 apply",
            Self::Compose => "L2 compose",
            Self::Associative => "L3 associative",
            Self::Invert => "L4 invert",
            Self::Diamond => "L5 diamond",
            Self::OverComposed => "L6 over composed",
            Self::OfComposed => "L7 of composed",
            Self::Merge => "merge",
            Self::NormalForm => "normal form",
            Self::Fill => "fill",
            Self::Commit => "commit",
            Self::Conflicts => "conflicts",
            Self::Undo => "undo",
            Self::Index => "index",
        }
    }

    /// Whether text may break it: compose forgets where deleted text stood, so how inserts
    /// around it group shows. Such a difference cannot make replicas differ.
    pub fn bends_for_text(self) -> bool {
        matches!(self, Self::OverComposed | Self::OfComposed)
    }
}

/// What came of checking a case.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    /// How often each law was tried, in the order of [`Law::ALL`].
    pub checks: [u64; Law::ALL.len()],
    /// The laws that did not hold, with what was seen.
    pub failures: Vec<(Law, String)>,
    /// Concurrent operations on one document that went through all laws of pairs, in both orders.
    pub pairs: u64,
    /// How many of them had a conflict.
    pub met: u64,
    /// What met what in them.
    pub coverage: Coverage,
}

impl Outcome {
    fn expect(&mut self, law: Law, holds: bool, seen: impl FnOnce() -> String) {
        self.checks[law as usize] += 1;
        if !holds {
            self.failures.push((law, seen()));
        }
    }

    /// Like [`Outcome::same`], of all items of two documents. What they share is not looked at.
    fn same_state(&mut self, law: Law, what: &str, left: &Document, right: &Document) {
        let same = left.item_count() == right.item_count()
            && left.items().zip(right.items()).all(|(left, right)| {
                left.0 == right.0 && (std::ptr::eq(left.1, right.1) || left.1 == right.1)
            });
        self.expect(law, same, || {
            format!("{what}\n  left  {left:?}\n  right {right:?}")
        });
    }

    fn same<T: PartialEq + std::fmt::Debug>(&mut self, law: Law, what: &str, left: &T, right: &T) {
        self.expect(law, left == right, || {
            format!("{what}\n  left  {left:?}\n  right {right:?}")
        });
    }
}

/// People other than the first two that work on the document of a case.
const OTHERS: usize = 4;

/// A document and edits of several people on it.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// What both start from.
    pub document: Model,
    /// Three operations of one person, each made after the one before.
    pub mine: [Vec<Edit>; 3],
    /// Two operations of another person, who saw none of the first.
    pub theirs: [Vec<Edit>; 2],
    /// Edits that nobody else ever saw, and an operation made on them: much of it does not fit.
    pub stray: [Vec<Edit>; 2],
    /// Two operations of each of some more people, who saw nothing of anybody else.
    pub others: Vec<[Vec<Edit>; 2]>,
}

impl Case {
    /// Case `number` of `seed`.
    pub fn random(seed: u64, number: u64, taste: Taste) -> Self {
        Self::drawn(Random::new(seed, number), taste)
    }

    /// A case drawn from `random`.
    pub fn drawn(random: Random, taste: Taste) -> Self {
        let mut generator = Generator::new(random, taste).with_purges();
        let document = generator.document();
        let mine = in_turn(&mut generator, &document, 1);
        let theirs = in_turn(&mut generator, &document, 2);
        let stray = in_turn(&mut generator, &document, 3);
        let clients = 4..4 + OTHERS as u32;
        let others = clients
            .map(|client| in_turn(&mut generator, &document, client))
            .collect();
        Self {
            document,
            mine,
            theirs,
            stray,
            others,
        }
    }

    /// Tries every law.
    pub fn check(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let mine = Chain::new(&self.document, &self.mine);
        let theirs = Chain::new(&self.document, &self.theirs);
        let stray = Chain::new(&self.document, &self.stray);
        let mut chains = vec![mine, theirs];
        chains.extend(
            self.others
                .iter()
                .map(|edits| Chain::new(&self.document, edits)),
        );
        for chain in &chains {
            sequence::check(&mut outcome, chain);
        }
        concurrent::check(&mut outcome, &chains);
        let [mine, theirs, ..] = &chains[..] else {
            return outcome;
        };
        committed::check(&mut outcome, mine, theirs, &stray);
        outcome
    }
}

/// Operations made one after the other, with the states between them.
struct Chain {
    ops: Vec<Components>,
    /// The state before each operation, and the last one.
    models: Vec<Model>,
    /// The same, by apply.
    documents: Vec<Document>,
}

impl Chain {
    fn new(start: &Model, edits: &[Vec<Edit>]) -> Self {
        let mut model = start.clone();
        let mut chain = Self {
            ops: Vec::new(),
            models: vec![start.clone()],
            documents: vec![start.to_document()],
        };
        for edits in edits {
            let op = build(&mut model, edits);
            let document = after(&chain.documents[chain.ops.len()], &op);
            chain.ops.push(op);
            chain.models.push(model.clone());
            chain.documents.push(document);
        }
        chain
    }
}

/// The document after `op`.
fn after(document: &Document, op: &Components) -> Document {
    let mut document = document.clone();
    document.apply(op);
    document
}

fn in_turn<const COUNT: usize>(
    generator: &mut Generator,
    document: &Model,
    client: u32,
) -> [Vec<Edit>; COUNT] {
    let mut state = document.clone();
    std::array::from_fn(|_| {
        let edits = generator.edits(&state, client);
        for edit in &edits {
            edit.apply(&mut state);
        }
        edits
    })
}
