//! What leaves a room for its group: one `committed` per tick, and who does not keep up.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use coboard_engine::room::{Hearers, ToldPresence};
use coboard_protocol::limits::{CATCH_UP_BYTES_MAX, CATCH_UP_ENTRIES_MAX, TICK_MS};
use coboard_protocol::message::{Committed, Head, Pace, SessionEnded};
use coboard_protocol::{DocumentId, ErrorBody, Revision, SessionId, User, UserId};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;
use socketioxide::{SendError, SocketError};
use tokio::time::Instant;

use super::feed::{self, Listened};
use super::write::View;
use crate::app::App;
use crate::error::overloaded;
use crate::limits::{LAGGING_RETRY, LAGGING_TIMEOUT};
use crate::socket::Connection;

/// One session of the room.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) socket: SocketRef,
    pub(super) connection: Arc<Connection>,
    /// How much of the others' presence it wants to hear.
    pub(super) pace: Pace,
    /// Whether it wants to hear what is done.
    pub(super) listens: bool,
}

/// The group of one document and what it was not told yet.
pub(super) struct Outbound {
    app: App,
    document: DocumentId,
    members: HashMap<SessionId, Member>,
    pending: Option<Pending>,
    told_at: Option<Instant>,
    /// Who tells what is done, while somebody listens.
    feed: Option<Listened>,
}

/// Entries that wait for the end of the tick, each encoded already.
struct Pending {
    from: Revision,
    entries: Vec<Box<RawValue>>,
}

/// `committed` with entries that are encoded already.
#[derive(Serialize)]
struct EncodedCommitted<'a> {
    document: &'a DocumentId,
    from: Revision,
    to: Revision,
    entries: &'a [Box<RawValue>],
}

impl Outbound {
    pub(super) fn new(app: App, document: DocumentId) -> Self {
        Self {
            app,
            document,
            members: HashMap::new(),
            pending: None,
            told_at: None,
            feed: None,
        }
    }

    /// Lets a session hear what the group is told from now on.
    pub(super) fn enter(&mut self, session: SessionId, member: Member) {
        member.socket.join(self.group());
        let now_ms = self.app.clock.now_ms();
        member.connection.entered(&session, now_ms);
        self.places_changed(&member);
        let socket = member.socket.clone();
        let user = member.connection.user().clone();
        if let Some(feed) = self.feed.as_ref().filter(|_| !self.is_here(&user.id)) {
            feed.came(user);
        }
        self.members.insert(session, member);
        self.regroup(&socket);
    }

    /// Lets a session hear what is done from now on, or no longer. `view` gives the document as it stands.
    pub(super) fn listen(
        &mut self,
        session: &SessionId,
        wanted: bool,
        view: impl FnOnce() -> View,
    ) {
        let Some(member) = self.members.get_mut(session) else {
            return;
        };
        member.listens = wanted;
        let socket = member.socket.clone();
        self.regroup_listeners(&socket);
        if wanted && self.feed.is_none() {
            let View { document, revision } = view();
            let (app, id) = (self.app.clone(), self.document.clone());
            self.feed = Some(Listened::start(app, id, document, revision));
        }
    }

    /// Somebody has changed the policies.
    pub(super) fn policies_changed(&self, user: User) {
        if let Some(feed) = &self.feed {
            feed.policies(user);
        }
    }

    /// Hands on what was committed, to be told in words.
    pub(super) fn done(&mut self, committed: &Committed, view: impl FnOnce() -> View) {
        if let Some(feed) = &mut self.feed {
            let View { document, revision } = view();
            feed.committed(&committed.entries, document, revision);
        }
    }

    /// What is done is told once over a connection, if one of its sessions listens. The task ends with
    /// the last one.
    fn regroup_listeners(&mut self, socket: &SocketRef) {
        let mut here = self.members.values();
        if here.any(|member| member.listens && member.socket.id == socket.id) {
            socket.join(feed::group_of(&self.document));
        } else {
            socket.leave(feed::group_of(&self.document));
        }
        if !self.members.values().any(|member| member.listens) {
            self.feed = None;
        }
    }

    fn is_here(&self, user: &UserId) -> bool {
        let mut here = self.members.values();
        here.any(|member| member.connection.user().id == *user)
    }

    /// Lets a session hear so much of presence from now on.
    pub(super) fn pace(&mut self, session: &SessionId, pace: Pace) {
        if let Some(member) = self.members.get_mut(session) {
            member.pace = pace;
            let socket = member.socket.clone();
            self.regroup(&socket);
        }
    }

    /// Presence comes once over a connection: as much as the one of its sessions that wants most.
    fn regroup(&self, socket: &SocketRef) {
        let wanted = self.pace_of(socket);
        for pace in [Pace::Light, Pace::Full] {
            if wanted == Some(pace) {
                socket.join(self.group_of(pace));
            } else {
                socket.leave(self.group_of(pace));
            }
        }
    }

    fn pace_of(&self, socket: &SocketRef) -> Option<Pace> {
        let here = self.members.values();
        let theirs = here.filter(|member| member.socket.id == socket.id);
        theirs.map(|member| member.pace).max()
    }

    /// Takes a session out of the group.
    pub(super) fn leave(&mut self, session: &SessionId) -> Option<Member> {
        let member = self.members.remove(session)?;
        // A connection may carry two sessions of one document for a moment.
        let stays = self
            .members
            .values()
            .any(|other| other.socket.id == member.socket.id);
        if !stays {
            member.socket.leave(self.group());
        }
        self.regroup(&member.socket);
        self.regroup_listeners(&member.socket);
        let user = member.connection.user();
        if let Some(feed) = self.feed.as_ref().filter(|_| !self.is_here(&user.id)) {
            feed.went(user.clone());
        }
        member.connection.forget(session);
        self.places_changed(&member);
        Some(member)
    }

    /// The person's own list of devices has changed.
    fn places_changed(&self, member: &Member) {
        let user = &member.connection.user().id;
        self.app.places.changed(&self.app, user);
    }

    /// Ends a session and tells its connection why.
    pub(super) fn end(&mut self, session: &SessionId, error: ErrorBody) {
        if let Some(member) = self.leave(session) {
            let ended = SessionEnded {
                document: self.document.clone(),
                session: session.clone(),
                error,
            };
            if let Err(error) = member.socket.emit("session_ended", &ended) {
                tracing::debug!(%error, "a session ended unheard");
            }
        }
    }

    /// Ends every session.
    pub(super) fn end_all(&mut self, error: &ErrorBody) {
        let sessions: Vec<SessionId> = self.members.keys().cloned().collect();
        for session in sessions {
            self.end(&session, error.clone());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Tells the group what was committed: at once after a pause, else at the end of the tick.
    /// Gives the sessions that do not keep up, taken out already.
    pub(super) async fn committed(&mut self, committed: Committed) -> Vec<SessionId> {
        if self.members.is_empty() {
            // Nor does anybody wait for the rest of the tick: whoever comes next would take it for
            // the beginning of what is committed then.
            self.pending = None;
            return Vec::new();
        }
        let entries = committed
            .entries
            .iter()
            .map(|entry| to_raw_value(entry).expect("an entry is plain data"));
        self.pending
            .get_or_insert_with(|| Pending {
                from: committed.from,
                entries: Vec::new(),
            })
            .entries
            .extend(entries);
        if self.due().is_some_and(|due| due <= Instant::now()) {
            self.flush().await
        } else {
            Vec::new()
        }
    }

    /// When the tick ends, if something waits for it.
    pub(super) fn due(&self) -> Option<Instant> {
        let tick = Duration::from_millis(TICK_MS);
        self.pending.as_ref()?;
        Some(self.told_at.map_or_else(Instant::now, |told| told + tick))
    }

    /// Tells the group what waits. Gives the sessions that do not keep up, taken out already.
    pub(super) async fn flush(&mut self) -> Vec<SessionId> {
        let Some(Pending { mut from, entries }) = self.pending.take() else {
            return Vec::new();
        };
        self.told_at = Some(Instant::now());
        let document = self.document.clone();
        let mut lagging = Vec::new();
        for part in parts(&entries) {
            let to = from + part.len() as Revision;
            let message = EncodedCommitted {
                document: &document,
                from,
                to,
                entries: part,
            };
            lagging.extend(self.emit("committed", &message, to).await);
            from = to;
        }
        lagging
    }

    /// Tells the group something. Gives the sessions that do not keep up, taken out already.
    pub(super) async fn emit<T: Serialize>(
        &mut self,
        event: &str,
        message: &T,
        head: Revision,
    ) -> Vec<SessionId> {
        self.emit_to(self.group(), event, message, head).await
    }

    /// Tells those who want to hear it who is here. Gives the sessions that do not keep up, taken out already.
    pub(super) async fn presence(&mut self, told: &ToldPresence, head: Revision) -> Vec<SessionId> {
        let ToldPresence { to, presence } = told;
        match to {
            Hearers::Pace(pace) => {
                let group = self.group_of(*pace);
                self.emit_to(group, "presence", presence, head).await
            }
            Hearers::Session(session) => {
                // A tab beside it that hears more would lose that by it; the next list of all is for both.
                if let Some(member) = self.members.get(session)
                    && self.pace_of(&member.socket) == Some(member.pace)
                    && let Err(error) = member.socket.emit("presence", presence)
                {
                    tracing::debug!(%error, "a list of everybody was not heard");
                }
                Vec::new()
            }
        }
    }

    async fn emit_to<T: Serialize>(
        &mut self,
        group: String,
        event: &str,
        message: &T,
        head: Revision,
    ) -> Vec<SessionId> {
        let Some(group) = self.app.group(group) else {
            return Vec::new();
        };
        match group.emit(event, message).await {
            Ok(()) => Vec::new(),
            // The error does not say whose channel is full, so each one is asked.
            Err(_) => self.find_lagging(head),
        }
    }

    fn find_lagging(&mut self, revision: Revision) -> Vec<SessionId> {
        let head = Head {
            document: self.document.clone(),
            revision,
            hash: None,
        };
        let lagging: Vec<SessionId> = self
            .members
            .iter()
            .filter(|(_, member)| is_full(&member.socket.emit("head", &head)))
            .map(|(session, _)| session.clone())
            .collect();
        for session in &lagging {
            if let Some(member) = self.leave(session) {
                let ended = SessionEnded {
                    document: self.document.clone(),
                    session: session.clone(),
                    error: overloaded().with("reason", "lagging"),
                };
                self.app.tasks.spawn(release(member.socket, ended));
            }
        }
        lagging
    }

    fn group(&self) -> String {
        format!("document:{}", self.document)
    }

    fn group_of(&self, pace: Pace) -> String {
        format!("presence:{pace:?}:{}", self.document)
    }
}

fn is_full(result: &Result<(), SendError>) -> bool {
    matches!(
        result,
        Err(SendError::Socket(SocketError::InternalChannelFull))
    )
}

/// Tells a connection that does not keep up that its session is over, or closes it if it stays stuck.
/// The heartbeat closes those whose channel is full by then.
async fn release(socket: SocketRef, ended: SessionEnded) {
    tracing::info!(document = %ended.document, "a connection does not keep up");
    let deadline = Instant::now() + LAGGING_TIMEOUT;
    while Instant::now() < deadline && socket.connected() {
        if !is_full(&socket.emit("session_ended", &ended)) {
            return;
        }
        tokio::time::sleep(LAGGING_RETRY).await;
    }
    if let Err(error) = socket.disconnect() {
        tracing::debug!(%error, "a stuck connection is left to the heartbeat");
    }
}

/// Entries in parts that each fit one message.
fn parts(entries: &[Box<RawValue>]) -> impl Iterator<Item = &[Box<RawValue>]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = rest
            .iter()
            .take(CATCH_UP_ENTRIES_MAX)
            .take_while(|entry| {
                bytes += entry.get().len();
                bytes <= CATCH_UP_BYTES_MAX
            })
            .count();
        let (part, after) = rest.split_at(fitting.max(1).min(rest.len()));
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests {
    use coboard_storage::MemoryStorage;

    use super::*;
    use crate::app::Shared;
    use crate::settings::Settings;

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_told_to_whoever_comes_next() {
        let storage = Arc::new(MemoryStorage::new("lineage"));
        let (_, io) = socketioxide::SocketIo::new_layer();
        let app = Shared::new(Settings::default(), storage, "lineage".to_owned(), io);
        let document = DocumentId::try_from("d").expect("legal");
        let mut outbound = Outbound::new(app, document.clone());
        // As those leave it behind who went in the middle of a tick.
        outbound.pending = Some(Pending {
            from: 1,
            entries: Vec::new(),
        });
        let committed = Committed {
            document,
            from: 2,
            to: 3,
            entries: Vec::new(),
        };
        assert!(outbound.committed(committed).await.is_empty());
        assert!(outbound.pending.is_none());
    }

    #[test]
    fn parts_hold_everything_in_order_and_stay_small() {
        let entry = |bytes: usize| to_raw_value(&"x".repeat(bytes)).expect("it is a string");
        let entries: Vec<_> = [
            10,
            CATCH_UP_BYTES_MAX * 2,
            10,
            CATCH_UP_BYTES_MAX - 100,
            200,
        ]
        .map(entry)
        .into();
        let sizes: Vec<usize> = parts(&entries).map(<[_]>::len).collect();
        assert_eq!(sizes, [1, 1, 2, 1]);
        assert_eq!(parts(&[]).count(), 0);
    }
}
