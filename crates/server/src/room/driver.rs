//! The driver of one room: brings inputs, carries outputs, one task per document.

mod outputs;
mod outside;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use coboard_engine::room::{Input, Join, Room};
use coboard_protocol::limits::ROOM_QUEUE_MAX;
use coboard_protocol::message::{Pace, Role};
use coboard_protocol::{Catalogue, DocumentId, ErrorBody, Revision, SessionId, User, UserId};
use coboard_storage::Assigned;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, FuturesUnordered, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::catalogue::{self, CatalogueDebt};
use super::inbox::{JoinRequest, Message};
use super::load::{LoadError, load};
use super::outbound::{Member, Outbound};
use super::registry::Shown;
use super::storing::{self, Done, Prepared};
use super::waiting::{Entering, Requests, Waiting};
use super::write::View;
use crate::app::App;
use crate::error::{not_found, session_ended, unavailable};

/// Loads a room and drives it until it is unloaded, deleted or the server stops.
pub(super) async fn run(
    app: App,
    document: DocumentId,
    mut inbox: mpsc::Receiver<Message>,
    shown: Arc<Shown>,
) {
    match load(&app, &document).await {
        Ok(room) => Driver::new(app, document, room, inbox, shown).run().await,
        Err(error) => {
            let body = match &error {
                LoadError::NotFound => not_found(),
                LoadError::Hole(_) | LoadError::Storage(_) => {
                    tracing::error!(%error, %document, "a dashboard cannot be opened");
                    unavailable()
                }
            };
            app.rooms.close(&document, &mut inbox);
            refuse_all(&mut inbox, &body);
        }
    }
}

type Joins = FuturesOrdered<BoxFuture<'static, Prepared>>;

struct Driver {
    app: App,
    document: DocumentId,
    room: Room,
    inbox: mpsc::Receiver<Message>,
    inbox_ended: bool,
    shown: Arc<Shown>,
    outbound: Outbound,
    requests: Requests,
    /// Joins on their way through storage, answered in the order they came.
    joins: Joins,
    /// Sessions on their way in; true once they left before they arrived.
    joining: HashMap<SessionId, bool>,
    work: FuturesUnordered<BoxFuture<'static, Done>>,
    /// How the people who were here are called.
    names: HashMap<UserId, User>,
    debt: CatalogueDebt,
    /// Whether the outstanding append changes title, tags or folder.
    heading_changes: bool,
    /// The server as a client of this document, once it wrote something.
    server: Option<Assigned>,
    /// Sessions that the room must still be told have left, once their requests are answered: what
    /// they sent before they left counts.
    departing: HashSet<SessionId>,
    /// Whether storage is appending a run.
    appending: bool,
    idle_since: Option<Instant>,
    /// Why the room must close, once it must.
    closing: Option<Closing>,
}

/// Why a room must close.
struct Closing {
    error: ErrorBody,
    /// Whether the room is no longer what storage has, so that nothing more may be appended.
    broken: bool,
}

impl Driver {
    fn new(
        app: App,
        document: DocumentId,
        room: Room,
        inbox: mpsc::Receiver<Message>,
        shown: Arc<Shown>,
    ) -> Self {
        shown.set_title(title_of(&room));
        Self {
            outbound: Outbound::new(app.clone(), document.clone()),
            app,
            document,
            room,
            inbox,
            inbox_ended: false,
            shown,
            requests: Requests::default(),
            joins: FuturesOrdered::new(),
            joining: HashMap::new(),
            work: FuturesUnordered::new(),
            names: HashMap::new(),
            debt: CatalogueDebt::default(),
            heading_changes: false,
            server: None,
            departing: HashSet::new(),
            appending: false,
            idle_since: None,
            closing: None,
        }
    }

    async fn run(mut self) {
        let stop = self.app.stop.clone();
        let mut stopping = false;
        loop {
            let wake = self.wake();
            tokio::select! {
                biased;
                Some(done) = self.work.next(), if !self.work.is_empty() => self.done(done),
                Some(prepared) = self.joins.next(), if !self.joins.is_empty() => self.prepared(prepared),
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => self.timer().await,
                () = stop.cancelled(), if !stopping => {
                    stopping = true;
                    self.app.rooms.close(&self.document, &mut self.inbox);
                }
                message = self.inbox.recv(), if self.takes_messages() => match message {
                    Some(message) => self.message(message).await,
                    None => self.inbox_ended = true,
                },
            }
            self.drain().await;
            if let Some(closing) = self
                .closing
                .take_if(|closing| closing.broken || !self.appending)
            {
                return self.close(&closing.error);
            }
            if stopping && self.is_finished() {
                return self.pay(true).await;
            }
            if !stopping && self.may_unload() {
                self.pay(true).await;
                let rooms = &self.app.rooms;
                if rooms.close_if_empty(&self.document, &mut self.inbox) {
                    // Only those whose session is over still have a way here.
                    return refuse_all(&mut self.inbox, &session_ended());
                }
                // Somebody came just now. The timer goes before the queue, or a full one would hold
                // back what the group is told; so it is the end of the idle time that must yield.
                self.idle_since = None;
            }
        }
    }

    /// What waits in the room counts against the queue, or the queue would bound nothing.
    fn takes_messages(&self) -> bool {
        !self.inbox_ended && self.closing.is_none() && self.requests.len() < ROOM_QUEUE_MAX
    }

    /// When to wake up without being called.
    fn wake(&self) -> Option<Instant> {
        let unload = self
            .idle_since
            .map(|since| since + self.app.settings.room_idle);
        let room = self
            .room
            .next_timeout()
            .map(|time| self.app.clock.instant(time));
        [self.outbound.due(), self.debt.due(), room, unload]
            .into_iter()
            .flatten()
            .min()
    }

    async fn timer(&mut self) {
        let now = Instant::now();
        if self.outbound.due().is_some_and(|due| due <= now) {
            let lagging = self.outbound.flush().await;
            self.departing.extend(lagging);
        }
        if let Some(author) = self.debt.take(false) {
            let payment = catalogue::pay(
                self.app.clone(),
                self.document.clone(),
                self.room.catalogue(),
                self.room.revision(),
                author,
            );
            self.work.push(Box::pin(async {
                payment.await;
                Done::Nothing
            }));
        }
        if self
            .room
            .next_timeout()
            .is_some_and(|due| due <= self.app.clock.now())
        {
            self.input(Input::Timeout);
        }
    }

    async fn message(&mut self, message: Message) {
        match message {
            Message::Join(join) => self.join(join),
            Message::Leave { session } => self.leave(session),
            Message::Submit {
                session,
                operations,
                reply,
            } => {
                let request = self.requests.add(Waiting::Submit(session.clone(), reply));
                self.input(Input::Submit {
                    request,
                    session,
                    operations,
                });
            }
            Message::CatchUp {
                session,
                since,
                entries,
                reply,
            } => {
                let request = self.requests.add(Waiting::CatchUp(session.clone(), reply));
                self.input(Input::CatchUp {
                    request,
                    session,
                    since,
                    entries,
                });
            }
            Message::Presence {
                session,
                patch,
                pace,
            } => {
                if let Some(pace) = pace {
                    self.outbound.pace(&session, pace);
                }
                self.input(Input::Presence {
                    session,
                    patch,
                    pace,
                });
            }
            Message::Activity { session, wanted } => {
                let room = &self.room;
                self.outbound.listen(&session, wanted, || view_of(room));
            }
            Message::View(reply) => {
                // Whoever asked may be gone.
                let _ = reply.send(Ok(self.view()));
            }
            Message::Write {
                user,
                change,
                reply,
            } => self.write(user, &change, reply).await,
            Message::Restore { restoring, reply } => self.restore(*restoring, reply).await,
            Message::Policies {
                user,
                change,
                reply,
            } => {
                let set = self.set_policies(user, change).await;
                // Whoever asked may be gone.
                let _ = reply.send(set);
            }
            Message::Rewrite {
                user,
                rewrite,
                reply,
            } => self.rewrite(user, rewrite, reply).await,
            Message::Delete { user, reply } => self.delete(user, reply).await,
        }
    }

    fn join(&mut self, join: Box<JoinRequest>) {
        if self.app.is_draining() {
            return Message::Join(join).refuse(unavailable());
        }
        self.joining.insert(join.session.clone(), false);
        let prepare = storing::prepare(self.app.clone(), self.document.clone(), join);
        self.joins.push_back(Box::pin(prepare));
    }

    fn prepared(&mut self, prepared: Prepared) {
        let Prepared { join, known } = prepared;
        let left = self.joining.remove(&join.session).unwrap_or(false);
        let (assigned, known) = match known {
            Ok(known) if !left && !join.connection.is_ended() => known,
            Ok(_) => return Message::Join(join).refuse(unavailable()),
            Err(error) => return Message::Join(join).refuse(error),
        };
        let user = join.connection.user().clone();
        self.names.insert(user.id.clone(), user.clone());
        let request = self.requests.add(Waiting::Join(Box::new(Entering {
            session: join.session.clone(),
            member: Member {
                socket: join.socket,
                connection: join.connection,
                pace: Pace::default(),
                listens: false,
            },
            reply: join.reply,
        })));
        self.input(Input::Join(Join {
            request,
            session: join.session,
            client: join.client,
            client_number: assigned.client_number,
            last_sequence: assigned.last_sequence,
            user,
            role: Role::Editor,
            revision: join.revision,
            lineage: join.lineage,
            inflight: join.inflight,
            known,
        }));
    }

    fn leave(&mut self, session: SessionId) {
        if let Some(left) = self.joining.get_mut(&session) {
            *left = true;
        } else {
            self.outbound.leave(&session);
            self.departing.insert(session);
        }
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Input(input) => self.input(*input),
            Done::Appended(result) => {
                self.appending = false;
                self.input(Input::Appended { result });
            }
            Done::Broken(failure, error) => {
                self.appending = false;
                self.close_for(error, true);
                self.input(Input::Appended {
                    result: Err(failure),
                });
            }
            Done::Unreadable(error) => self.close_for(error, false),
            Done::Nothing => {}
        }
    }

    /// Lets the room close, at the latest when the outstanding append is done.
    fn close_for(&mut self, error: ErrorBody, broken: bool) {
        let broken = broken || self.closing.as_ref().is_some_and(|closing| closing.broken);
        self.closing = Some(Closing { error, broken });
    }

    fn input(&mut self, input: Input) {
        self.room.handle(self.app.clock.now(), input);
    }

    /// Carries out what the room wants, until it wants nothing more.
    async fn drain(&mut self) {
        loop {
            while let Some(output) = self.room.poll() {
                self.output(output).await;
            }
            let requests = &self.requests;
            let mut departing = self.departing.iter();
            let Some(session) = departing.find(|session| !requests.has(session)).cloned() else {
                break;
            };
            self.departing.remove(&session);
            self.input(Input::Leave { session });
        }
        self.shown
            .set(self.room.revision(), self.room.session_count());
        self.idle_since = match self.idle_since {
            _ if !self.is_idle() => None,
            None => Some(Instant::now()),
            since @ Some(_) => since,
        };
    }

    fn view(&self) -> View {
        view_of(&self.room)
    }

    /// Brings the lists up to date before the room goes.
    async fn pay(&mut self, now: bool) {
        if let Some(author) = self.debt.take(now) {
            let (catalogue, revision): (_, Revision) =
                (self.room.catalogue(), self.room.revision());
            catalogue::pay(
                self.app.clone(),
                self.document.clone(),
                catalogue,
                revision,
                author,
            )
            .await;
        }
    }

    fn is_idle(&self) -> bool {
        self.outbound.is_empty()
            && self.joins.is_empty()
            && self.requests.is_empty()
            && self.work.is_empty()
    }

    fn may_unload(&self) -> bool {
        let idle = self.app.settings.room_idle;
        self.idle_since.is_some_and(|since| since.elapsed() >= idle)
    }

    /// Whether everything that came before the stop is answered and stored.
    fn is_finished(&self) -> bool {
        self.inbox_ended
            && self.joins.is_empty()
            && self.requests.is_empty()
            && self.work.is_empty()
    }

    /// Ends all sessions and answers all requests.
    fn close(mut self, error: &ErrorBody) {
        self.app.rooms.close(&self.document, &mut self.inbox);
        self.outbound.end_all(error);
        self.requests.refuse_all(error);
        refuse_all(&mut self.inbox, error);
        if !self.joins.is_empty() {
            let refuse = refuse_joins(self.joins, error.clone());
            self.app.tasks.spawn(refuse);
        }
    }
}

fn view_of(room: &Room) -> View {
    View {
        document: room.document().clone(),
        revision: room.revision(),
    }
}

fn title_of(room: &Room) -> String {
    Catalogue::heading(room.document()).title
}

/// Answers those who were on their way in, each once storage lets go of it: then their connections
/// have the places again that they took.
async fn refuse_joins(mut joins: Joins, error: ErrorBody) {
    while let Some(Prepared { join, .. }) = joins.next().await {
        Message::Join(join).refuse(error.clone());
    }
}

fn refuse_all(inbox: &mut mpsc::Receiver<Message>, error: &ErrorBody) {
    inbox.close();
    while let Ok(message) = inbox.try_recv() {
        message.refuse(error.clone());
    }
}
