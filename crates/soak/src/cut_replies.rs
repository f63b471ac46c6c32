//! The run `cut-replies`: the answer to every submit is lost, again and again, and so is the
//! server at times. Each operation must be in the log once, under the revision of every answer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::{Api, Connection, Options, ServerUrl};
use coboard_protocol::DocumentId;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value as Json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::checker::{Witness, check};
use crate::process::{Running, Server};
use crate::proxy::Proxy;
use crate::stage::options;
use crate::{Common, board, log, rest};

mod flaky;
mod parcel;
mod sender;

use parcel::Known;
use sender::{Sender, Tally};

/// Operations of one client. Each joins some four times as often, and a user may join 500 times.
const PER_CLIENT: u64 = 80;
/// Dashboards; a log beyond a few thousand entries takes long to check.
const DOCUMENTS: usize = 8;

/// Options of `cut-replies`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How many operations.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,
    /// How many clients send at a time.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..=64))]
    senders: u64,
    /// How often the server is killed meanwhile.
    #[arg(long, value_name = "N", default_value_t = 20)]
    kills: u64,
    /// Seconds in which native clients write over a bad network afterwards.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    seconds: u64,
}

/// What one client knows at last.
struct Told {
    document: usize,
    options: Options,
    known: Known,
}

/// Runs it. Whether nothing is wrong.
///
/// # Errors
/// When something prevents the run.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let seed = arguments.common.seed();
    let directory = tempfile::tempdir()?;
    let violations = raw(&arguments, seed, directory.path()).await?;
    for violation in &violations {
        println!("VIOLATION {violation}");
    }
    if !violations.is_empty() {
        println!(
            "data and server log are kept in {}",
            directory.keep().display()
        );
    }
    println!("violations               {}", violations.len());
    let native = flaky::run(&arguments, seed).await?;
    Ok(violations.is_empty() && native)
}

async fn raw(arguments: &Arguments, seed: u64, directory: &Path) -> Result<Vec<String>> {
    let mut random = StdRng::seed_from_u64(seed);
    let binary = arguments.common.server_binary.clone();
    let server = Server::new(binary, directory, &mut random)?;
    let reader = options(ServerUrl::parse(&server.url())?, "reader")?;
    let api = Api::new(&reader);
    let mut running = server.start()?;
    running.ready(&api).await?;
    let mut documents = Vec::new();
    for number in 0..DOCUMENTS {
        documents.push(api.import(&board::empty(number)).await?.id);
    }
    let tally = Arc::new(Tally::default());
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..arguments.senders {
        let share = arguments.count / arguments.senders
            + u64::from(number < arguments.count % arguments.senders);
        let worker = Worker {
            number,
            proxy: Proxy::start(server.address(), &mut random).await?,
            documents: documents.clone(),
            tally: Arc::clone(&tally),
            started,
            random: StdRng::seed_from_u64(random.random()),
        };
        tasks.spawn(worker.run(share));
    }
    let mut told = Vec::new();
    for kill in 1..=arguments.kills {
        let due = arguments.count * kill / (arguments.kills + 1);
        while tally.operations.load(Ordering::Relaxed) < due {
            while let Some(finished) = tasks.try_join_next() {
                told.extend(finished??);
            }
            if let Some(status) = running.ended()? {
                bail!("the server ended by itself: {status}");
            }
            sleep(Duration::from_millis(1)).await;
        }
        running = restart(&server, running, &api, &tally).await?;
    }
    while let Some(finished) = tasks.join_next().await {
        told.extend(finished??);
    }
    report(&tally, started.elapsed());
    let violations = judge(&api, &reader, &documents, told).await;
    running.kill().await?;
    violations
}

/// Kills the server and starts it again.
async fn restart(server: &Server, running: Running, api: &Api, tally: &Tally) -> Result<Running> {
    running.kill().await?;
    tally.kills.fetch_add(1, Ordering::Relaxed);
    let mut running = server.start()?;
    running.ready(api).await?;
    Ok(running)
}

/// One task: one client after the other, each for a while in one dashboard.
struct Worker {
    number: u64,
    proxy: Proxy,
    documents: Vec<DocumentId>,
    tally: Arc<Tally>,
    started: Instant,
    random: StdRng,
}

impl Worker {
    async fn run(mut self, share: u64) -> Result<Vec<Told>> {
        let mut told = Vec::new();
        let mut left = share;
        while left > 0 {
            let count = left.min(PER_CLIENT);
            left -= count;
            let document = self.random.random_range(0..self.documents.len());
            let name = format!("sender-{}-{}", self.number, told.len());
            let mut sender = Sender {
                proxy: &self.proxy,
                options: options(self.proxy.url()?, &name)?,
                document: self.documents[document].clone(),
                random: StdRng::seed_from_u64(self.random.random()),
                started: self.started,
                tally: Arc::clone(&self.tally),
                head: 0,
                sequence: 0,
                known: Known::default(),
            };
            sender.run(count).await.with_context(|| name)?;
            told.push(Told {
                document,
                options: sender.options,
                known: sender.known,
            });
        }
        Ok(told)
    }
}

/// What is wrong with the logs, the contents and the answers.
async fn judge(
    api: &Api,
    reader: &Options,
    documents: &[DocumentId],
    told: Vec<Told>,
) -> Result<Vec<String>> {
    let mut violations = Vec::new();
    let mut clients: Vec<Vec<Witness>> = documents.iter().map(|_| Vec::new()).collect();
    for told in told {
        violations.extend(told.known.violations);
        clients[told.document].push(Witness {
            client: told.options.client,
            // It listens to no broadcast.
            loaded: u64::MAX,
            records: told.known.records,
            export: Json::Null,
        });
    }
    let mut connection = Connection::open(reader, None).await?;
    for (document, mut clients) in documents.iter().zip(clients) {
        let log = log::read(&mut connection, document).await?;
        let export = api.export(document).await?;
        for client in &mut clients {
            client.export = export.clone();
        }
        let evidence = rest::evidence(api, document, log, clients).await?;
        let found = check(&evidence);
        violations.extend(found.iter().map(|found| format!("{document}: {found}")));
    }
    connection.close().await;
    Ok(violations)
}

fn report(tally: &Tally, took: Duration) {
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    println!("seconds                  {}", took.as_secs());
    println!("operations               {}", count(&tally.operations));
    println!("  answers cut            {}", count(&tally.cut));
    println!("  submits sent again     {}", count(&tally.resends));
    println!("  on both sides of a kill {}", count(&tally.across_kills));
    println!("  ids used twice         {}", count(&tally.impostors));
    println!("server killed            {} times", count(&tally.kills));
}
