//! Sessions that end together, in a process of their own.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result};
use coboard_protocol::DocumentId;
use rand::rngs::StdRng;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

use super::mortal::{CLOSE, LEAVE};
use crate::line::Transport;
use crate::proxy::{Plan, Proxy};

/// How sessions end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum End {
    /// The process is killed.
    Killed,
    /// The process stands still.
    Stopped,
    /// The network is gone, and no connection ends.
    Dropped,
    /// They say that they leave.
    Left,
    /// The lines are closed in good order.
    Closed,
    /// They do not.
    Stays,
}

/// Sessions that end together.
pub(super) struct Group {
    pub(super) end: End,
    pub(super) transport: Transport,
    pub(super) sessions: Vec<String>,
    pub(super) ended_at: Option<Instant>,
    /// Kept, or the process would die with it.
    child: Child,
    told: ChildStdin,
    proxy: Option<Proxy>,
}

/// What a group is made of.
pub(super) struct Plot<'a> {
    pub(super) server: SocketAddr,
    pub(super) document: &'a DocumentId,
    pub(super) end: End,
    pub(super) transport: Transport,
    pub(super) name: String,
    pub(super) person: Option<String>,
    pub(super) count: usize,
}

impl End {
    pub(super) const DEATHS: [Self; 3] = [Self::Killed, Self::Stopped, Self::Dropped];
    pub(super) const FAREWELLS: [Self; 2] = [Self::Left, Self::Closed];

    pub(super) fn is_death(self) -> bool {
        Self::DEATHS.contains(&self)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Stopped => "stopped",
            Self::Dropped => "dropped",
            Self::Left => "left",
            Self::Closed => "closed",
            Self::Stays => "stays",
        }
    }
}

impl Group {
    /// Starts the process and waits until its sessions have entered.
    pub(super) async fn enter(plot: Plot<'_>, random: &mut StdRng) -> Result<Self> {
        let proxy = match plot.end {
            End::Dropped => Some(Proxy::start(plot.server, random).await?),
            End::Killed | End::Stopped | End::Left | End::Closed | End::Stays => None,
        };
        let server = proxy.as_ref().map_or(plot.server, Proxy::address);
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["mortal", "--server", &server.to_string()])
            .args(["--document", plot.document.as_str(), "--name", &plot.name])
            .args(["--transport", plot.transport.name()])
            .args(["--count", &plot.count.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        if let Some(person) = &plot.person {
            command.args(["--person", person]);
        }
        let mut child = command.spawn().context("cannot start a process")?;
        let told = child.stdin.take().context("a way in")?;
        let out = child.stdout.take().context("a way out")?;
        let mut lines = BufReader::new(out).lines();
        let mut sessions = Vec::new();
        while sessions.len() < plot.count {
            let line = lines.next_line().await?;
            sessions.push(line.context("a process could not enter")?);
        }
        Ok(Self {
            end: plot.end,
            transport: plot.transport,
            sessions,
            ended_at: None,
            child,
            told,
            proxy,
        })
    }

    /// Ends it in its way.
    pub(super) async fn finish(&mut self) -> Result<()> {
        self.ended_at = Some(Instant::now());
        match self.end {
            End::Killed => self.child.start_kill()?,
            End::Stopped => self.stop().await?,
            End::Dropped => {
                let silent = Plan {
                    silent: true,
                    ..Plan::default()
                };
                self.proxy.as_ref().context("a proxy")?.set(silent);
            }
            End::Left => self.tell(LEAVE).await?,
            End::Closed => self.tell(CLOSE).await?,
            End::Stays => {}
        }
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        let id = self.child.id().context("a process that lives")?;
        let mut command = Command::new("kill");
        let status = command.args(["-STOP", &id.to_string()]).status().await?;
        anyhow::ensure!(status.success(), "cannot stop a process");
        Ok(())
    }

    async fn tell(&mut self, word: &str) -> Result<()> {
        self.told.write_all(format!("{word}\n").as_bytes()).await?;
        Ok(self.told.flush().await?)
    }
}
