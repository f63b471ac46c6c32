//! Who is told of one by one where a room is large, and who is only counted.

use std::collections::BTreeSet;

use coboard_protocol::SessionId;
use coboard_protocol::limits::PRESENCE_LISTED_MAX;

/// What a session is in the room for. Whoever is first here is listed first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Rank {
    /// Has changed something.
    Edits,
    /// May change something.
    MayEdit,
    /// Looks on.
    Looks,
}

/// The place of a session: by rank, then by when it came.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Place {
    pub(super) rank: Rank,
    pub(super) number: u64,
    pub(super) session: SessionId,
}

/// What became of the list.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// Is listed from now on.
    pub(super) listed: Option<SessionId>,
    /// Is not listed any more.
    pub(super) unlisted: Option<SessionId>,
}

/// All sessions: the first are listed, the rest waits for a place.
#[derive(Debug, Default)]
pub(super) struct Listing {
    listed: BTreeSet<Place>,
    waiting: BTreeSet<Place>,
}

impl Listing {
    pub(super) fn insert(&mut self, place: Place) -> Moved {
        if self.listed.len() < PRESENCE_LISTED_MAX {
            let listed = Some(place.session.clone());
            self.listed.insert(place);
            let unlisted = None;
            return Moved { listed, unlisted };
        }
        self.waiting.insert(place);
        self.balance()
    }

    /// A session has another place from now on.
    pub(super) fn replace(&mut self, before: &Place, place: Place) -> Moved {
        if self.listed.remove(before) {
            self.listed.insert(place);
        } else if self.waiting.remove(before) {
            self.waiting.insert(place);
        }
        self.balance()
    }

    pub(super) fn remove(&mut self, place: &Place) -> Moved {
        if self.waiting.remove(place) || !self.listed.remove(place) {
            return Moved::default();
        }
        let next = self.waiting.pop_first();
        let listed = next.as_ref().map(|next| next.session.clone());
        self.listed.extend(next);
        Moved {
            listed,
            unlisted: Some(place.session.clone()),
        }
    }

    pub(super) fn is_listed(&self, place: &Place) -> bool {
        self.listed.contains(place)
    }

    /// Nobody waits who is before somebody listed.
    fn balance(&mut self) -> Moved {
        let first = self.waiting.first();
        if first.is_none_or(|first| self.listed.last() <= Some(first)) {
            return Moved::default();
        }
        let (first, last) = (self.waiting.pop_first(), self.listed.pop_last());
        let session = |place: &Option<Place>| place.as_ref().map(|place| place.session.clone());
        let moved = Moved {
            listed: session(&first),
            unlisted: session(&last),
        };
        self.listed.extend(first);
        self.waiting.extend(last);
        moved
    }

    /// Who is listed: whoever edits first, then in the order in which they came.
    pub(super) fn sessions(&self) -> impl Iterator<Item = &SessionId> {
        self.listed.iter().map(|place| &place.session)
    }
}
