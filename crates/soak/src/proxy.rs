//! A TCP proxy between clients and the server that does damage where a plan says so.
//!
//! It understands just enough to know what it spoils: the request for a WebSocket, the frames of
//! the server, and the beginning of Socket.IO packets. What clients send it never reads further.
//!
//! Not here: compressed or masked frames of the server, polling, TLS. Those pass as bytes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use coboard_client::ServerUrl;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

mod flow;
mod frames;
mod packet;
mod plan;
#[cfg(test)]
mod tests;

use flow::Flow;
pub(crate) use frames::{Item, Stream};
pub(crate) use plan::{Direction, Plan};

/// What a proxy has done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) connections: u64,
    /// Connections that ended by the plan, at any point.
    pub(crate) cut: u64,
    pub(crate) upgrades_refused: u64,
    pub(crate) answers_cut: u64,
    pub(crate) committed_dropped: u64,
    pub(crate) committed_passed: u64,
    pub(crate) heads_dropped: u64,
}

impl Counts {
    /// Both together.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            connections: self.connections + other.connections,
            cut: self.cut + other.cut,
            upgrades_refused: self.upgrades_refused + other.upgrades_refused,
            answers_cut: self.answers_cut + other.answers_cut,
            committed_dropped: self.committed_dropped + other.committed_dropped,
            committed_passed: self.committed_passed + other.committed_passed,
            heads_dropped: self.heads_dropped + other.heads_dropped,
        }
    }
}

/// What all connections of a proxy write to.
#[derive(Debug, Default)]
struct Book {
    counts: Counts,
    /// Answers that were cut, as the server wrote them, until somebody takes them.
    answers: Vec<String>,
}

/// The book, shared.
#[derive(Clone, Debug, Default)]
struct Shared(Arc<Mutex<Book>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A proxy that listens until it is dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    plan: watch::Sender<Plan>,
    shared: Shared,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a port of its own, and lets everything through until told otherwise.
    pub(crate) async fn start(target: SocketAddr, random: &mut StdRng) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.context("a proxy cannot listen")?;
        let address = listener.local_addr()?;
        let (plan, seen) = watch::channel(Plan::default());
        let shared = Shared::default();
        let random = StdRng::seed_from_u64(random.random());
        let task = tokio::spawn(accept(listener, target, seen, shared.clone(), random));
        Ok(Self {
            address,
            plan,
            shared,
            task,
        })
    }

    /// Where clients reach it.
    pub(crate) fn url(&self) -> Result<ServerUrl> {
        Ok(ServerUrl::parse(&format!("http://{}", self.address))?)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, also for connections that are there already.
    pub(crate) fn set(&self, plan: Plan) {
        self.plan.send_replace(plan);
    }

    /// What was done so far.
    pub(crate) fn counts(&self) -> Counts {
        self.shared.lock().counts.clone()
    }

    /// The answers that were cut since this was asked last.
    pub(crate) fn take_answers(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().answers)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    plan: watch::Receiver<Plan>,
    shared: Shared,
    mut random: StdRng,
) {
    // Dropped with the task, and all connections with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else {
                    continue;
                };
                shared.lock().counts.connections += 1;
                let random = StdRng::seed_from_u64(random.random());
                let flow = Flow::new(plan.clone(), shared.clone(), random);
                connections.spawn(flow.carry(client, target));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
