//! Who is here and what they tell about themselves. Nothing of it is stored.
//!
//! What it costs has a bound that does not grow with the room: the first so many sessions are told of
//! one by one, the rest is counted; a message brings news of so many, in turn; and where many listen,
//! they are told more rarely.

use std::collections::{BTreeMap, BTreeSet};

use coboard_protocol::limits::{
    PRESENCE_BYTES_MAX, PRESENCE_ENTRIES_MAX, PRESENCE_LIGHT_MS, PRESENCE_MESSAGE_BYTES,
    PRESENCE_MESSAGES_PER_SECOND_MAX, TICK_MS,
};
use coboard_protocol::message::{
    Audience, PRESENCE_MOTION_KEYS, PRESENCE_VIEWING_KEY, Pace, PresenceEntry, PresentUser, Role,
};
use coboard_protocol::{ClientId, DocumentId, SessionId, User, message};
use serde_json::{Map, Value as Json};

use crate::time::Time;

mod listing;
mod people;
mod untold;

use listing::{Listing, Moved, Place, Rank};
use people::{PALETTE, People};
use untold::{BothUntold, Untold};

/// Those that are told something of their own accord.
const TOLD: [Pace; 2] = [Pace::Light, Pace::Full];

/// Who is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hearers {
    /// Every session of this pace.
    Pace(Pace),
    /// One that has asked for another pace: what it knows may be older or less.
    Session(SessionId),
}

/// Presence, and who is told.
#[derive(Clone, PartialEq, Debug)]
pub struct ToldPresence {
    /// Who.
    pub to: Hearers,
    /// What.
    pub presence: message::Presence,
}

/// The presence of all sessions, and what of it is not told yet.
#[derive(Debug, Default)]
pub(super) struct PresenceBoard {
    sessions: BTreeMap<SessionId, Entry>,
    listing: Listing,
    people: People,
    untold: BothUntold,
    /// Sessions that are to be told everybody.
    owed: BTreeSet<SessionId>,
    /// Number of the last session that came.
    last_number: u64,
}

#[derive(Debug)]
struct Entry {
    client: ClientId,
    user: User,
    role: Role,
    place: Place,
    color: usize,
    state: Map<String, Json>,
    /// Of the state as JSON.
    bytes: usize,
    pace: Pace,
    /// When it asked for a pace and was told everybody.
    whole_at: Option<Time>,
}

impl PresenceBoard {
    pub(super) fn enter(
        &mut self,
        session: &SessionId,
        client: &ClientId,
        user: &User,
        role: Role,
    ) {
        self.last_number += 1;
        let state = Map::new();
        let place = Place {
            rank: rank_of(role, &state),
            number: self.last_number,
            session: session.clone(),
        };
        let pace = Pace::default();
        let entry = Entry {
            client: client.clone(),
            user: user.clone(),
            role,
            color: self.people.enter(&user.id, place.rank),
            place: place.clone(),
            state,
            bytes: 0,
            pace,
            whole_at: None,
        };
        self.sessions.insert(session.clone(), entry);
        self.untold.listen(pace, true);
        // Whoever comes is to know it too, if they are a person more or not.
        self.untold.recount();
        let moved = self.listing.insert(place);
        self.moved(moved);
    }

    pub(super) fn remove(&mut self, session: &SessionId) {
        let Some(entry) = self.sessions.get(session) else {
            return;
        };
        let (place, pace) = (entry.place.clone(), entry.pace);
        let audience = self.people.audience();
        let moved = self.listing.remove(&place);
        self.moved(moved);
        if let Some(entry) = self.sessions.remove(session) {
            self.people.leave(&entry.user.id, place.rank);
        }
        self.owed.remove(session);
        self.untold.listen(pace, false);
        self.recount(audience);
    }

    /// Merges `patch` into the state of a session. A state beyond its limit stays as it was.
    pub(super) fn merge(&mut self, session: &SessionId, patch: Map<String, Json>) {
        let Some(entry) = self.sessions.get_mut(session) else {
            return;
        };
        let mut state = entry.state.clone();
        for (key, value) in patch {
            match value {
                Json::Null => {
                    state.remove(&key);
                }
                Json::Bool(_)
                | Json::Number(_)
                | Json::String(_)
                | Json::Array(_)
                | Json::Object(_) => {
                    state.insert(key, value);
                }
            }
        }
        let bytes = serde_json::to_string(&state).map_or(usize::MAX, |text| text.len());
        if bytes > PRESENCE_BYTES_MAX || state == entry.state {
            return;
        }
        let moved_only = at_rest(&state) == at_rest(&entry.state);
        entry.state = state;
        entry.bytes = bytes;
        if self.listing.is_listed(&entry.place) {
            self.untold.full.note(session);
            if !moved_only {
                self.untold.light.note(session);
            }
        }
        if entry.place.rank != Rank::Edits {
            let rank = rank_of(entry.role, &entry.state);
            self.rank(session, rank);
        }
    }

    /// A session has changed the document: whoever does is seen first.
    pub(super) fn edits(&mut self, session: &SessionId) {
        self.rank(session, Rank::Edits);
    }

    /// From now on a session hears so much. What it missed, or knew in another way, it is told whole; also
    /// if it asks for the pace that it has, for what it was told may have been lost.
    pub(super) fn pace(&mut self, session: &SessionId, pace: Pace) {
        let Some(entry) = self.sessions.get_mut(session) else {
            return;
        };
        let before = std::mem::replace(&mut entry.pace, pace);
        self.untold.listen(before, false);
        self.untold.listen(pace, true);
        if pace == Pace::None {
            self.owed.remove(session);
        } else {
            self.owed.insert(session.clone());
        }
    }

    /// Everybody who is listed, and the session that is told, as it begins.
    pub(super) fn entries(&mut self, session: &SessionId) -> Vec<PresenceEntry> {
        self.everybody(Pace::default(), Some(session))
    }

    /// When there is something to tell.
    pub(super) fn due(&self) -> Option<Time> {
        let owed = self.owed.iter().map(|session| self.whole_due(session));
        let light = self.untold.light.due(PRESENCE_LIGHT_MS);
        let full = self.untold.full.due(interval_ms(&self.untold.full));
        owed.chain(light).chain(full).min()
    }

    /// What is to be told now: at once after a pause, else at the end of the interval.
    pub(super) fn take(&mut self, now: Time, document: &DocumentId) -> Vec<ToldPresence> {
        let mut told = Vec::new();
        let is_due = |session: &SessionId| self.whole_due(session) <= now;
        let owed: Vec<SessionId> = self.owed.iter().filter(|it| is_due(it)).cloned().collect();
        for session in owed {
            self.owed.remove(&session);
            if let Some(entry) = self.sessions.get_mut(&session) {
                entry.whole_at = Some(now);
                let pace = entry.pace;
                let presence = self.whole(pace, Some(&session), document);
                let to = Hearers::Session(session);
                told.push(ToldPresence { to, presence });
            }
        }
        let light = self.untold.light.due(PRESENCE_LIGHT_MS);
        let full = self.untold.full.due(interval_ms(&self.untold.full));
        for (pace, due) in [(Pace::Light, light), (Pace::Full, full)] {
            if due.is_some_and(|due| due <= now) {
                told.extend(self.take_of(pace, now, document));
            }
        }
        told
    }

    /// Everybody, to replace what was told before: a message may have been lost.
    pub(super) fn take_all(&mut self, now: Time, document: &DocumentId) -> Vec<ToldPresence> {
        let mut told = Vec::new();
        for pace in TOLD {
            let Some(untold) = self.untold.of(pace).filter(|untold| untold.listeners > 0) else {
                continue;
            };
            untold.all_told(now);
            let presence = self.whole(pace, None, document);
            let to = Hearers::Pace(pace);
            told.push(ToldPresence { to, presence });
        }
        told
    }

    fn take_of(&mut self, pace: Pace, now: Time, document: &DocumentId) -> Option<ToldPresence> {
        let untold = self.untold.of(pace)?;
        let (left, recounted) = untold.take(now);
        let (mut entries, mut bytes) = (Vec::new(), 0);
        while entries.len() < PRESENCE_ENTRIES_MAX && bytes < PRESENCE_MESSAGE_BYTES {
            let Some(session) = untold.next() else {
                break;
            };
            if let Some(entry) = self.sessions.get(&session) {
                bytes += entry.bytes;
                entries.push(entry.told(pace));
            }
        }
        Some(ToldPresence {
            to: Hearers::Pace(pace),
            presence: message::Presence {
                document: document.clone(),
                entries,
                left,
                complete: false,
                audience: recounted.then(|| self.people.audience()),
            },
        })
    }

    fn whole(
        &mut self,
        pace: Pace,
        session: Option<&SessionId>,
        document: &DocumentId,
    ) -> message::Presence {
        message::Presence {
            document: document.clone(),
            entries: self.everybody(pace, session),
            left: Vec::new(),
            complete: true,
            audience: Some(self.people.audience()),
        }
    }

    /// Everybody who is listed, and `session` before them. Who has no room in one message has news.
    fn everybody(&mut self, pace: Pace, session: Option<&SessionId>) -> Vec<PresenceEntry> {
        let own = session.and_then(|id| self.sessions.get(id));
        let own = own.filter(|entry| !self.listing.is_listed(&entry.place));
        let mut bytes = 0;
        let mut entries = Vec::from_iter(own.map(|entry| entry.told(pace)));
        for id in self.listing.sessions() {
            let Some(entry) = self.sessions.get(id) else {
                continue;
            };
            bytes += entry.bytes;
            if bytes <= PRESENCE_MESSAGE_BYTES {
                entries.push(entry.told(pace));
            } else if let Some(untold) = self.untold.of(pace) {
                untold.note(id);
            }
        }
        entries
    }

    fn rank(&mut self, session: &SessionId, rank: Rank) {
        let Some(entry) = self.sessions.get_mut(session) else {
            return;
        };
        if entry.place.rank == rank {
            return;
        }
        let mut place = entry.place.clone();
        place.rank = rank;
        let before = std::mem::replace(&mut entry.place, place.clone());
        let audience = self.people.audience();
        self.people.ranked(&entry.user.id, before.rank, false);
        self.people.ranked(&entry.user.id, rank, true);
        let moved = self.listing.replace(&before, place);
        self.moved(moved);
        self.recount(audience);
    }

    /// Tells how many people there are if they are not as many as before.
    fn recount(&mut self, before: Audience) {
        if self.people.audience() != before {
            self.untold.recount();
        }
    }

    /// The list has changed, and is told as it is now.
    fn moved(&mut self, moved: Moved) {
        for (session, is) in [(moved.unlisted, false), (moved.listed, true)] {
            let Some(session) = session else { continue };
            if let Some(entry) = self.sessions.get(&session) {
                self.people.listed(&entry.user.id, is);
            }
            if is {
                self.untold.note(&session);
            } else {
                self.untold.gone(&session);
            }
        }
    }

    /// When a session may be told everybody: whoever turns to and fro does not get it each time.
    fn whole_due(&self, session: &SessionId) -> Time {
        let entry = self.sessions.get(session);
        let before = entry.and_then(|entry| entry.whole_at);
        before.map_or(Time::default(), |told| told + PRESENCE_LIGHT_MS)
    }
}

impl Entry {
    fn told(&self, pace: Pace) -> PresenceEntry {
        PresenceEntry {
            session: self.place.session.clone(),
            client: self.client.clone(),
            user: PresentUser {
                id: self.user.id.clone(),
                name: self.user.name.clone(),
                color: PALETTE[self.color].to_owned(),
            },
            state: match pace {
                Pace::Full => self.state.clone(),
                Pace::None | Pace::Light => at_rest(&self.state),
            },
        }
    }
}

/// Time between two messages to those who hear everything: where many do, each hears more rarely.
fn interval_ms(full: &Untold) -> u64 {
    let listeners = full.listeners as u64;
    TICK_MS.max(listeners * 1_000 / PRESENCE_MESSAGES_PER_SECOND_MAX)
}

/// What a session that has changed nothing yet is in the room for.
fn rank_of(role: Role, state: &Map<String, Json>) -> Rank {
    let only_looks = state.get(PRESENCE_VIEWING_KEY) == Some(&Json::Bool(true));
    if role >= Role::Editor && !only_looks {
        Rank::MayEdit
    } else {
        Rank::Looks
    }
}

/// A state without what changes with every movement.
fn at_rest(state: &Map<String, Json>) -> Map<String, Json> {
    let rests = |(key, _): &(&String, &Json)| !PRESENCE_MOTION_KEYS.contains(&key.as_str());
    state
        .iter()
        .filter(rests)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
