//! Somebody in the room that is measured.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use coboard_protocol::DocumentId;
use serde_json::json;
use tokio::time::{Interval, MissedTickBehavior, interval_at};

use super::shared::Shared;
use crate::line::{Heard, Line, Seat, Transport};

/// Longer than any measurement.
const NEVER: Duration = Duration::from_secs(86_400);

/// What somebody does.
#[derive(Clone, Copy)]
pub(super) struct Person {
    moves: Duration,
    edits: Option<Duration>,
    viewing: bool,
    deaf: bool,
}

/// Somebody who has entered.
pub(super) struct Life {
    person: Person,
    line: Line,
    seat: Seat,
    client: String,
    shared: Arc<Shared>,
    sequence: u64,
    revision: u64,
    moved: u64,
    /// Requests that are not answered, and when they were sent.
    asked: BTreeMap<u64, Instant>,
}

impl Person {
    pub(super) fn new(moves: Duration) -> Self {
        Self {
            moves,
            edits: None,
            viewing: false,
            deaf: false,
        }
    }

    /// Only listens.
    pub(super) fn still() -> Self {
        Self::new(NEVER)
    }

    /// Hears no presence.
    pub(super) fn deaf(self) -> Self {
        Self { deaf: true, ..self }
    }

    pub(super) fn editing(self, edits: Duration) -> Self {
        Self {
            edits: Some(edits),
            ..self
        }
    }

    pub(super) fn viewing(self) -> Self {
        Self {
            viewing: true,
            ..self
        }
    }

    pub(super) async fn enter(
        self,
        server: SocketAddr,
        document: DocumentId,
        name: String,
        shared: Arc<Shared>,
    ) -> Result<Life> {
        let mut line = Line::open(server, Transport::WebSocket, &name, &name).await?;
        let seat = line.join(&document).await?;
        if self.viewing {
            line.present(&seat, &json!({"viewing": true})).await?;
        }
        if self.deaf {
            let deaf = json!({
                "document": document, "session": seat.session, "patch": {}, "pace": "none",
            });
            line.tell("presence", &deaf).await?;
        }
        Ok(Life {
            person: self,
            line,
            revision: seat.revision,
            seat,
            client: name,
            shared,
            sequence: 0,
            moved: 0,
            asked: BTreeMap::new(),
        })
    }
}

impl Life {
    /// Moves, edits and listens until it is dropped.
    pub(super) async fn live(mut self) -> Result<()> {
        let mut moves = pace(self.person.moves);
        let mut edits = pace(self.person.edits.unwrap_or(NEVER));
        loop {
            tokio::select! {
                heard = self.line.hear() => self.hear(heard?).await?,
                _ = moves.tick() => if self.shared.has_presence() {
                    self.moved += 1;
                    let x = (self.moved % 1_000) as f64 / 1_000.0;
                    self.line.present(&self.seat, &json!({"cursor": {"x": x, "row": 3}})).await?;
                },
                _ = edits.tick() => self.edit().await?,
            }
        }
    }

    async fn edit(&mut self) -> Result<()> {
        self.sequence += 1;
        let cell = format!("@0/{}", self.client);
        let submit = json!({
            "document": self.seat.document,
            "session": self.seat.session,
            "operations": [{
                "id": {"client": self.client, "sequence": self.sequence},
                "base": self.revision,
                "components": {"cells": {cell: {"s": [self.sequence]}}},
                "meta": {"kind": "edit"},
            }],
        });
        let id = self.line.send("submit", &submit).await?;
        let now = Instant::now();
        self.asked.insert(id, now);
        self.shared.sent(&self.client, self.sequence, now);
        Ok(())
    }

    async fn hear(&mut self, heard: Heard) -> Result<()> {
        match heard {
            Heard::Ping => self.line.pong().await?,
            Heard::Answer(id, text) => {
                let sent = self.asked.remove(&id);
                if let Some(sent) = sent {
                    anyhow::ensure!(text.contains("\"revision\""), "an edit was refused: {text}");
                    self.shared.acked(sent.elapsed());
                }
            }
            Heard::Event(name, text) => match name.as_str() {
                "presence" => self.shared.heard(text.len()),
                "committed" => {
                    self.revision = number(&text, "\"to\":").context("a revision")?;
                    let mut rest = text.as_str();
                    while let Some((_, entry)) = rest.split_once("\"client\":\"") {
                        let (client, after) = entry.split_once('"').context("a client")?;
                        let sequence = number(after, "\"sequence\":").context("a sequence")?;
                        if client != self.client {
                            self.shared.saw(client, sequence);
                        }
                        rest = after;
                    }
                }
                "session_ended" => anyhow::bail!("a session was ended: {text}"),
                _ => {}
            },
            Heard::Connected | Heard::Other => {}
        }
        Ok(())
    }
}

/// Ticks, each person's at another moment.
fn pace(every: Duration) -> Interval {
    let start = every.mul_f64(rand::random());
    let mut ticks = interval_at(tokio::time::Instant::now() + start, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The number behind the first such key.
fn number(text: &str, key: &str) -> Option<u64> {
    let (_, rest) = text.split_once(key)?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..end].parse().ok()
}
