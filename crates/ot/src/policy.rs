//! Policies: what a server does where an operation met a change that its author had not seen.
//!
//! [`transform`](crate::transform()) knows no policy: the later writer wins, texts merge. A server
//! that wants it otherwise rewrites the transformed operation with [`rule`] before
//! [`commit`](crate::commit()). What it commits is what everybody gets, so clients need not know.
//!
//! | policy | rewrites |
//! |---|---|
//! | [`Lww`](Policy::Lww) | nothing |
//! | [`First`](Policy::First), [`Manual`](Policy::Manual), [`Reject`](Policy::Reject) | a change of a cell or place that somebody else changed since the base is dropped; nothing is merged |
//! | [`DeleteWins`](Policy::DeleteWins) | changes and moves of what was deleted since the base are dropped |
//! | [`Bounce`](Policy::Bounce) | a move into what was deleted since the base is dropped: the item stays where it was |
//! | [`Max`](Policy::Max), [`Min`](Policy::Min) | of two numbers set at once the larger, or smaller, stands |
//!
//! A ruling is a function of the operation, the documents and the [`Contest`] alone. It is made of
//! the operation as it was submitted; one that is sent again is ruled again, never its own result.
//!
//! # Grouping
//!
//! A client may send its changes as one operation or as several of one submit; the content is the
//! same in the end. Three things make it so: a contested cell stays contested for the rest of the
//! submit ([`Contest`]), the paths are those of the document before the submit, and what a ruling
//! took away is transformed into the operations that were made on it ([`Ruled::back`]). What cannot be
//! made so: a change that goes through, and then is inside of something that the author replaces, or
//! of an item that the author made and moved; and an item that is moved twice bounces to where the
//! first move left it. As one operation there is only the latter.

use crate::change::Components;
use crate::conflict::Conflict;
use crate::document::Document;

mod best;
mod bounce;
mod contest;
mod pattern;
mod place;
mod record;
mod ruling;

pub use contest::Contest;
pub use pattern::{PATTERN_BYTES_MAX, PATTERN_KEYS_MAX, PathPattern, PatternError};
pub use ruling::rule;

/// The rule that decides where two changes met.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Policy {
    /// The later writer wins, texts merge, adds sum up.
    #[default]
    Lww,
    /// Who comes first wins.
    First,
    /// As `First`; an atomic operation is refused as a whole and told why.
    Reject,
    /// As `First`, for a person to decide later: the record has both sides.
    Manual,
    /// What is deleted stays deleted.
    DeleteWins,
    /// An item moved into something deleted stays where it was.
    Bounce,
    /// The larger number stands.
    Max,
    /// The smaller number stands.
    Min,
}

impl Policy {
    /// Whether a change loses to one that was committed since its base.
    fn is_first(self) -> bool {
        matches!(self, Self::First | Self::Reject | Self::Manual)
    }
}

/// Which policy holds where: the first rule whose pattern matches.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policies(Vec<(PathPattern, Policy)>);

impl Policies {
    /// The rules, the first that matches decides.
    pub fn new(rules: impl IntoIterator<Item = (PathPattern, Policy)>) -> Self {
        Self(rules.into_iter().collect())
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The policy of a place, if there is a rule for it.
    fn of(&self, steps: &[place::Step<'_>]) -> Option<Policy> {
        let matching = self.0.iter().find(|(pattern, _)| pattern.matches(steps));
        matching.map(|(_, policy)| *policy)
    }
}

/// A conflict, with what was met and what decided.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// The record.
    pub conflict: Conflict,
    /// The policy that decided; `None` if the algebra did.
    pub policy: Option<Policy>,
    /// The number of the entry that was met, as the caller numbers them; `None` if it is not known.
    pub by: Option<u64>,
}

/// What a ruling is made of.
#[derive(Debug)]
pub struct Case<'a> {
    /// The document that the operation is about to change.
    pub document: &'a Document,
    /// The rules.
    pub policies: &'a Policies,
    /// What the operation asks for itself where no rule matches.
    pub own: Policy,
}

/// What [`rule`] gives.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ruled {
    /// The operation, rewritten.
    pub components: Components,
    /// What leads from the operation as it was to what it is now. Whatever was made on the operation
    /// must be transformed over this.
    pub back: Components,
}
