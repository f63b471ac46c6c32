//! A process of its own with some sessions in it: what it is to die with.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use coboard_protocol::DocumentId;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::line::{Heard, Line, Seat, Transport};

/// How often each session moves its pointer.
const MOVE: Duration = Duration::from_secs(1);

/// What it is told on its standard input.
pub(super) const LEAVE: &str = "leave";
pub(super) const CLOSE: &str = "close";

/// Options of `mortal`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[arg(long)]
    server: SocketAddr,
    #[arg(long)]
    document: String,
    #[arg(long)]
    transport: Transport,
    #[arg(long)]
    name: String,
    /// All sessions are of this person; else each is of one of its own.
    #[arg(long)]
    person: Option<String>,
    #[arg(long)]
    count: usize,
}

/// How a session goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Live,
    Leave,
    Close,
}

/// Enters, prints the sessions, and lives until it is told otherwise.
///
/// # Errors
/// When it cannot enter.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let document = DocumentId::try_from(arguments.document)?;
    let (wish, wished) = watch::channel(Wish::Live);
    let mut lives = JoinSet::new();
    for number in 0..arguments.count {
        let client = format!("{}-{number}", arguments.name);
        let person = arguments.person.as_ref().unwrap_or(&client);
        let mut line = Line::open(arguments.server, arguments.transport, person, &client).await?;
        let seat = line.join(&document).await?;
        // What it hears itself does not matter, and of all of them it would be most of the work.
        let light =
            json!({"document": document, "session": seat.session, "patch": {}, "pace": "light"});
        line.tell("presence", &light).await?;
        println!("{}", seat.session);
        lives.spawn(live(line, seat, wished.clone()));
    }
    std::io::stdout().flush()?;
    // Whoever started it is gone: so is this.
    tokio::task::spawn_blocking(move || obey(&wish)).await??;
    Ok(true)
}

fn obey(wish: &watch::Sender<Wish>) -> Result<()> {
    for line in std::io::stdin().lines() {
        wish.send_replace(match line?.as_str() {
            LEAVE => Wish::Leave,
            CLOSE => Wish::Close,
            _ => Wish::Live,
        });
    }
    Ok(())
}

/// Moves a pointer and answers heartbeats, as long as the line holds.
async fn live(mut line: Line, seat: Seat, mut wished: watch::Receiver<Wish>) -> Result<()> {
    let mut moves = interval(MOVE);
    let mut at = 0_u64;
    loop {
        tokio::select! {
            heard = line.hear() => if let Heard::Ping = heard? {
                line.pong().await?;
            },
            _ = moves.tick() => {
                at += 1;
                line.present(&seat, &json!({"cursor": {"x": at, "row": 1}})).await?;
            }
            changed = wished.changed() => {
                changed?;
                let wish = *wished.borrow_and_update();
                match wish {
                    Wish::Live => {}
                    Wish::Leave => {
                        let leave = json!({"document": seat.document, "session": seat.session});
                        line.tell("leave", &leave).await?;
                    }
                    Wish::Close => return line.close().await,
                }
            }
        }
    }
}
