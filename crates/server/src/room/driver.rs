//! The driver of one room: brings inputs, carries outputs, one task per document.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use coboard_engine::room::{Answer, Input, Join, Output, RequestId, Room};
use coboard_protocol::limits::ROOM_QUEUE_MAX;
use coboard_protocol::message::{
    CatchUpAnswer, Committed, DashboardDeleted, Joined, Role, Submitted,
};
use coboard_protocol::{DocumentId, ErrorBody, OperationId, Revision, SessionId, User, UserId};
use coboard_storage::{Assigned, Run};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, FuturesUnordered, StreamExt};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::catalogue::{self, CatalogueDebt};
use super::inbox::{JoinRequest, Message};
use super::load::{LoadError, load};
use super::outbound::{Member, Outbound};
use super::registry::Shown;
use super::storing::{self, Done, Prepared};
use super::write::{Change, View};
use crate::app::App;
use crate::create::server_client;
use crate::error::{not_found, of_assign, of_storage, unavailable};
use crate::socket::Reply;

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

struct Driver {
    app: App,
    document: DocumentId,
    room: Room,
    inbox: mpsc::Receiver<Message>,
    inbox_ended: bool,
    shown: Arc<Shown>,
    outbound: Outbound,
    requests: HashMap<RequestId, Waiting>,
    next_request: RequestId,
    /// Joins on their way through storage, answered in the order they came.
    joins: FuturesOrdered<BoxFuture<'static, Prepared>>,
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
    /// Sessions that the room must still be told have left.
    gone: HashSet<SessionId>,
    idle_since: Option<Instant>,
    /// Why the room must close, once it must.
    closing: Option<ErrorBody>,
}

/// A request that waits for the room.
enum Waiting {
    Join(Box<Entering>),
    Submit(Reply<Submitted>),
    CatchUp(Reply<CatchUpAnswer>),
    Write(oneshot::Sender<Result<View, ErrorBody>>),
}

struct Entering {
    session: SessionId,
    member: Member,
    reply: Reply<Joined>,
}

impl Waiting {
    fn refuse(self, error: ErrorBody) {
        match self {
            Self::Join(entering) => {
                entering.member.connection.forget(&entering.session);
                entering.reply.send(Err(error));
            }
            Self::Submit(reply) => reply.send(Err(error)),
            Self::CatchUp(reply) => reply.send(Err(error)),
            Self::Write(reply) => {
                let _ = reply.send(Err(error));
            }
        }
    }
}

impl Driver {
    fn new(
        app: App,
        document: DocumentId,
        room: Room,
        inbox: mpsc::Receiver<Message>,
        shown: Arc<Shown>,
    ) -> Self {
        Self {
            outbound: Outbound::new(app.clone(), document.clone()),
            app,
            document,
            room,
            inbox,
            inbox_ended: false,
            shown,
            requests: HashMap::new(),
            next_request: 1,
            joins: FuturesOrdered::new(),
            joining: HashMap::new(),
            work: FuturesUnordered::new(),
            names: HashMap::new(),
            debt: CatalogueDebt::default(),
            heading_changes: false,
            server: None,
            gone: HashSet::new(),
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
            if let Some(error) = self.closing.take() {
                return self.close(&error);
            }
            if stopping && self.is_finished() {
                return self.pay(true).await;
            }
            if !stopping && self.may_unload() {
                self.pay(true).await;
                if self.app.rooms.close_if_empty(&self.document, &self.inbox) {
                    return;
                }
            }
        }
    }

    /// What waits in the room counts against the queue, or the queue would bound nothing.
    fn takes_messages(&self) -> bool {
        !self.inbox_ended && self.requests.len() < ROOM_QUEUE_MAX
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
            self.gone.extend(lagging);
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
                let request = self.wait(Waiting::Submit(reply));
                self.input(Input::Submit {
                    request,
                    session,
                    operations,
                });
            }
            Message::CatchUp {
                session,
                since,
                reply,
            } => {
                let request = self.wait(Waiting::CatchUp(reply));
                self.input(Input::CatchUp {
                    request,
                    session,
                    since,
                });
            }
            Message::Presence { session, patch } => self.input(Input::Presence { session, patch }),
            Message::View(reply) => {
                // Whoever asked may be gone.
                let _ = reply.send(Ok(self.view()));
            }
            Message::Write {
                user,
                change,
                reply,
            } => self.write(user, &change, reply).await,
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
            Ok(known) if !left && join.socket.connected() => known,
            Ok(_) => return Message::Join(join).refuse(crate::error::session_ended()),
            Err(error) => return Message::Join(join).refuse(error),
        };
        let user = join.connection.user().clone();
        self.names.insert(user.id.clone(), user.clone());
        let request = self.wait(Waiting::Join(Box::new(Entering {
            session: join.session.clone(),
            member: Member {
                socket: join.socket,
                connection: join.connection,
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
            inflight: join.inflight,
            known,
        }));
    }

    fn leave(&mut self, session: SessionId) {
        if let Some(left) = self.joining.get_mut(&session) {
            *left = true;
        } else {
            self.outbound.leave(&session);
            self.input(Input::Leave { session });
        }
    }

    async fn write(
        &mut self,
        user: User,
        change: &Change,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    ) {
        let server = match self.server_as_client(&user).await {
            Ok(server) => server,
            Err(error) => {
                let _ = reply.send(Err(error));
                return;
            }
        };
        let sequence = server.last_sequence + 1;
        self.server = Some(Assigned {
            last_sequence: sequence,
            ..server
        });
        self.names.insert(user.id.clone(), user.clone());
        let request = self.wait(Waiting::Write(reply));
        self.input(Input::Write {
            request,
            id: OperationId {
                client: server_client(),
                sequence,
            },
            author: user,
            components: change.components(server.client_number, sequence),
            meta: change.meta(),
        });
    }

    /// The server's number in this document. The first time it is asked of storage, durably.
    async fn server_as_client(&mut self, user: &User) -> Result<Assigned, ErrorBody> {
        let saved = self.app.storage.save_user(user).await;
        saved.map_err(|error| of_storage(&error))?;
        if let Some(server) = self.server {
            return Ok(server);
        }
        let client = server_client();
        let owner = UserId::try_from(client.as_str()).expect("a client id is an identifier");
        let assigned = self
            .app
            .storage
            .assign_client(&self.document, &client, &owner)
            .await;
        assigned.map_err(|error| of_assign(&error))
    }

    async fn delete(&mut self, user: User, reply: oneshot::Sender<Result<(), ErrorBody>>) {
        let at_ms = self.app.clock.now_ms();
        let deleted = self
            .app
            .storage
            .delete_document(&self.document, &user, at_ms)
            .await;
        let result = match deleted {
            Ok(there) => {
                self.closing = Some(not_found());
                if there {
                    let message = DashboardDeleted {
                        document: self.document.clone(),
                        author: user,
                        at_ms,
                    };
                    self.app.tell_lobby("dashboard_deleted", &message).await;
                    Ok(())
                } else {
                    Err(not_found())
                }
            }
            Err(error) => Err(of_storage(&error)),
        };
        let _ = reply.send(result);
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Input(input) => self.input(*input),
            Done::Reload(input, error) => {
                if let Some(input) = input {
                    self.input(*input);
                }
                self.closing = Some(error);
            }
            Done::Nothing => {}
        }
    }

    fn input(&mut self, input: Input) {
        self.room.handle(self.app.clock.now(), input);
    }

    fn wait(&mut self, waiting: Waiting) -> RequestId {
        let request = self.next_request;
        self.next_request += 1;
        self.requests.insert(request, waiting);
        request
    }

    /// Carries out what the room wants, until it wants nothing more.
    async fn drain(&mut self) {
        loop {
            while let Some(output) = self.room.poll() {
                self.output(output).await;
            }
            let Some(session) = self.gone.iter().next().cloned() else {
                break;
            };
            self.gone.remove(&session);
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

    async fn output(&mut self, output: Output) {
        let (app, document) = (self.app.clone(), self.document.clone());
        let lagging = match output {
            Output::Answer { request, answer } => {
                self.answer(request, answer);
                return;
            }
            Output::Append {
                head,
                entries,
                fingerprints,
                catalogue,
            } => {
                self.heading_changes = catalogue.is_some();
                let run = Run {
                    document,
                    head,
                    entries,
                    fingerprints,
                    catalogue,
                };
                self.work.push(Box::pin(storing::append(app, run)));
                return;
            }
            Output::ReadLog {
                request,
                since,
                limit,
            } => {
                let read = storing::read_log(app, document, request, since, limit);
                self.work.push(Box::pin(read));
                return;
            }
            Output::Find { request, ids } => {
                self.work
                    .push(Box::pin(storing::find(app, document, request, ids)));
                return;
            }
            Output::SaveSnapshot {
                revision,
                document: content,
            } => {
                let save = storing::save_snapshot(app, document, revision, content);
                self.work.push(Box::pin(save));
                return;
            }
            Output::Ended { session, error } => {
                self.outbound.end(&session, error);
                return;
            }
            Output::Committed(committed) => self.committed(committed).await,
            Output::Presence(presence) => {
                self.outbound
                    .emit("presence", &presence, self.room.revision())
                    .await
            }
            Output::Head(head) => self.outbound.emit("head", &head, head.revision).await,
        };
        self.gone.extend(lagging);
    }

    async fn committed(&mut self, committed: Committed) -> Vec<SessionId> {
        if let Some(last) = committed.entries.last() {
            let author = self
                .names
                .get(&last.author)
                .cloned()
                .unwrap_or_else(|| User {
                    id: last.author.clone(),
                    name: last.author.to_string(),
                });
            let at_once = std::mem::take(&mut self.heading_changes);
            self.debt.changed(author, at_once);
        }
        self.outbound.committed(committed).await
    }

    fn answer(&mut self, request: RequestId, answer: Answer) {
        let Some(waiting) = self.requests.remove(&request) else {
            return;
        };
        match (waiting, answer) {
            (Waiting::Join(entering), Answer::Joined(joined)) => {
                let Entering {
                    session,
                    member,
                    reply,
                } = *entering;
                if joined.is_ok() {
                    self.outbound.enter(session, member);
                } else {
                    member.connection.forget(&session);
                }
                reply.send(joined);
            }
            (Waiting::Submit(reply), Answer::Submitted(submitted)) => reply.send(submitted),
            (Waiting::CatchUp(reply), Answer::CaughtUp(answer)) => reply.send(answer),
            (Waiting::Write(reply), Answer::Written(written)) => {
                let view = self.view();
                let _ = reply.send(written.map(|revision| View { revision, ..view }));
            }
            (
                Waiting::Join(_) | Waiting::Submit(_) | Waiting::CatchUp(_) | Waiting::Write(_),
                Answer::Joined(_) | Answer::Submitted(_) | Answer::CaughtUp(_) | Answer::Written(_),
            ) => unreachable!("an answer is of the kind of its request"),
        }
    }

    fn view(&self) -> View {
        View {
            document: self.room.document().clone(),
            revision: self.room.revision(),
        }
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
        for (_, waiting) in self.requests.drain() {
            waiting.refuse(error.clone());
        }
        refuse_all(&mut self.inbox, error);
    }
}

fn refuse_all(inbox: &mut mpsc::Receiver<Message>, error: &ErrorBody) {
    inbox.close();
    while let Ok(message) = inbox.try_recv() {
        message.refuse(error.clone());
    }
}
