//! One connection through the proxy.

use std::io;
use std::net::SocketAddr;

use rand::Rng;
use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;
use tokio::time::sleep;

use super::frames::{Item, Stream, head_end};
use super::packet::{Kind, kind};
use super::{Direction, Plan, Shared};

/// Bytes of one read.
const READ_BYTES: usize = 32 * 1024;
/// Longest head of a request that is looked at.
const HEAD_MAX: usize = 64 * 1024;
/// What a refused upgrade gets.
const REFUSAL: &[u8] = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How a connection ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum End {
    /// One of the two closed it.
    Closed,
    /// The plan did.
    Cut,
}

/// What is done with a part of the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    Pass,
    Drop,
    Cut,
}

/// One connection.
pub(super) struct Flow {
    plan: watch::Receiver<Plan>,
    shared: Shared,
    random: StdRng,
}

impl Flow {
    pub(super) fn new(plan: watch::Receiver<Plan>, shared: Shared, random: StdRng) -> Self {
        Self {
            plan,
            shared,
            random,
        }
    }

    /// Carries a connection until one side or the plan ends it.
    pub(super) async fn carry(mut self, mut client: TcpStream, target: SocketAddr) {
        let _without = client.set_nodelay(true);
        let end = self.connect(&mut client, target).await;
        if matches!(end, Ok(End::Cut)) {
            self.shared.lock().counts.cut += 1;
            // Half of the cuts are resets, half look like an orderly end.
            if self.random.random() {
                let _without = client.set_zero_linger();
            }
        }
    }

    async fn connect(&mut self, client: &mut TcpStream, target: SocketAddr) -> io::Result<End> {
        if self.plan.borrow().down {
            return Ok(End::Cut);
        }
        let head = read_head(client).await?;
        let upgrade = wants_upgrade(&head);
        if upgrade && self.plan.borrow().refuse_upgrades {
            self.shared.lock().counts.upgrades_refused += 1;
            client.write_all(REFUSAL).await?;
            return Ok(End::Closed);
        }
        let mut server = TcpStream::connect(target).await?;
        server.set_nodelay(true)?;
        server.write_all(&head).await?;
        let (client_in, client_out) = client.split();
        let (server_in, server_out) = server.split();
        let mut plan = self.plan.clone();
        let up = copy_up(client_in, server_out, self.plan.clone());
        tokio::select! {
            end = up => end,
            end = self.down(server_in, client_out) => end,
            _ = plan.wait_for(|plan| plan.down) => Ok(End::Cut),
        }
    }

    async fn down(&mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> io::Result<End> {
        let mut stream = Stream::new();
        let mut bytes = vec![0; READ_BYTES];
        let mut delivered = 0;
        loop {
            let count = from.read(&mut bytes).await?;
            if count == 0 {
                return Ok(End::Closed);
            }
            stream.push(&bytes[..count]);
            wait(&mut self.plan, Direction::ToClient).await;
            while let Some(item) = stream.next() {
                let verdict = self.judge(&item);
                let (Item::Bytes(raw) | Item::Message { raw, .. }) = item;
                match verdict {
                    Verdict::Drop => continue,
                    Verdict::Cut => return Ok(End::Cut),
                    Verdict::Pass => {}
                }
                let cut_after = self.plan.borrow().cut_after.unwrap_or(u64::MAX);
                let room = usize::try_from(cut_after.saturating_sub(delivered));
                let room = room.unwrap_or(usize::MAX);
                if raw.len() > room {
                    to.write_all(&raw[..room]).await?;
                    return Ok(End::Cut);
                }
                to.write_all(&raw).await?;
                delivered += raw.len() as u64;
            }
        }
    }

    /// What the plan says about a part, noted.
    pub(super) fn judge(&mut self, item: &Item) -> Verdict {
        let Item::Message { payload, .. } = item else {
            return Verdict::Pass;
        };
        let kind = kind(payload);
        let percent = {
            let plan = self.plan.borrow();
            match kind {
                Kind::SubmitAnswer => plan.cut_answers,
                Kind::Committed => plan.drop_committed,
                Kind::Head => plan.drop_heads,
                Kind::Other => 0,
            }
        };
        let hit = percent > 0 && self.random.random_range(0..100) < percent;
        let mut book = self.shared.lock();
        match (kind, hit) {
            (Kind::SubmitAnswer, true) => {
                book.counts.answers_cut += 1;
                book.answers
                    .push(String::from_utf8_lossy(payload).into_owned());
                Verdict::Cut
            }
            (Kind::Committed, true) => {
                book.counts.committed_dropped += 1;
                Verdict::Drop
            }
            (Kind::Committed, false) => {
                book.counts.committed_passed += 1;
                Verdict::Pass
            }
            (Kind::Head, true) => {
                book.counts.heads_dropped += 1;
                Verdict::Drop
            }
            (Kind::SubmitAnswer | Kind::Head, false) | (Kind::Other, _) => Verdict::Pass,
        }
    }
}

async fn copy_up(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    mut plan: watch::Receiver<Plan>,
) -> io::Result<End> {
    let mut bytes = vec![0; READ_BYTES];
    loop {
        let count = from.read(&mut bytes).await?;
        if count == 0 {
            return Ok(End::Closed);
        }
        wait(&mut plan, Direction::ToServer).await;
        to.write_all(&bytes[..count]).await?;
    }
}

/// Waits as long as the plan delays or stalls this direction.
async fn wait(plan: &mut watch::Receiver<Plan>, direction: Direction) {
    let delay = plan.borrow().delay;
    if !delay.is_zero() {
        sleep(delay).await;
    }
    // A plan that nobody can change any more belongs to a proxy that is gone.
    let moves = |plan: &Plan| !plan.silent && plan.stall != Some(direction);
    let _moving = plan.wait_for(moves).await;
}

/// Reads up to the end of the first request's head, or what there is if that is too long.
async fn read_head(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head_end(&head).is_none() && head.len() < HEAD_MAX {
        if client.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}

/// Whether a request asks for a WebSocket.
pub(super) fn wants_upgrade(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.lines().any(|line| {
        line.strip_prefix("upgrade:")
            .is_some_and(|value| value.trim() == "websocket")
    })
}
