//! The run `kill`: the server dies, comes back, and every promise is checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::{Api, Client, Options, ServerUrl};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::database::Copies;
use crate::process::{Running, Server};
use crate::rest::{Boards, Totals};
use crate::stage::options;
use crate::writer::Shared;

/// How often, in percent, the server dies before it takes requests.
const STARTUP_KILLS: u32 = 25;
/// How long it lives otherwise, counted from the first acknowledgement, in milliseconds.
const ALIVE_MS: std::ops::RangeInclusive<u64> = 5..=500;
/// How long the first acknowledgement after a start may take.
const ACK_TIMEOUT: Duration = Duration::from_secs(15);
/// Kills between two checks of everything.
const CHECK_EVERY: u32 = 20;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) cycles: u32,
    pub(crate) seed: u64,
    pub(crate) server_binary: PathBuf,
    pub(crate) documents: u32,
    pub(crate) writers: u32,
    /// Operations per second, all clients together.
    pub(crate) rate: u32,
    pub(crate) time_budget: Option<Duration>,
}

/// What was done.
#[derive(Debug, Default)]
struct Counts {
    cycles: u32,
    startup_kills: u32,
    integrity_checks: u32,
    slowest_start: Duration,
}

/// Runs the plan. Whether nothing is wrong.
///
/// # Errors
/// When something prevents the run, or a client or the server does not come to rest.
pub(crate) async fn run(plan: Plan) -> Result<bool> {
    let directory = tempfile::tempdir()?;
    let mut run = Run::new(plan, directory.path())?;
    let result = run.all().await;
    if let Err(error) = &result {
        run.totals
            .violations
            .push(format!("the run broke off: {error:#}"));
    }
    let good = run.totals.violations.is_empty();
    if !good {
        let kept = directory.keep();
        run.boards.dump(&kept)?;
        println!(
            "data, server log and journals are kept in {}",
            kept.display()
        );
    }
    run.boards.retire(&mut run.totals).await;
    run.report();
    Ok(good)
}

struct Run {
    plan: Plan,
    started: Instant,
    random: StdRng,
    server: Server,
    api: Api,
    /// For reading the log, as a client of its own.
    reader: Options,
    clients: Vec<Client>,
    shared: Shared,
    writing: watch::Sender<bool>,
    acks: Arc<AtomicU64>,
    boards: Boards,
    counts: Counts,
    totals: Totals,
    /// Checks of copied databases that go on beside the run.
    checks: JoinSet<Result<Vec<String>>>,
}

impl Run {
    fn new(plan: Plan, directory: &Path) -> Result<Self> {
        let mut random = StdRng::seed_from_u64(plan.seed);
        let server = Server::new(plan.server_binary.clone(), directory, &mut random)?;
        let url = ServerUrl::parse(&server.url())?;
        let reader = options(url.clone(), "reader")?;
        let clients = (0..plan.writers)
            .map(|writer| {
                let name = format!("writer-{writer}");
                Ok(Client::connect(options(url.clone(), &name)?))
            })
            .collect::<Result<_>>()?;
        let (writing, seen) = watch::channel(false);
        let acks = Arc::new(AtomicU64::new(0));
        let started = Instant::now();
        let pairs = plan.documents * plan.writers;
        let shared = Shared {
            started,
            acks: Arc::clone(&acks),
            writing: seen,
            pause: Duration::from_secs(1) * pairs / plan.rate,
        };
        Ok(Self {
            plan,
            started,
            random,
            server,
            api: Api::new(&reader),
            reader,
            clients,
            shared,
            writing,
            acks,
            boards: Boards::default(),
            counts: Counts::default(),
            totals: Totals::default(),
            checks: JoinSet::new(),
        })
    }

    async fn all(&mut self) -> Result<()> {
        let mut server = self.start().await?;
        self.open_boards().await?;
        self.writing.send_replace(true);
        while self.counts.cycles < self.plan.cycles && !self.is_over() {
            self.live(&mut server).await?;
            self.kill(server).await?;
            while self.counts.cycles < self.plan.cycles
                && self.random.random_ratio(STARTUP_KILLS, 100)
            {
                self.kill_while_starting().await?;
            }
            server = self.start().await?;
            if self.counts.cycles.is_multiple_of(CHECK_EVERY) || self.boards.are_large() {
                self.check().await?;
                self.progress();
            }
        }
        self.check().await?;
        self.collect_checks(true).await?;
        self.boards.recheck(&self.api, &mut self.totals).await?;
        self.stop(server).await
    }

    fn is_over(&self) -> bool {
        let budget = self.plan.time_budget;
        budget.is_some_and(|budget| self.started.elapsed() >= budget)
    }

    /// Starts the server and waits until it takes requests.
    async fn start(&mut self) -> Result<Running> {
        let mut server = self.server.start()?;
        let took = server.ready(&self.api).await?;
        self.counts.slowest_start = self.counts.slowest_start.max(took);
        Ok(server)
    }

    /// Lets clients write for a while, from the first acknowledgement on.
    async fn live(&mut self, server: &mut Running) -> Result<()> {
        let before = self.acks.load(Ordering::Relaxed);
        let since = Instant::now();
        while self.acks.load(Ordering::Relaxed) == before {
            if let Some(status) = server.ended()? {
                bail!("the server ended by itself: {status}");
            }
            if since.elapsed() > ACK_TIMEOUT {
                bail!(
                    "nothing was acknowledged within {} s after a start",
                    ACK_TIMEOUT.as_secs()
                );
            }
            sleep(Duration::from_millis(1)).await;
        }
        let alive = Duration::from_millis(self.random.random_range(ALIVE_MS));
        sleep(alive).await;
        Ok(())
    }

    async fn kill(&mut self, server: Running) -> Result<()> {
        server.kill().await?;
        self.counts.cycles += 1;
        self.inspect().await
    }

    /// The server dies somewhere between its first instruction and its first answers.
    async fn kill_while_starting(&mut self) -> Result<()> {
        let server = self.server.start()?;
        let typical = self.counts.slowest_start.as_micros().clamp(10_000, 300_000);
        let after = self.random.random_range(0..=u64::try_from(typical)?);
        sleep(Duration::from_micros(after)).await;
        self.counts.startup_kills += 1;
        self.kill(server).await
    }

    /// Looks at what the dead server left on the disk.
    async fn inspect(&mut self) -> Result<()> {
        let data = self.server.data();
        let copies = spawn_blocking(move || Copies::take(&data)).await??;
        self.checks.spawn_blocking(move || copies.findings());
        self.counts.integrity_checks += 1;
        self.collect_checks(false).await
    }

    async fn collect_checks(&mut self, all: bool) -> Result<()> {
        loop {
            let checked = if all {
                self.checks.join_next().await
            } else {
                self.checks.try_join_next()
            };
            let Some(checked) = checked else {
                return Ok(());
            };
            for finding in checked?? {
                self.totals
                    .violations
                    .push(format!("integrity_check: {finding}"));
            }
        }
    }

    /// Lets everything come to rest and judges it.
    async fn check(&mut self) -> Result<()> {
        self.writing.send_replace(false);
        self.boards
            .check(&self.api, &self.reader, &mut self.totals)
            .await?;
        if self.boards.are_large() {
            self.boards.retire(&mut self.totals).await;
            self.open_boards().await?;
        }
        self.writing.send_replace(true);
        Ok(())
    }

    async fn open_boards(&mut self) -> Result<()> {
        let seed = self.random.random();
        let count = self.plan.documents as usize;
        self.boards
            .open(count, &self.api, &self.clients, &self.shared, seed)
            .await
            .context("cannot open the dashboards")
    }

    async fn stop(&mut self, server: Running) -> Result<()> {
        self.writing.send_replace(false);
        server.kill().await
    }

    fn progress(&self) {
        println!(
            "{:>5} s  {:>5} cycles  {:>8} acknowledged  {:>6} resent  {} violations",
            self.started.elapsed().as_secs(),
            self.counts.cycles,
            self.acks.load(Ordering::Relaxed),
            self.totals.resent + self.boards.traffic().resent,
            self.totals.violations.len(),
        );
    }

    fn report(&self) {
        for violation in &self.totals.violations {
            println!("VIOLATION {violation}");
        }
        let (counts, totals) = (&self.counts, &self.totals);
        println!("seed                     {}", self.plan.seed);
        println!(
            "seconds                  {}",
            self.started.elapsed().as_secs()
        );
        println!(
            "cycles                   {} of {}",
            counts.cycles, self.plan.cycles
        );
        println!("  killed while starting  {}", counts.startup_kills);
        println!(
            "  slowest start          {} ms",
            counts.slowest_start.as_millis()
        );
        println!("  integrity checks       {}", counts.integrity_checks);
        println!("dashboards checked       {} times", totals.checked);
        println!(
            "operations acknowledged  {}",
            self.acks.load(Ordering::Relaxed)
        );
        println!("  resent                 {}", totals.resent);
        println!("  durable, Ack lost      {}", totals.recovered);
        println!("  lost                   {}", totals.lost);
        println!("  doubled                {}", totals.doubled);
        println!("violations               {}", totals.violations.len());
    }
}
