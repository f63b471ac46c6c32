//! One dashboard: those who die there, those who stay, and those who watch.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use coboard_protocol::DocumentId;
use rand::Rng;
use rand::rngs::StdRng;

use super::group::{End, Group, Plot};
use super::watcher::Watcher;
use crate::line::Transport;

/// Most sessions of one process.
const GROUP_MAX: usize = 8;
/// Sessions of whoever leaves in good order, for each way and transport.
const FAREWELLS: usize = 2;
/// Tabs that the person with three keeps.
const TABS_KEPT: usize = 2;

/// One dashboard.
pub(super) struct Room {
    pub(super) document: DocumentId,
    pub(super) groups: Vec<Group>,
    watchers: Vec<Watcher>,
}

/// How long a watcher saw a session that had ended.
#[derive(Debug)]
pub(super) struct Sight {
    pub(super) end: End,
    pub(super) transport: Transport,
    pub(super) watcher: Transport,
    /// `None`: it sees it still.
    pub(super) took: Option<Duration>,
}

impl Room {
    pub(super) async fn open(
        server: SocketAddr,
        document: DocumentId,
        deaths: usize,
        random: &mut StdRng,
    ) -> Result<Self> {
        let mut room = Self {
            document,
            groups: Vec::new(),
            watchers: Vec::new(),
        };
        for transport in Transport::ALL {
            let watcher = Watcher::enter(server, &room.document, transport);
            room.watchers.push(watcher.await?);
        }
        let tabs = Some(format!("tabs-{}", room.document));
        let mut plots = Vec::new();
        // The person with three tabs: one of them dies, in whatever way.
        let one = random.random_range(0..End::DEATHS.len());
        let over = |random: &mut StdRng| Transport::ALL[random.random_range(0..2)];
        plots.push((End::DEATHS[one], over(random), tabs.clone(), 1));
        plots.push((End::Stays, over(random), tabs, TABS_KEPT));
        for end in End::FAREWELLS {
            plots.extend(Transport::ALL.map(|transport| (end, transport, None, FAREWELLS)));
        }
        let mut left = deaths - 1;
        let mut turn = random.random_range(0..6);
        while left > 0 {
            let count = random.random_range(1..=GROUP_MAX.min(left));
            let (end, transport) = (End::DEATHS[turn % 3], Transport::ALL[turn / 3 % 2]);
            plots.push((end, transport, None, count));
            turn += 1;
            left -= count;
        }
        for (number, (end, transport, person, count)) in plots.into_iter().enumerate() {
            let plot = Plot {
                server,
                document: &room.document,
                end,
                transport,
                name: format!("{}-{number}", room.document),
                person,
                count,
            };
            room.groups.push(Group::enter(plot, random).await?);
        }
        Ok(room)
    }

    /// Whom a watcher does not see yet.
    pub(super) fn missing(&self) -> Option<String> {
        let sessions = self.groups.iter().flat_map(|group| &group.sessions);
        let mut pairs = sessions.flat_map(|id| self.watchers.iter().map(move |it| (id, it)));
        let missing = pairs.find(|(id, watcher)| !watcher.seen().present.contains(*id));
        missing.map(|(id, watcher)| format!("{id} over {}", watcher.transport.name()))
    }

    /// Whether a watcher sees somebody who has ended.
    pub(super) fn has_ghost(&self) -> bool {
        self.sights().any(|sight| sight.took.is_none())
    }

    /// How long each watcher saw each session that has ended.
    pub(super) fn sights(&self) -> impl Iterator<Item = Sight> {
        let ended = self.groups.iter().filter_map(|group| {
            let at = group.ended_at?;
            Some((group, at))
        });
        ended.flat_map(move |(group, at)| {
            group.sessions.iter().flat_map(move |session| {
                self.watchers.iter().map(move |watcher| Sight {
                    end: group.end,
                    transport: group.transport,
                    watcher: watcher.transport,
                    // Gone before it ended counts as at once: the next check would not let it pass.
                    took: (watcher.seen().gone.get(session))
                        .map(|gone| gone.saturating_duration_since(at)),
                })
            })
        })
    }

    /// What is wrong with those who live.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let stay = self.groups.iter().filter(|group| group.end == End::Stays);
        let stay = stay.flat_map(|group| &group.sessions);
        let watching = self.watchers.iter().map(|watcher| &watcher.session);
        let alive: Vec<&String> = stay.chain(watching).collect();
        // Each watcher is a person, and so is whoever keeps two of three tabs.
        let people = self.watchers.len() + 1;
        for watcher in &self.watchers {
            let (seen, over) = (watcher.seen(), watcher.transport.name());
            if let Some(broken) = &seen.broken {
                wrong.push(format!("the watcher over {over} sees nothing: {broken}"));
            }
            for session in &alive {
                if !seen.present.contains(*session) {
                    wrong.push(format!("{session} lives, and is not seen over {over}"));
                }
            }
            let counted = seen.audience.editors + seen.audience.viewers;
            if counted != people {
                wrong.push(format!(
                    "{counted} people are counted over {over}, not {people}"
                ));
            }
        }
        wrong
    }
}
