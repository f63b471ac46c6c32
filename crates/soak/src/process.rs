//! The server under test, as a process.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::Api;
use rand::Rng;
use rand::rngs::StdRng;
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// How long a server may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(20);
/// Ports that no system gives to outgoing connections: a client that tries to connect to a port
/// of that range while nobody listens there may get a connection to itself.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// How to start a server, again and again in the same place.
pub(crate) struct Server {
    binary: PathBuf,
    directory: PathBuf,
    address: SocketAddr,
}

/// A server that runs.
pub(crate) struct Running {
    child: Child,
}

impl Server {
    /// A server whose data and log are in `directory`.
    pub(crate) fn new(binary: PathBuf, directory: &Path, random: &mut StdRng) -> Result<Self> {
        Ok(Self {
            binary,
            directory: directory.to_owned(),
            address: free_address(random)?,
        })
    }

    /// The same program at the same address, with what is in another directory.
    pub(crate) fn moved(&self, directory: &Path) -> Self {
        Self {
            binary: self.binary.clone(),
            directory: directory.to_owned(),
            address: self.address,
        }
    }

    /// Copies its database into the new file `to` by `coboard backup`, whether it runs or not.
    pub(crate) async fn back_up(&self, to: &Path) -> Result<()> {
        let mut command = Command::new(&self.binary);
        command.args(["backup", "--data"]).arg(self.data()).arg(to);
        let output = command.stdin(Stdio::null()).output().await?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            bail!("no backup was made: {error}");
        }
        Ok(())
    }

    /// Where it can be reached.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its data is.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Where it logs.
    pub(crate) fn log(&self) -> PathBuf {
        self.directory.join("server.log")
    }

    /// Starts it, without waiting until it takes requests.
    pub(crate) fn start(&self) -> Result<Running> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log());
        let log = log.context("cannot open the server's log")?;
        let child = Command::new(&self.binary)
            .arg("serve")
            .args(["--listen", &self.address.to_string(), "--data"])
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))?;
        Ok(Running { child })
    }
}

impl Running {
    /// Waits until it takes requests; gives the time that took.
    pub(crate) async fn ready(&mut self, api: &Api) -> Result<Duration> {
        let started = Instant::now();
        while api.ready().await.is_err() {
            if let Some(status) = self.ended()? {
                bail!("the server ended by itself while starting: {status}");
            }
            if started.elapsed() > START_TIMEOUT {
                bail!("the server did not start in {} s", START_TIMEOUT.as_secs());
            }
            sleep(Duration::from_millis(2)).await;
        }
        Ok(started.elapsed())
    }

    /// Its number, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Ends it with SIGKILL, and waits until it is gone.
    pub(crate) async fn kill(mut self) -> Result<()> {
        if let Some(status) = self.ended()? {
            bail!("the server ended by itself: {status}");
        }
        Ok(self.child.kill().await?)
    }
}

fn free_address(random: &mut StdRng) -> Result<SocketAddr> {
    for _ in 0..100 {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, random.random_range(PORTS)));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    bail!("no free port between {} and {}", PORTS.start, PORTS.end);
}
