//! The task that drives the documents of a client: it brings the engine's machines what happened
//! and carries out what they wish. Nothing here decides anything about documents.

use std::collections::{BTreeMap, HashMap};

use coboard_engine::Time;
use coboard_engine::client::{Client as Machine, Config, Input, Output, Request, Status};
use coboard_protocol::message::{Committed, Head, Leave, SessionEnded};
use coboard_protocol::{DocumentId, SessionId, Snapshot};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::client::Link;
use crate::clock::Clock;
use crate::document::{Event, Traffic};
use crate::http::{Api, HttpError};
use crate::limits::{EVENTS_MAX, QUEUE_MAX, WRITE_TIMEOUT};
use crate::link::{self, Ask, Heard};
use crate::options::Options;

/// What the application wants.
pub(crate) enum Command {
    /// Opens a document.
    Join {
        /// Which one.
        document: DocumentId,
        /// Gets the way to its news; nothing if it is open already.
        reply: oneshot::Sender<Option<News>>,
    },
    /// Does something with the machine of a document.
    Work {
        /// Which one.
        document: DocumentId,
        /// What. It answers by itself; dropped undone if the document is not open.
        work: Work,
    },
    /// Leaves a document. What is not acknowledged is given up.
    Leave {
        /// Which one.
        document: DocumentId,
    },
    /// Closes the connection and ends.
    Close {
        /// Told when it is done.
        done: oneshot::Sender<()>,
    },
}

/// Something to be done with a machine, at the driver's time.
pub(crate) type Work = Box<dyn FnOnce(Time, &mut Machine) + Send>;

/// The ways from a document to the application.
pub(crate) struct News {
    /// What happens to it.
    pub(crate) events: broadcast::Sender<Event>,
    /// How far it is.
    pub(crate) status: watch::Receiver<Status>,
    /// What was sent for it.
    pub(crate) traffic: watch::Receiver<Traffic>,
}

/// An open document.
struct Open {
    machine: Machine,
    session: Option<SessionId>,
    events: broadcast::Sender<Event>,
    status: watch::Sender<Status>,
    traffic: watch::Sender<Traffic>,
    /// The highest sequence sent so far.
    sent: u64,
}

/// A request that waits for its answer.
struct Asked {
    document: DocumentId,
    /// The machine's number for it.
    request: u64,
    is_join: bool,
}

/// A snapshot that came, or did not.
struct Fetched {
    document: DocumentId,
    connection: u64,
    result: Result<Snapshot, HttpError>,
}

/// The driver of one client.
pub(crate) struct Driver {
    options: Options,
    clock: Clock,
    documents: BTreeMap<DocumentId, Open>,
    link: watch::Sender<Link>,
    /// The way to the server, while a connection is up.
    asks: Option<mpsc::Sender<Ask>>,
    asked: HashMap<u64, Asked>,
    next_ask: u64,
    fetches: JoinSet<Fetched>,
    /// Counts connections: what was fetched for an older one is void.
    connection: u64,
}

impl Driver {
    /// A driver of no document.
    pub(crate) fn new(options: Options, link: watch::Sender<Link>) -> Self {
        Self {
            options,
            clock: Clock::start(),
            documents: BTreeMap::new(),
            link,
            asks: None,
            asked: HashMap::new(),
            next_ask: 1,
            fetches: JoinSet::new(),
            connection: 0,
        }
    }

    /// Drives until the application closes the client or drops every handle of it.
    pub(crate) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let (tell, mut heard) = mpsc::channel(QUEUE_MAX);
        let mut linking = JoinSet::new();
        linking.spawn(link::keep(self.options.clone(), tell));
        let done = loop {
            let due = self.due();
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Close { done }) => break Some(done),
                    Some(command) => self.command(command),
                    None => break None,
                },
                Some(heard) = heard.recv() => self.heard(heard),
                Some(Ok(fetched)) = self.fetches.join_next() => self.fetched(fetched),
                () = sleep_until(due), if due.is_some() => self.timed_out(),
            }
        };
        drop(heard);
        // A connection that is up sees that its way is gone and closes. Any other attempt is cut off.
        if self.asks.take().is_some() {
            let _closed = timeout(WRITE_TIMEOUT, linking.join_next()).await;
        }
        if let Some(done) = done {
            let _told = done.send(());
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Join { document, reply } => {
                let _told = reply.send(self.open(document));
            }
            Command::Work { document, work } => {
                let now = self.clock.now();
                if let Some(open) = self.documents.get_mut(&document) {
                    work(now, &mut open.machine);
                    self.drain(&document);
                }
            }
            Command::Leave { document } => self.leave(document),
            // Ends the loop before it comes here.
            Command::Close { done } => drop(done),
        }
    }

    fn open(&mut self, document: DocumentId) -> Option<News> {
        if self.documents.contains_key(&document) {
            return None;
        }
        let machine = Machine::new(Config::new(
            document.clone(),
            self.options.client.clone(),
            self.options.user.clone(),
        ));
        let (events, _) = broadcast::channel(EVENTS_MAX);
        let (status, status_seen) = watch::channel(machine.status().clone());
        let (traffic, traffic_seen) = watch::channel(Traffic::default());
        let news = News {
            events: events.clone(),
            status: status_seen,
            traffic: traffic_seen,
        };
        let open = Open {
            machine,
            session: None,
            events,
            status,
            traffic,
            sent: 0,
        };
        self.documents.insert(document.clone(), open);
        if self.asks.is_some() {
            self.give(&document, Input::Connected);
        }
        Some(news)
    }

    fn leave(&mut self, document: DocumentId) {
        let Some(open) = self.documents.remove(&document) else {
            return;
        };
        self.asked.retain(|_, asked| asked.document != document);
        if let Some(session) = open.session {
            self.ask("leave", &Leave { document, session });
        }
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Up { welcome, asks } => {
                self.asks = Some(asks);
                self.link.send_replace(Link::Up(welcome));
                self.give_all(&Input::Connected);
            }
            Heard::Answer { id, argument } => self.answered(id, argument),
            Heard::Event { name, argument } => self.event(&name, argument),
            Heard::Down(error) => {
                tracing::debug!(%error, "the connection is gone");
                self.asks = None;
                self.asked.clear();
                self.connection += 1;
                self.fetches.abort_all();
                self.link.send_replace(Link::Down);
                for open in self.documents.values_mut() {
                    open.session = None;
                }
                self.give_all(&Input::Disconnected);
            }
            Heard::Failed(error) => tracing::debug!(%error, "no connection"),
            Heard::Refused(error) => {
                self.link
                    .send_replace(Link::Refused(std::sync::Arc::new(error)));
            }
        }
    }

    fn answered(&mut self, id: u64, answer: Json) {
        let Some(asked) = self.asked.remove(&id) else {
            return;
        };
        let request = asked.request;
        let acks = self.give(&asked.document, Input::Answer { request, answer });
        if asked.is_join
            && acks > 0
            && let Some(open) = self.documents.get(&asked.document)
        {
            open.traffic
                .send_modify(|traffic| traffic.recovered += acks);
        }
    }

    fn event(&mut self, name: &str, argument: Json) {
        match name {
            "committed" => {
                if let Some(message) = decode::<Committed>(name, argument) {
                    let document = message.document.clone();
                    self.give(&document, Input::Committed { message });
                }
            }
            "head" => {
                if let Some(Head {
                    document,
                    revision,
                    hash,
                }) = decode(name, argument)
                {
                    self.give(&document, Input::Head { revision, hash });
                }
            }
            "session_ended" => {
                if let Some(ended) = decode::<SessionEnded>(name, argument) {
                    let SessionEnded {
                        document,
                        session,
                        error,
                    } = ended;
                    self.give(&document, Input::SessionEnded { session, error });
                }
            }
            // Presence, the lobby, and what later servers may tell: nobody here wants it.
            _ => {}
        }
    }

    fn fetched(&mut self, fetched: Fetched) {
        if fetched.connection != self.connection {
            return;
        }
        let input = match fetched.result {
            Ok(snapshot) => Input::Snapshot { snapshot },
            Err(error) => {
                tracing::debug!(%error, "a snapshot could not be fetched");
                Input::SnapshotFailed
            }
        };
        self.give(&fetched.document, input);
    }

    fn timed_out(&mut self) {
        let now = self.clock.now();
        let is_due = |open: &Open| open.machine.next_timeout().is_some_and(|due| due <= now);
        let due: Vec<DocumentId> = self
            .documents
            .iter()
            .filter(|(_, open)| is_due(open))
            .map(|(document, _)| document.clone())
            .collect();
        for document in due {
            self.give(&document, Input::Timeout);
        }
    }

    /// When the next machine wants to be woken.
    fn due(&self) -> Option<Instant> {
        let due = self
            .documents
            .values()
            .filter_map(|open| open.machine.next_timeout());
        due.min().map(|time| self.clock.instant(time))
    }

    fn give_all(&mut self, input: &Input) {
        let documents: Vec<DocumentId> = self.documents.keys().cloned().collect();
        for document in documents {
            self.give(&document, input.clone());
        }
    }

    /// Gives one input to a machine and carries out what follows. Counts the acknowledged operations.
    fn give(&mut self, document: &DocumentId, input: Input) -> u64 {
        let now = self.clock.now();
        match self.documents.get_mut(document) {
            Some(open) => {
                open.machine.handle(now, input);
                self.drain(document)
            }
            None => 0,
        }
    }

    fn drain(&mut self, document: &DocumentId) -> u64 {
        let mut acks = 0;
        while let Some(open) = self.documents.get_mut(document)
            && let Some(output) = open.machine.poll()
        {
            acks += u64::from(matches!(output, Output::Ack { .. }));
            match output {
                Output::Request { request, message } => {
                    self.request(document, request, message);
                }
                Output::FetchSnapshot { url, .. } => self.fetch(document, url),
                Output::Session {
                    session,
                    role,
                    client_number,
                    presence: _,
                } => {
                    open.session = Some(session.clone());
                    open.tell(Event::Session {
                        session,
                        role,
                        client_number,
                    });
                }
                Output::Changed(changed) => open.tell(Event::Changed(changed)),
                Output::Ack { id, revision } => open.tell(Event::Ack { id, revision }),
                Output::Conflicts {
                    id,
                    revision,
                    conflicts,
                } => open.tell(Event::Conflicts {
                    id,
                    revision,
                    conflicts,
                }),
                Output::Reject { kept, error } => {
                    let id = kept.operation.id;
                    open.tell(Event::Reject { id, error });
                }
                // Nothing is kept on disk, and nothing is restored.
                Output::Keep(_) | Output::RestoreFailed { .. } => {}
                Output::Status(status) => {
                    open.status.send_replace(status.clone());
                    open.tell(Event::Status(status));
                }
                Output::Diverged { revision } => {
                    tracing::warn!(
                        document = document.as_str(),
                        revision,
                        "the document differs from the server's"
                    );
                    open.tell(Event::Diverged { revision });
                }
                Output::Ended { error } => open.tell(Event::Ended { error }),
            }
        }
        acks
    }

    fn request(&mut self, document: &DocumentId, request: u64, message: Request) {
        let is_join = matches!(message, Request::Join(_));
        let id = match message {
            Request::Join(join) => self.ask("join", &join),
            Request::CatchUp(catch_up) => self.ask("catch_up", &catch_up),
            Request::Submit(submit) => {
                if let Some(open) = self.documents.get_mut(document) {
                    open.count(submit.operations.iter().map(|op| op.id.sequence));
                }
                self.ask("submit", &submit)
            }
        };
        if let Some(id) = id {
            let document = document.clone();
            let asked = Asked {
                document,
                request,
                is_join,
            };
            self.asked.insert(id, asked);
        }
    }

    /// Sends a request if there is a connection. One that is lost is asked again by its machine.
    fn ask(&mut self, event: &'static str, argument: &impl Serialize) -> Option<u64> {
        let asks = self.asks.as_ref()?;
        let argument = serde_json::to_value(argument).expect("a message is plain data");
        let id = self.next_ask;
        self.next_ask += 1;
        let ask = Ask {
            id,
            event,
            argument,
        };
        asks.try_send(ask).ok().map(|()| id)
    }

    fn fetch(&mut self, document: &DocumentId, url: String) {
        let (document, connection) = (document.clone(), self.connection);
        let api = Api::new(&self.options);
        self.fetches.spawn(async move {
            let result = api.get(&url).await;
            Fetched {
                document,
                connection,
                result,
            }
        });
    }
}

impl Open {
    fn tell(&self, event: Event) {
        // Nobody may be listening.
        let _heard = self.events.send(event);
    }

    fn count(&mut self, sequences: impl Iterator<Item = u64>) {
        let (mut first, mut again) = (0, 0);
        for sequence in sequences {
            if sequence > self.sent {
                self.sent = sequence;
                first += 1;
            } else {
                again += 1;
            }
        }
        self.traffic.send_modify(|traffic| {
            traffic.sent += first;
            traffic.resent += again;
        });
    }
}

async fn sleep_until(due: Option<Instant>) {
    if let Some(due) = due {
        tokio::time::sleep_until(due).await;
    }
}

fn decode<T: DeserializeOwned>(name: &str, argument: Json) -> Option<T> {
    serde_json::from_value(argument)
        .inspect_err(|error| tracing::warn!(%error, name, "an event cannot be read"))
        .ok()
}
