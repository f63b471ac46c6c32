//! The run `deaths`: sessions die without a word, as processes that are killed or stand still and as
//! networks that are gone. None of them may be shown any longer than it takes to miss them, and
//! nobody who lives may be taken for dead. Those who leave in good order are gone at once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use coboard_client::{Api, ServerUrl};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use tokio::time::{sleep, sleep_until};

mod group;
mod mortal;
mod room;
mod watcher;

use group::End;
pub(crate) use mortal::Arguments as Mortal;
pub(crate) use mortal::run as live;
use room::Room;

use crate::Common;
use crate::line::{Line, Transport};
use crate::process::Server;
use crate::stage::options;

/// Nobody who died is shown any more by then.
const GHOST_AFTER: Duration = Duration::from_secs(20);
/// Nobody who left in good order is.
const LEFT_WITHIN: Duration = Duration::from_secs(2);
/// How long a room may take until its watchers see everybody.
const ENTER_TIMEOUT: Duration = Duration::from_secs(60);
/// How often it is looked whether all is over.
const LOOK: Duration = Duration::from_millis(100);
/// So much of what is wrong is shown: more of it says nothing new.
const WRONG_SHOWN: usize = 20;
/// Deaths in one room: with those who watch and stay, all are listed.
const DEATHS_PER_ROOM: u32 = 60;

/// Options of `deaths`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How many sessions die.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(6..=20_000))]
    count: u32,
    /// Seconds over which they die.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    seconds: u64,
}

/// What was seen of one kind of end.
#[derive(Default)]
struct Tally {
    sessions: usize,
    slowest: Duration,
}

/// Runs it. Whether nothing is wrong.
///
/// # Errors
/// When something prevents the run.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let directory = tempfile::tempdir()?;
    let mut random = StdRng::seed_from_u64(arguments.common.seed());
    let binary: PathBuf = arguments.common.server_binary.clone();
    let server = Server::new(binary, directory.path(), &mut random)?;
    let api = Api::new(&options(ServerUrl::parse(&server.url())?, "reader")?);
    let mut running = server.start()?;
    running.ready(&api).await?;
    let mut rooms = Vec::new();
    let mut left = arguments.count;
    while left > 0 {
        let deaths = left.min(DEATHS_PER_ROOM);
        left -= deaths;
        let document = api.import(&json!({"title": "Room"})).await?.id;
        let room = Room::open(server.address(), document, deaths as usize, &mut random);
        rooms.push(room.await?);
    }
    entered(&rooms).await?;
    let over = Duration::from_secs(arguments.seconds);
    die(&mut rooms, over, &mut random).await?;
    settle(&rooms).await;
    let mut wrong = Vec::new();
    for room in &rooms {
        wrong.extend(room.wrong());
    }
    wrong.extend(tell(&rooms, arguments.count));
    let document = rooms[0].document.clone();
    drop(rooms);
    running.kill().await?;
    running = server.start()?;
    running.ready(&api).await?;
    let mut late = Line::open(server.address(), Transport::WebSocket, "late", "late").await?;
    let present = late.join(&document).await?.present.len();
    println!("sessions after a restart {present}, of whoever looked");
    if present != 1 {
        wrong.push(format!("{present} sessions survived a restart"));
    }
    running.kill().await?;
    for line in wrong.iter().take(WRONG_SHOWN) {
        println!("WRONG: {line}");
    }
    Ok(wrong.is_empty())
}

/// Waits until every watcher sees everybody.
async fn entered(rooms: &[Room]) -> Result<()> {
    let since = Instant::now();
    while let Some(missing) = rooms.iter().find_map(Room::missing) {
        if since.elapsed() > ENTER_TIMEOUT {
            bail!("not everybody is seen: {missing}");
        }
        sleep(LOOK).await;
    }
    println!(
        "everybody is seen after  {} ms",
        since.elapsed().as_millis()
    );
    Ok(())
}

/// Lets all end whose time has come, each at a time of its own.
async fn die(rooms: &mut [Room], over: Duration, random: &mut StdRng) -> Result<()> {
    let mut turns = Vec::new();
    for (room, groups) in rooms.iter().enumerate() {
        let ends = groups.groups.iter().enumerate();
        for (group, _) in ends.filter(|(_, group)| group.end != End::Stays) {
            turns.push((over.mul_f64(random.random()), room, group));
        }
    }
    turns.sort();
    let start = tokio::time::Instant::now();
    for (at, room, group) in turns {
        sleep_until(start + at).await;
        rooms[room].groups[group].finish().await.context("an end")?;
    }
    Ok(())
}

/// Waits until nobody who ended is seen, or could be without being a ghost.
async fn settle(rooms: &[Room]) {
    let last = rooms.iter().flat_map(|room| &room.groups);
    let last = last.filter_map(|group| group.ended_at).max();
    let until = last.unwrap_or_else(Instant::now) + GHOST_AFTER + LOOK;
    while Instant::now() < until && rooms.iter().any(Room::has_ghost) {
        sleep(LOOK).await;
    }
    // A ghost may come back: with the next list of everybody at the latest, but that is not awaited.
    sleep(Duration::from_secs(1)).await;
}

/// Says how long whoever ended was still seen, and what of it is wrong.
fn tell(rooms: &[Room], count: u32) -> Vec<String> {
    let mut tallies: BTreeMap<(End, &str, &str), Tally> = BTreeMap::new();
    let (mut wrong, mut ghosts) = (Vec::new(), 0);
    for sight in rooms.iter().flat_map(Room::sights) {
        let most = match sight.end {
            End::Killed | End::Stopped | End::Dropped | End::Stays => GHOST_AFTER,
            End::Left | End::Closed => LEFT_WITHIN,
        };
        let is_ghost = sight.took.is_none_or(|took| took > most);
        if is_ghost {
            ghosts += 1;
            wrong.push(format!("{sight:?} was seen for too long"));
        }
        // Who is seen still was seen for that long at least.
        let took = sight.took.unwrap_or(GHOST_AFTER);
        let key = (sight.end, sight.transport.name(), sight.watcher.name());
        let tally = tallies.entry(key).or_default();
        tally.sessions += 1;
        tally.slowest = tally.slowest.max(took);
    }
    for ((end, transport, watcher), tally) in &tallies {
        println!(
            "{:<8} over {transport:<10}  {:>4} sessions, the watcher over {watcher:<10} saw one for {} ms at most",
            end.name(),
            tally.sessions,
            tally.slowest.as_millis(),
        );
    }
    let deaths = tallies.iter().filter(|((end, ..), _)| end.is_death());
    let (sum, slowest) = deaths.fold((0, Duration::ZERO), |(sum, slowest), (_, tally)| {
        (sum + tally.sessions, slowest.max(tally.slowest))
    });
    println!(
        "deaths                   {}, in {} rooms",
        sum / Transport::ALL.len(),
        rooms.len()
    );
    println!("longest time of a ghost  {} ms", slowest.as_millis());
    println!("ghosts later than that is allowed  {ghosts}");
    if sum != count as usize * Transport::ALL.len() {
        wrong.push(format!("{sum} deaths were seen: the run shows nothing"));
    }
    wrong
}
