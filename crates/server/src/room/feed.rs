//! What people do, told to those who listen while it is done.
//!
//! A task of its own for each room that somebody listens to: committing hands it what was committed and waits
//! for nothing. What it cannot take is left out, and whoever listens is told so (`missed`): the REST interface
//! has it. While nobody listens it is not there.

use std::collections::{BTreeSet, HashMap};

use coboard_activity::{Event, Feed, events, joined, left, policies_changed};
use coboard_protocol::message::Activity;
use coboard_protocol::ot::Document;
use coboard_protocol::{DocumentId, LogEntry, Revision, User, UserId};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::limits::{
    ACTIVITY_ENTRIES_MAX, ACTIVITY_OPEN_MAX, ACTIVITY_QUEUE_MAX, ACTIVITY_TICK, LEFT_AFTER,
};
use crate::names::Known;

/// The group of those who listen to what is done in a document.
pub(super) fn group_of(document: &DocumentId) -> String {
    format!("activity:{document}")
}

/// The way to the task.
pub(super) struct Listened {
    sender: mpsc::Sender<Heard>,
    /// Whether something did not fit.
    missed: bool,
}

/// What the task hears.
enum Heard {
    Committed {
        entries: Vec<LogEntry>,
        /// Whether something before it did not fit.
        missed: bool,
        /// The document with all of it.
        after: Document,
        revision: Revision,
    },
    Came(User),
    Went(User),
    Policies(User),
}

impl Listened {
    /// Starts to tell what is done to `document` from now on.
    pub(super) fn start(app: App, id: DocumentId, document: Document, revision: Revision) -> Self {
        let (sender, inbox) = mpsc::channel(ACTIVITY_QUEUE_MAX);
        let telling = Telling {
            names: Known::new(app.clone()),
            app: app.clone(),
            id,
            document,
            revision,
            feed: Feed::new(),
            changed: BTreeSet::new(),
            missed: false,
            due: None,
            going: HashMap::new(),
        };
        app.tasks.spawn(telling.run(inbox));
        Self {
            sender,
            missed: false,
        }
    }

    pub(super) fn committed(&mut self, entries: &[LogEntry], after: Document, revision: Revision) {
        let heard = Heard::Committed {
            entries: entries.to_vec(),
            missed: self.missed,
            after,
            revision,
        };
        self.missed = self.sender.try_send(heard).is_err();
    }

    // Lossy: who is here is told by presence.
    pub(super) fn came(&self, user: User) {
        let _ = self.sender.try_send(Heard::Came(user));
    }

    pub(super) fn went(&self, user: User) {
        let _ = self.sender.try_send(Heard::Went(user));
    }

    pub(super) fn policies(&self, user: User) {
        let _ = self.sender.try_send(Heard::Policies(user));
    }
}

struct Telling {
    app: App,
    id: DocumentId,
    document: Document,
    revision: Revision,
    feed: Feed,
    names: Known,
    /// Entries that are to be told.
    changed: BTreeSet<String>,
    missed: bool,
    /// When to tell.
    due: Option<Instant>,
    /// Who has gone, and when that is news.
    going: HashMap<UserId, Instant>,
}

impl Telling {
    /// Until the room lets go of it.
    async fn run(mut self, mut inbox: mpsc::Receiver<Heard>) {
        loop {
            let wake = self.going.values().copied().chain(self.due).min();
            tokio::select! {
                heard = inbox.recv() => match heard {
                    Some(heard) => self.hear(heard),
                    None => return,
                },
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {
                    self.see_off();
                    if self.due.is_some_and(|due| due <= Instant::now()) {
                        self.tell().await;
                    }
                }
            }
        }
    }

    fn hear(&mut self, heard: Heard) {
        let now_ms = self.app.clock.now_ms();
        match heard {
            Heard::Committed {
                entries,
                missed,
                after,
                revision,
            } => self.committed(&entries, missed, after, revision),
            Heard::Came(user) => {
                let news = self.going.remove(&user.id).is_none();
                let id = user.id.clone();
                self.names.name_person(user.id, user.name);
                if news {
                    self.fold(joined(&self.document, id, now_ms));
                }
            }
            Heard::Went(user) => {
                let id = user.id.clone();
                self.names.name_person(user.id, user.name);
                self.going.insert(id, Instant::now() + LEFT_AFTER);
            }
            Heard::Policies(user) => {
                let id = user.id.clone();
                self.names.name_person(user.id, user.name);
                self.fold(policies_changed(&self.document, id, now_ms));
            }
        }
    }

    fn committed(
        &mut self,
        entries: &[LogEntry],
        missed: bool,
        after: Document,
        revision: Revision,
    ) {
        self.missed |= missed;
        for entry in entries {
            if entry.revision <= self.revision {
                continue;
            }
            if entry.revision != self.revision + 1 {
                // Something was left out, so the document as it is has to do.
                self.missed = true;
                (self.document, self.revision) = (after, revision);
                break;
            }
            let before = self.document.clone();
            self.document.apply(&entry.components);
            self.revision = entry.revision;
            for event in events(&before, &self.document, entry) {
                self.fold(event);
            }
        }
        if self.missed {
            self.wake_up();
        }
    }

    fn fold(&mut self, event: Event) {
        let entry = self.feed.fold(event);
        self.changed.insert(entry.id());
        self.wake_up();
    }

    fn wake_up(&mut self) {
        self.due.get_or_insert(Instant::now() + ACTIVITY_TICK);
    }

    /// Those who have been gone for long enough have left.
    fn see_off(&mut self) {
        let now = Instant::now();
        let gone: Vec<UserId> = self
            .going
            .extract_if(|_, news_at| *news_at <= now)
            .map(|(user, _)| user)
            .collect();
        for user in gone {
            let now_ms = self.app.clock.now_ms();
            self.fold(left(&self.document, user, now_ms));
        }
    }

    async fn tell(&mut self) {
        self.due = None;
        let changed = std::mem::take(&mut self.changed);
        let mut entries: Vec<_> = self
            .feed
            .entries()
            .filter(|entry| changed.contains(&entry.id()))
            .collect();
        if entries.len() > ACTIVITY_ENTRIES_MAX {
            self.missed = true;
            entries.drain(..entries.len() - ACTIVITY_ENTRIES_MAX);
        }
        if let Err(error) = self.names.learn(&entries).await {
            tracing::debug!(%error, "names are not known; identifiers are told instead");
        }
        let (void, told): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.is_void());
        let message = Activity {
            document: self.id.clone(),
            entries: told.iter().map(|entry| entry.tell(&self.names)).collect(),
            gone: void.iter().map(|entry| entry.id()).collect(),
            missed: std::mem::take(&mut self.missed),
        };
        // Lossy, as all of this: who does not keep up is found where committed operations are told.
        if let Some(group) = self.app.group(group_of(&self.id))
            && let Err(error) = group.emit("activity", &message).await
        {
            tracing::debug!(%error, "not everybody heard what was done");
        }
        self.feed.forget_before(self.app.clock.now_ms());
        self.feed.keep(ACTIVITY_OPEN_MAX);
        // Whoever gets another name is called by it next time.
        self.names.forget();
    }
}
