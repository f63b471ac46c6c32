//! Who is here and what they tell about themselves. Nothing of it is stored.

use std::collections::{BTreeMap, BTreeSet};

use coboard_protocol::limits::{PRESENCE_BYTES_MAX, TICK_MS};
use coboard_protocol::message::{PresenceEntry, PresentUser};
use coboard_protocol::{ClientId, DocumentId, SessionId, User, UserId, message};
use serde_json::{Map, Value as Json};

use crate::time::Time;

/// Colours of people: each at least 4.5:1 against white text and 3:1 against the dark ground. Measured.
const PALETTE: [&str; 12] = [
    "#C2255C", "#A43BBE", "#7950F2", "#4263EB", "#1971C2", "#0B7285", "#087F5B", "#2A853C",
    "#5C7A00", "#B35900", "#CC440E", "#D32F2F",
];

/// The presence of all sessions, and what of it is not told yet.
#[derive(Debug, Default)]
pub(super) struct PresenceBoard {
    sessions: BTreeMap<SessionId, Entry>,
    changed: BTreeSet<SessionId>,
    left: BTreeSet<SessionId>,
    told_at: Option<Time>,
}

#[derive(Debug)]
struct Entry {
    client: ClientId,
    user: User,
    color: usize,
    state: Map<String, Json>,
}

impl PresenceBoard {
    pub(super) fn enter(&mut self, session: &SessionId, client: &ClientId, user: &User) {
        let color = self.color_for(&user.id);
        let entry = Entry {
            client: client.clone(),
            user: user.clone(),
            color,
            state: Map::new(),
        };
        self.sessions.insert(session.clone(), entry);
        self.changed.insert(session.clone());
    }

    pub(super) fn remove(&mut self, session: &SessionId) {
        if self.sessions.remove(session).is_some() {
            self.changed.remove(session);
            self.left.insert(session.clone());
        }
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
        if bytes <= PRESENCE_BYTES_MAX && state != entry.state {
            entry.state = state;
            self.changed.insert(session.clone());
        }
    }

    /// Everybody who is here.
    pub(super) fn entries(&self) -> Vec<PresenceEntry> {
        self.sessions
            .iter()
            .map(|(id, entry)| entry.told(id))
            .collect()
    }

    /// When there is something to tell.
    pub(super) fn due(&self) -> Option<Time> {
        let pending = !self.changed.is_empty() || !self.left.is_empty();
        pending.then(|| self.told_at.map_or(Time::default(), |told| told + TICK_MS))
    }

    /// What is to be told now: at once after a pause, else at the end of the tick.
    pub(super) fn take(&mut self, now: Time, document: &DocumentId) -> Option<message::Presence> {
        if self.due().is_none_or(|due| due > now) {
            return None;
        }
        self.told_at = Some(now);
        let changed = std::mem::take(&mut self.changed);
        Some(message::Presence {
            document: document.clone(),
            entries: changed
                .iter()
                .filter_map(|id| self.sessions.get(id).map(|entry| entry.told(id)))
                .collect(),
            left: std::mem::take(&mut self.left).into_iter().collect(),
            complete: false,
        })
    }

    /// Everybody, to replace what was told before: a message may have been lost.
    pub(super) fn take_all(&mut self, now: Time, document: &DocumentId) -> message::Presence {
        self.told_at = Some(now);
        self.changed.clear();
        self.left.clear();
        message::Presence {
            document: document.clone(),
            entries: self.entries(),
            left: Vec::new(),
            complete: true,
        }
    }

    /// One colour a person; the least used one for somebody new, so that neighbours differ.
    fn color_for(&self, user: &UserId) -> usize {
        if let Some(entry) = self.sessions.values().find(|entry| entry.user.id == *user) {
            return entry.color;
        }
        let mut people: BTreeMap<&UserId, usize> = BTreeMap::new();
        for entry in self.sessions.values() {
            people.insert(&entry.user.id, entry.color);
        }
        // A start of their own gives people the same colour in most rooms and after most reloads.
        let start = user
            .as_str()
            .bytes()
            .fold(0_usize, |sum, byte| sum * 31 % 9973 + usize::from(byte));
        (0..PALETTE.len())
            .map(|step| (start + step) % PALETTE.len())
            .min_by_key(|color| people.values().filter(|used| *used == color).count())
            .unwrap_or(0)
    }
}

impl Entry {
    fn told(&self, session: &SessionId) -> PresenceEntry {
        PresenceEntry {
            session: session.clone(),
            client: self.client.clone(),
            user: PresentUser {
                id: self.user.id.clone(),
                name: self.user.name.clone(),
                color: PALETTE[self.color].to_owned(),
            },
            state: self.state.clone(),
        }
    }
}
