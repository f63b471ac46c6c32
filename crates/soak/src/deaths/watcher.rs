//! Somebody who looks on, over one of the transports.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use coboard_protocol::DocumentId;
use coboard_protocol::message::{Audience, Presence};
use tokio::task::JoinHandle;

use crate::line::{Heard, Line, Transport};

/// Somebody who looks on.
pub(super) struct Watcher {
    pub(super) transport: Transport,
    pub(super) session: String,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

/// What a watcher knows.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) present: BTreeSet<String>,
    /// When each was seen no longer.
    pub(super) gone: BTreeMap<String, Instant>,
    pub(super) audience: Audience,
    /// Why it sees nothing any more.
    pub(super) broken: Option<String>,
}

impl Watcher {
    pub(super) async fn enter(
        server: SocketAddr,
        document: &DocumentId,
        transport: Transport,
    ) -> Result<Self> {
        let name = format!("watcher-{document}-{}", transport.name());
        let mut line = Line::open(server, transport, &name, &name).await?;
        let seat = line.join(document).await?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        lock(&seen).present.extend(seat.present);
        let watching = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            if let Err(error) = watch(line, &watching).await {
                lock(&watching).broken = Some(format!("{error:#}"));
            }
        });
        Ok(Self {
            transport,
            session: seat.session,
            seen,
            task,
        })
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn watch(mut line: Line, seen: &Mutex<Seen>) -> Result<()> {
    loop {
        match line.hear().await? {
            Heard::Ping => line.pong().await?,
            Heard::Event(name, text) if name == "presence" => {
                let presence = serde_json::from_str(&text).context("presence")?;
                lock(seen).take(presence);
            }
            Heard::Event(..) | Heard::Answer(..) | Heard::Connected | Heard::Other => {}
        }
    }
}

impl Seen {
    fn take(&mut self, told: Presence) {
        let named = told.entries.into_iter().map(|it| it.session.to_string());
        let named: BTreeSet<String> = named.collect();
        let mut gone: Vec<String> = told.left.iter().map(ToString::to_string).collect();
        if told.complete {
            gone.extend(self.present.difference(&named).cloned());
        }
        for session in gone {
            if self.present.remove(&session) {
                self.gone.insert(session, Instant::now());
            }
        }
        for session in named {
            self.gone.remove(&session);
            self.present.insert(session);
        }
        self.audience = told.audience.unwrap_or(self.audience);
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
