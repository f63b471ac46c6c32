//! The dashboards of a run, and their judgement when everything is at rest.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use coboard_client::{Api, Client, Connection, Options, Traffic};
use coboard_protocol::codec::plain_to_json;
use coboard_protocol::ot::Document;
use coboard_protocol::{DocumentId, LogEntry};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value as Json;

use crate::checker::{Evidence, Witness, check};
use crate::writer::{Shared, Writer};
use crate::{board, log};

/// Entries in a log beyond which a run goes on with new dashboards: a run of any length needs
/// bounded memory, and its checks bounded time.
const LOG_MAX: usize = 3_000;

/// What all checks found.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// How often a dashboard was checked.
    pub(crate) checked: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    /// Of dashboards that are retired.
    pub(crate) resent: u64,
    /// Of dashboards that are retired.
    pub(crate) recovered: u64,
    pub(crate) violations: Vec<String>,
}

/// The dashboards that are written to, and what the older ones held at last.
#[derive(Default)]
pub(crate) struct Boards {
    open: Vec<Board>,
    retired: Vec<(DocumentId, Json)>,
}

struct Board {
    document: DocumentId,
    writers: Vec<Writer>,
    /// At the last check.
    log_length: usize,
    export: Json,
}

impl Boards {
    /// Makes dashboards and lets every client into each.
    pub(crate) async fn open(
        &mut self,
        count: usize,
        api: &Api,
        clients: &[Client],
        shared: &Shared,
        seed: u64,
    ) -> Result<()> {
        let mut random = StdRng::seed_from_u64(seed);
        for number in 0..count {
            let document = api.import(&board::empty(number)).await?.id;
            let mut writers = Vec::new();
            for (index, client) in clients.iter().enumerate() {
                let seed = random.random();
                writers.push(Writer::start(client, index, &document, seed, shared).await?);
            }
            self.open.push(Board {
                document,
                writers,
                log_length: 0,
                export: Json::Null,
            });
        }
        Ok(())
    }

    /// Waits until nothing is under way, and judges every dashboard.
    pub(crate) async fn check(
        &mut self,
        api: &Api,
        reader: &Options,
        totals: &mut Totals,
    ) -> Result<()> {
        for writer in self.writers() {
            writer.settle().await?;
        }
        let mut connection = Connection::open(reader, None).await?;
        for board in &mut self.open {
            let evidence = board.evidence(api, &mut connection).await?;
            for violation in check(&evidence) {
                totals.lost += usize::from(violation.is_loss());
                totals.doubled += usize::from(violation.is_double());
                totals
                    .violations
                    .push(format!("{}: {violation}", board.document));
            }
            totals.checked += 1;
            board.log_length = evidence.log.len();
            board.export = evidence.export;
        }
        connection.close().await;
        Ok(())
    }

    /// All clients in all dashboards.
    pub(crate) fn writers(&self) -> impl Iterator<Item = &Writer> {
        self.open.iter().flat_map(|board| &board.writers)
    }

    /// Whether it is time for new dashboards.
    pub(crate) fn are_large(&self) -> bool {
        self.open.iter().any(|board| board.log_length > LOG_MAX)
    }

    /// Leaves the dashboards; what they hold must stay.
    pub(crate) async fn retire(&mut self, totals: &mut Totals) {
        let traffic = self.traffic();
        totals.resent += traffic.resent;
        totals.recovered += traffic.recovered;
        for board in std::mem::take(&mut self.open) {
            for writer in board.writers {
                writer.stop().await;
            }
            self.retired.push((board.document, board.export));
        }
    }

    /// Whether the older dashboards still hold what they held at last.
    pub(crate) async fn recheck(&self, api: &Api, totals: &mut Totals) -> Result<()> {
        for (document, export) in &self.retired {
            if api.export(document).await? != *export {
                let violation = format!("{document}: changed after everybody had left");
                totals.violations.push(violation);
            }
        }
        Ok(())
    }

    /// What was sent for the open dashboards.
    pub(crate) fn traffic(&self) -> Traffic {
        self.writers().fold(Traffic::default(), |sum, writer| {
            let traffic = writer.traffic();
            Traffic {
                sent: sum.sent + traffic.sent,
                resent: sum.resent + traffic.resent,
                recovered: sum.recovered + traffic.recovered,
            }
        })
    }

    /// Writes what the clients saw as JSON lines.
    pub(crate) fn dump(&self, directory: &Path) -> Result<()> {
        for board in &self.open {
            for writer in &board.writers {
                let mut lines = String::new();
                for record in writer.journal.records() {
                    lines += &serde_json::to_string(&record)?;
                    lines.push('\n');
                }
                let name = format!("{}.{}.jsonl", board.document, writer.client);
                fs::write(directory.join(name), lines)?;
            }
        }
        Ok(())
    }
}

impl Board {
    async fn evidence(&self, api: &Api, connection: &mut Connection) -> Result<Evidence> {
        let log = log::read(connection, &self.document)
            .await
            .with_context(|| format!("cannot read the log of {}", self.document))?;
        let mut clients = Vec::new();
        for writer in &self.writers {
            writer.catch_up(log.len() as u64).await?;
            clients.push(Witness {
                client: writer.client.clone(),
                loaded: writer.loaded,
                records: writer.journal.records(),
                export: writer.export().await?,
            });
        }
        evidence(api, &self.document, log, clients).await
    }
}

/// What there is to judge, once the log is read and the clients have told what they know.
pub(crate) async fn evidence(
    api: &Api,
    document: &DocumentId,
    log: Vec<LogEntry>,
    clients: Vec<Witness>,
) -> Result<Evidence> {
    let snapshot = api.snapshot(document).await?;
    let tail = log
        .iter()
        .filter(|entry| entry.revision > snapshot.revision);
    Ok(Evidence {
        export: api.export(document).await?,
        replayed: replay(Document::new(), log.iter()),
        from_snapshot: replay(snapshot.content, tail),
        log,
        clients,
    })
}

fn replay<'a>(mut document: Document, log: impl Iterator<Item = &'a LogEntry>) -> Json {
    log.for_each(|entry| document.apply(&entry.components));
    plain_to_json(&document.export())
}
