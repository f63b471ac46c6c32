//! Who is here and what they tell about themselves. Nothing of it is stored.

use std::collections::{BTreeMap, BTreeSet};

use coboard_protocol::limits::{PRESENCE_BYTES_MAX, PRESENCE_LIGHT_MS, TICK_MS};
use coboard_protocol::message::{PRESENCE_MOTION_KEYS, Pace, PresenceEntry, PresentUser};
use coboard_protocol::{ClientId, DocumentId, SessionId, User, UserId, message};
use serde_json::{Map, Value as Json};

use crate::time::Time;

/// Colours of people: each at least 4.5:1 against white text and 3:1 against the dark ground. Measured.
const PALETTE: [&str; 12] = [
    "#C2255C", "#A43BBE", "#7950F2", "#4263EB", "#1971C2", "#0B7285", "#087F5B", "#2A853C",
    "#5C7A00", "#B35900", "#CC440E", "#D32F2F",
];

/// Those that are told something of their own accord.
const TOLD: [Pace; 2] = [Pace::Light, Pace::Full];

/// Who is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Every session of this pace.
    Pace(Pace),
    /// One that has asked for another pace: what it knows may be older or less.
    Session(SessionId),
}

/// Presence, and who is told.
#[derive(Clone, PartialEq, Debug)]
pub struct ToldPresence {
    /// Who.
    pub to: Audience,
    /// What.
    pub presence: message::Presence,
}

/// The presence of all sessions, and what of it is not told yet.
#[derive(Debug, Default)]
pub(super) struct PresenceBoard {
    sessions: BTreeMap<SessionId, Entry>,
    light: Untold,
    full: Untold,
    /// Sessions that are to be told everybody.
    owed: BTreeSet<SessionId>,
}

/// What the sessions of one pace are not told yet.
#[derive(Debug, Default)]
struct Untold {
    /// How many sessions there are of this pace.
    listeners: usize,
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
    pace: Pace,
    /// When it asked for a pace and was told everybody.
    whole_at: Option<Time>,
}

impl Untold {
    fn note(&mut self, session: &SessionId) {
        if self.listeners > 0 {
            self.changed.insert(session.clone());
        }
    }

    fn gone(&mut self, session: &SessionId) {
        self.changed.remove(session);
        if self.listeners > 0 {
            self.left.insert(session.clone());
        }
    }

    /// One session more, or less. What nobody waits for is forgotten.
    fn count(&mut self, come: bool) {
        if come {
            self.listeners += 1;
        } else {
            self.listeners = self.listeners.saturating_sub(1);
        }
        if self.listeners == 0 {
            self.changed.clear();
            self.left.clear();
        }
    }

    fn due(&self, interval_ms: u64) -> Option<Time> {
        let pending = !self.changed.is_empty() || !self.left.is_empty();
        pending.then(|| {
            self.told_at
                .map_or(Time::default(), |told| told + interval_ms)
        })
    }
}

impl PresenceBoard {
    pub(super) fn enter(&mut self, session: &SessionId, client: &ClientId, user: &User) {
        let color = self.color_for(&user.id);
        let pace = Pace::default();
        let entry = Entry {
            client: client.clone(),
            user: user.clone(),
            color,
            state: Map::new(),
            pace,
            whole_at: None,
        };
        self.sessions.insert(session.clone(), entry);
        self.count(pace, true);
        for pace in TOLD {
            self.note(pace, session);
        }
    }

    pub(super) fn remove(&mut self, session: &SessionId) {
        if let Some(entry) = self.sessions.remove(session) {
            self.owed.remove(session);
            self.count(entry.pace, false);
            self.light.gone(session);
            self.full.gone(session);
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
        if bytes > PRESENCE_BYTES_MAX || state == entry.state {
            return;
        }
        let moved_only = at_rest(&state) == at_rest(&entry.state);
        entry.state = state;
        self.full.note(session);
        if !moved_only {
            self.light.note(session);
        }
    }

    /// From now on a session hears so much. What it missed, or knew in another way, it is told whole.
    pub(super) fn pace(&mut self, session: &SessionId, pace: Pace) {
        let Some(entry) = self.sessions.get_mut(session) else {
            return;
        };
        if entry.pace == pace {
            return;
        }
        let before = std::mem::replace(&mut entry.pace, pace);
        self.count(before, false);
        self.count(pace, true);
        if pace == Pace::None {
            self.owed.remove(session);
        } else {
            self.owed.insert(session.clone());
        }
    }

    /// Everybody who is here.
    pub(super) fn entries(&self, pace: Pace) -> Vec<PresenceEntry> {
        self.sessions
            .iter()
            .map(|(id, entry)| entry.told(id, pace))
            .collect()
    }

    /// When there is something to tell.
    pub(super) fn due(&self) -> Option<Time> {
        let owed = self.owed.iter().map(|session| self.whole_due(session));
        let light = self.light.due(PRESENCE_LIGHT_MS);
        owed.chain(light).chain(self.full.due(TICK_MS)).min()
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
                let presence = self.whole(pace, document);
                let to = Audience::Session(session);
                told.push(ToldPresence { to, presence });
            }
        }
        for (pace, interval_ms) in [(Pace::Light, PRESENCE_LIGHT_MS), (Pace::Full, TICK_MS)] {
            let due = self.untold(pace).and_then(|untold| untold.due(interval_ms));
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
            let presence = self.whole(pace, document);
            let Some(untold) = self.untold(pace).filter(|untold| untold.listeners > 0) else {
                continue;
            };
            untold.told_at = Some(now);
            untold.changed.clear();
            untold.left.clear();
            let to = Audience::Pace(pace);
            told.push(ToldPresence { to, presence });
        }
        told
    }

    fn take_of(&mut self, pace: Pace, now: Time, document: &DocumentId) -> Option<ToldPresence> {
        let untold = self.untold(pace)?;
        untold.told_at = Some(now);
        let changed = std::mem::take(&mut untold.changed);
        let left = std::mem::take(&mut untold.left).into_iter().collect();
        let entries = changed
            .iter()
            .filter_map(|id| self.sessions.get(id).map(|entry| entry.told(id, pace)));
        Some(ToldPresence {
            to: Audience::Pace(pace),
            presence: message::Presence {
                document: document.clone(),
                entries: entries.collect(),
                left,
                complete: false,
            },
        })
    }

    fn whole(&self, pace: Pace, document: &DocumentId) -> message::Presence {
        message::Presence {
            document: document.clone(),
            entries: self.entries(pace),
            left: Vec::new(),
            complete: true,
        }
    }

    /// When a session may be told everybody: whoever turns to and fro does not get it each time.
    fn whole_due(&self, session: &SessionId) -> Time {
        let entry = self.sessions.get(session);
        let before = entry.and_then(|entry| entry.whole_at);
        before.map_or(Time::default(), |told| told + PRESENCE_LIGHT_MS)
    }

    fn untold(&mut self, pace: Pace) -> Option<&mut Untold> {
        match pace {
            Pace::None => None,
            Pace::Light => Some(&mut self.light),
            Pace::Full => Some(&mut self.full),
        }
    }

    fn count(&mut self, pace: Pace, come: bool) {
        if let Some(untold) = self.untold(pace) {
            untold.count(come);
        }
    }

    fn note(&mut self, pace: Pace, session: &SessionId) {
        if let Some(untold) = self.untold(pace) {
            untold.note(session);
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
    fn told(&self, session: &SessionId, pace: Pace) -> PresenceEntry {
        PresenceEntry {
            session: session.clone(),
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

/// A state without what changes with every movement.
fn at_rest(state: &Map<String, Json>) -> Map<String, Json> {
    let rests = |(key, _): &(&String, &Json)| !PRESENCE_MOTION_KEYS.contains(&key.as_str());
    state
        .iter()
        .filter(rests)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
