//! A server, clients behind a proxy each, and the dashboards they write to: what the runs about
//! bad networks have in common.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use coboard_client::{Api, Backoff, Client, Options, ServerUrl};
use coboard_protocol::{ClientId, User, UserId};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::process::{Running, Server};
use crate::proxy::{Counts, Plan, Proxy};
use crate::rest::{Boards, Totals};
use crate::writer::Shared;

/// Clients come back quickly: a run has hundreds of restarts or thousands of cuts.
pub(crate) const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(40),
    max: Duration::from_millis(400),
};

/// How a stage is set.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) server_binary: PathBuf,
    pub(crate) seed: u64,
    pub(crate) clients: usize,
    pub(crate) documents: usize,
    /// The mean pause between two edits of one client in one dashboard.
    pub(crate) pause: Duration,
}

/// The stage.
pub(crate) struct Stage {
    directory: TempDir,
    pub(crate) random: StdRng,
    pub(crate) server: Running,
    api: Api,
    reader: Options,
    pub(crate) clients: Vec<Client>,
    /// In the order of the clients.
    pub(crate) proxies: Vec<Proxy>,
    pub(crate) writing: watch::Sender<bool>,
    pub(crate) boards: Boards,
    pub(crate) totals: Totals,
}

/// A client of a server with open access.
pub(crate) fn options(server: ServerUrl, name: &str) -> Result<Options> {
    let user = User {
        id: UserId::try_from(name)?,
        name: name.to_owned(),
    };
    Ok(Options {
        client: ClientId::try_from(name)?,
        backoff: BACKOFF,
        ..Options::open_access(server, user)
    })
}

impl Stage {
    /// Starts a server and lets every client into every dashboard. Nobody writes yet.
    pub(crate) async fn open(setting: &Setting) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut random = StdRng::seed_from_u64(setting.seed);
        let binary = setting.server_binary.clone();
        let server = Server::new(binary, directory.path(), &mut random)?;
        let reader = options(ServerUrl::parse(&server.url())?, "reader")?;
        let api = Api::new(&reader);
        let mut running = server.start()?;
        running.ready(&api).await?;
        let (mut clients, mut proxies) = (Vec::new(), Vec::new());
        for number in 0..setting.clients {
            let proxy = Proxy::start(server.address(), &mut random).await?;
            let name = format!("writer-{number}");
            clients.push(Client::connect(options(proxy.url()?, &name)?));
            proxies.push(proxy);
        }
        let (writing, seen) = watch::channel(false);
        let shared = Shared {
            started: Instant::now(),
            acks: Arc::new(AtomicU64::new(0)),
            writing: seen,
            pause: setting.pause,
        };
        let mut boards = Boards::default();
        let seed = random.random();
        boards
            .open(setting.documents, &api, &clients, &shared, seed)
            .await
            .context("cannot open the dashboards")?;
        Ok(Self {
            directory,
            random,
            server: running,
            api,
            reader,
            clients,
            proxies,
            writing,
            boards,
            totals: Totals::default(),
        })
    }

    /// The same plan for all proxies.
    pub(crate) fn set_all(&self, plan: &Plan) {
        for proxy in &self.proxies {
            proxy.set(plan.clone());
        }
    }

    /// What all proxies did.
    pub(crate) fn counts(&self) -> Counts {
        let counts = self.proxies.iter().map(Proxy::counts);
        counts.fold(Counts::default(), |sum, counts| sum.plus(&counts))
    }

    /// Lets everything come to rest and judges it.
    pub(crate) async fn check(&mut self) -> Result<()> {
        self.writing.send_replace(false);
        self.boards
            .check(&self.api, &self.reader, &mut self.totals)
            .await
    }

    /// Notes something that must not be.
    pub(crate) fn blame(&mut self, violation: String) {
        self.totals.violations.push(violation);
    }

    /// Ends the run: prints what was wrong, and keeps everything if something was.
    pub(crate) async fn close(mut self, result: Result<()>) -> Result<bool> {
        if let Err(error) = result {
            self.blame(format!("the run broke off: {error:#}"));
        }
        let good = self.totals.violations.is_empty();
        for violation in &self.totals.violations {
            println!("VIOLATION {violation}");
        }
        if !good {
            let kept = self.directory.keep();
            self.boards.dump(&kept)?;
            println!(
                "data, server log and journals are kept in {}",
                kept.display()
            );
        }
        self.boards.retire(&mut self.totals).await;
        self.server.kill().await?;
        println!("violations               {}", self.totals.violations.len());
        Ok(good)
    }
}
