//! A client that writes all the time, each edit into a cell of its own.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::{Context, Result};
use coboard_client::{Client, DocumentHandle, EditRequest, Link, Options, Status, Step};
use coboard_protocol::DocumentId;
use serde_json::{Value as Json, json};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::notes::Notes;

/// How long a client may take to get where it must. Far beyond what it needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two edits.
const PAUSE: Duration = Duration::from_millis(4);

/// One client in the dashboard of a drill.
pub(crate) struct Person {
    /// The key that all its edits are below.
    pub(crate) key: String,
    client: Client,
    handle: Arc<DocumentHandle>,
    notes: Arc<Mutex<Notes>>,
    writing: watch::Sender<bool>,
    single: mpsc::Sender<()>,
    tasks: [JoinHandle<()>; 2],
}

impl Person {
    /// Opens the dashboard; writes when told to.
    pub(crate) async fn enter(options: Options, document: &DocumentId, key: &str) -> Result<Self> {
        let client = Client::connect(options);
        let handle = Arc::new(client.join(document.clone()).await?);
        let loaded = handle.wait_for(|status| status.joined && !status.loading);
        timeout(PATIENCE, loaded)
            .await
            .with_context(|| format!("{key} could not load {document}"))??;
        let notes = Arc::new(Mutex::new(Notes::default()));
        let (writing, wanted) = watch::channel(false);
        let (single, ordered) = mpsc::channel(1);
        let mut events = handle.events();
        let noting = Arc::clone(&notes);
        let listening = tokio::spawn(async move {
            while let Some(event) = events.next().await {
                lock(&noting).note(event);
            }
        });
        let writer = Writer {
            key: key.to_owned(),
            handle: Arc::clone(&handle),
            notes: Arc::clone(&notes),
            made: 0,
        };
        let tasks = [listening, tokio::spawn(writer.run(wanted, ordered))];
        Ok(Self {
            key: key.to_owned(),
            client,
            handle,
            notes,
            writing,
            single,
            tasks,
        })
    }

    /// Writes from now on, or no more.
    pub(crate) fn write(&self, writing: bool) {
        self.writing.send_replace(writing);
    }

    /// One more edit. It is made when this returns.
    pub(crate) async fn write_once(&self) -> Result<()> {
        let before = self.notes().made.len();
        self.single.send(()).await.context("the writer ended")?;
        self.until("makes no edit", |notes| notes.made.len() > before)
            .await
    }

    /// What it knows at this moment.
    pub(crate) fn notes(&self) -> Notes {
        lock(&self.notes).clone()
    }

    pub(crate) fn status(&self) -> Status {
        self.handle.status()
    }

    /// The dashboard as this client sees it.
    pub(crate) async fn export(&self) -> Result<Json> {
        Ok(self.handle.export().await?)
    }

    /// Waits until so many edits are acknowledged.
    pub(crate) async fn until_acknowledged(&self, count: usize) -> Result<()> {
        self.until("has no acknowledgement", |notes| {
            notes.acknowledged.len() >= count
        })
        .await
    }

    /// Waits until it has no connection, and has noted all that the last one brought.
    pub(crate) async fn until_alone(&self) -> Result<()> {
        let mut link = self.client.link();
        let down = link.wait_for(|link| matches!(link, Link::Down));
        timeout(PATIENCE, down)
            .await
            .with_context(|| format!("{} is still connected", self.key))??;
        self.write(false);
        let waiting = self.handle.queue().await?.len();
        self.until("does not note everything", |notes| {
            notes.open().len() == waiting
        })
        .await
    }

    /// Waits until it is connected and every edit has its fate; gives the lineage of the connection.
    pub(crate) async fn settle(&self) -> Result<String> {
        let mut link = self.client.link();
        let up = link.wait_for(|link| matches!(link, Link::Up(_)));
        let up = timeout(PATIENCE, up).await;
        let lineage = match &*up.with_context(|| format!("{} does not connect", self.key))?? {
            Link::Up(welcome) => welcome.lineage.clone(),
            Link::Down | Link::Refused(_) => String::new(),
        };
        let quiet = self
            .handle
            .wait_for(|status| status.joined && !status.loading && status.pending_count == 0);
        let Ok(status) = timeout(PATIENCE, quiet).await else {
            anyhow::bail!("{} does not come to rest: {:?}", self.key, self.status());
        };
        status?;
        self.until("does not note everything", |notes| notes.open().is_empty())
            .await?;
        Ok(lineage)
    }

    /// Leaves.
    pub(crate) async fn leave(self) {
        for task in self.tasks {
            task.abort();
            let _aborted = task.await;
        }
        self.client.close().await;
    }

    async fn until(&self, else_it: &str, wanted: impl Fn(&Notes) -> bool) -> Result<()> {
        let waiting = async {
            while !wanted(&lock(&self.notes)) {
                sleep(Duration::from_millis(2)).await;
            }
        };
        timeout(PATIENCE, waiting)
            .await
            .with_context(|| format!("{} {else_it}: {:?}", self.key, self.status()))
    }
}

/// The cell's key within those of the client.
pub(crate) fn cell(number: u64) -> String {
    format!("n{number}")
}

/// The task that edits.
struct Writer {
    key: String,
    handle: Arc<DocumentHandle>,
    notes: Arc<Mutex<Notes>>,
    made: u64,
}

impl Writer {
    async fn run(mut self, mut writing: watch::Receiver<bool>, mut single: mpsc::Receiver<()>) {
        loop {
            let is_writing = *writing.borrow();
            tokio::select! {
                order = single.recv() => match order {
                    Some(()) => self.edit().await,
                    None => return,
                },
                changed = writing.changed() => if changed.is_err() {
                    return;
                },
                () = sleep(PAUSE), if is_writing => self.edit().await,
            }
        }
    }

    async fn edit(&mut self) {
        let number = self.made;
        self.made += 1;
        let request = EditRequest {
            policy: None,
            label: "drill".to_owned(),
            gesture: None,
            atomic: false,
            steps: vec![Step::Set {
                path: format!("@0/{}/{}", self.key, cell(number)),
                value: json!(number),
            }],
        };
        let edited = self.handle.edit(request).await;
        let mut notes = lock(&self.notes);
        match edited.map(|edited| (edited.id, edited.error)) {
            Ok((Some(id), _)) => {
                notes.made.insert(id, number);
            }
            Ok((None, error)) => notes.strange.push(format!("no edit was made: {error:?}")),
            Err(error) => notes.strange.push(error.to_string()),
        }
    }
}

fn lock(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    notes.lock().expect("nobody panics while they hold it")
}
