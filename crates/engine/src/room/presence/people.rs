//! The people behind the sessions: how many there are, and which colour each has.

use std::collections::BTreeMap;

use coboard_protocol::UserId;
use coboard_protocol::message::Audience;

use super::listing::Rank;

/// Colours of people: each at least 4.5:1 against white text and 3:1 against the dark ground. Measured.
pub(super) const PALETTE: [&str; 12] = [
    "#C2255C", "#A43BBE", "#7950F2", "#4263EB", "#1971C2", "#0B7285", "#087F5B", "#2A853C",
    "#5C7A00", "#B35900", "#CC440E", "#D32F2F",
];

/// Everybody who has a session.
#[derive(Debug, Default)]
pub(super) struct People {
    people: BTreeMap<UserId, Person>,
    /// How many people have each colour.
    worn: [usize; PALETTE.len()],
    editors: usize,
    listed: usize,
}

/// One person, by the sessions they have.
#[derive(Debug, Default)]
struct Person {
    color: usize,
    sessions: usize,
    editing: usize,
    listed: usize,
}

impl People {
    /// A session more. Gives the person's colour.
    pub(super) fn enter(&mut self, user: &UserId, rank: Rank) -> usize {
        if !self.people.contains_key(user) {
            let color = self.color_for(user);
            self.worn[color] += 1;
            let person = Person {
                color,
                ..Person::default()
            };
            self.people.insert(user.clone(), person);
        }
        self.ranked(user, rank, true);
        let Some(person) = self.people.get_mut(user) else {
            return 0;
        };
        person.sessions += 1;
        person.color
    }

    /// A session less.
    pub(super) fn leave(&mut self, user: &UserId, rank: Rank) {
        self.ranked(user, rank, false);
        let Some(person) = self.people.get_mut(user) else {
            return;
        };
        person.sessions -= 1;
        if person.sessions == 0 {
            self.worn[person.color] -= 1;
            self.people.remove(user);
        }
    }

    /// One of their sessions is of this rank, or is not any more.
    pub(super) fn ranked(&mut self, user: &UserId, rank: Rank, is: bool) {
        let Some(person) = self.people.get_mut(user).filter(|_| rank < Rank::Looks) else {
            return;
        };
        count(&mut person.editing, &mut self.editors, is);
    }

    /// One of their sessions is listed, or is not any more.
    pub(super) fn listed(&mut self, user: &UserId, is: bool) {
        if let Some(person) = self.people.get_mut(user) {
            count(&mut person.listed, &mut self.listed, is);
        }
    }

    pub(super) fn audience(&self) -> Audience {
        Audience {
            editors: self.editors,
            viewers: self.people.len() - self.editors,
            listed: self.listed,
        }
    }

    /// One colour a person; the least used one for somebody new, so that neighbours differ.
    fn color_for(&self, user: &UserId) -> usize {
        // A start of their own gives people the same colour in most rooms and after most reloads.
        let start = user
            .as_str()
            .bytes()
            .fold(0_usize, |sum, byte| sum * 31 % 9973 + usize::from(byte));
        (0..PALETTE.len())
            .map(|step| (start + step) % PALETTE.len())
            .min_by_key(|color| self.worn[*color])
            .unwrap_or(0)
    }
}

/// One of a person's sessions more or less; `people` counts those who have any.
fn count(sessions: &mut usize, people: &mut usize, more: bool) {
    if more {
        *people += usize::from(*sessions == 0);
        *sessions += 1;
    } else {
        *sessions -= 1;
        *people -= usize::from(*sessions == 0);
    }
}
