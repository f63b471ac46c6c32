//! The measurement `presence`: what it costs a real server that many people are in one room, and
//! what the edits there feel of it. Figures are told, not asserted: they are the machine's too.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use coboard_client::{Api, ServerUrl};
use coboard_protocol::DocumentId;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

mod person;
mod shared;

use person::Person;
use shared::{Cpu, Shared, share};

use crate::Common;
use crate::process::Server;
use crate::stage::options;

/// So many enter at once.
const ENTERING: usize = 50;
/// Time for what entering brought to pass.
const REST: Duration = Duration::from_secs(3);
/// What the server may use for the large room, in percent of a core.
const CORE_TARGET: f64 = 15.0;
/// How much slower operations may be with presence, at the 99th percentile.
const RATIO_TARGET: f64 = 1.5;

/// Options of `presence`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Seconds of each stretch that is measured.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    seconds: u64,
    /// How often presence is off and on in turn.
    #[arg(long, value_name = "N", default_value_t = 6)]
    rounds: u32,
    /// Sessions of the room where all move.
    #[arg(long, value_name = "N", default_value_t = 500)]
    movers: usize,
    /// People who edit and move in one room.
    #[arg(long, value_name = "N", default_value_t = 50)]
    editors: usize,
    /// Those who watch one editor.
    #[arg(long, value_name = "N", default_value_t = 1_500)]
    viewers: usize,
}

/// Who is in a room.
struct Scene {
    server: SocketAddr,
    api: Api,
    process: u32,
    stretch: Duration,
    rounds: u32,
}

/// What happens in a room.
#[derive(Clone, Copy)]
struct Cast {
    people: usize,
    of_each: Person,
}

/// Runs it.
///
/// # Errors
/// When something prevents the run.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let directory = tempfile::tempdir()?;
    let mut random = StdRng::seed_from_u64(arguments.common.seed());
    let binary = arguments.common.server_binary.clone();
    let server = Server::new(binary, directory.path(), &mut random)?;
    let api = Api::new(&options(ServerUrl::parse(&server.url())?, "reader")?);
    let mut running = server.start()?;
    running.ready(&api).await?;
    let scene = Scene {
        server: server.address(),
        api,
        process: running.id().context("a server")?,
        stretch: Duration::from_secs(arguments.seconds),
        rounds: arguments.rounds,
    };
    scene.movers(arguments.movers).await?;
    scene.parts(arguments.editors).await?;
    scene.editors(arguments.editors).await?;
    scene.viewers(arguments.viewers).await?;
    running.kill().await?;
    Ok(true)
}

impl Scene {
    /// Many sessions that move once in a second.
    async fn movers(&self, people: usize) -> Result<()> {
        println!("\n{people} sessions in one room, each moves once in a second");
        let moving = Person::new(Duration::from_secs(1));
        let cast = Cast {
            people,
            of_each: moving,
        };
        let (shared, room) = self.room(&[cast]).await?;
        let (mut still, mut moved) = (Cpu::default(), Cpu::default());
        for _ in 0..self.rounds {
            still += self.stretch(&shared, false).await?;
            shared.clear_traffic();
            moved += self.stretch(&shared, true).await?;
        }
        let (messages, bytes) = shared.traffic();
        let each = people as f64 * self.stretch.as_secs_f64();
        println!(
            "server, nobody moves     {:.1} % of a core",
            still.percent()
        );
        println!(
            "server, all move         {:.1} % of a core (target {CORE_TARGET} %)",
            moved.percent()
        );
        println!(
            "each hears in a second   {:.1} messages, {:.0} bytes",
            messages as f64 / each,
            bytes as f64 / each
        );
        drop(room);
        Ok(())
    }

    /// What one message costs, and what an entry in it: whether it pays to send each session other ones.
    async fn parts(&self, people: usize) -> Result<()> {
        println!("\n{people} people in one room, none edits: what the parts of presence cost");
        let quick = Person::new(Duration::from_millis(50));
        let one = Person::new(Duration::from_millis(50));
        let casts = [
            ("all move, nobody hears", vec![(people, quick.deaf())]),
            (
                "one moves, all hear",
                vec![(1, one), (people - 1, Person::still())],
            ),
            ("all move, all hear", vec![(people, quick)]),
        ];
        for (what, casts) in casts {
            let casts = casts.into_iter();
            let casts: Vec<Cast> = casts
                .map(|(people, of_each)| Cast { people, of_each })
                .collect();
            let (shared, room) = self.room(&casts).await?;
            let mut cpu = Cpu::default();
            for _ in 0..self.rounds {
                cpu += self.stretch(&shared, true).await?;
            }
            let (messages, bytes) = shared.traffic();
            println!(
                "{what:<24} server {:.1} % of a core, {:.0} messages of {:.0} bytes in a second",
                cpu.percent(),
                messages as f64 / cpu.seconds(),
                bytes as f64 / messages.max(1) as f64,
            );
            drop(room);
        }
        Ok(())
    }

    /// Some who edit and move quickly.
    async fn editors(&self, people: usize) -> Result<()> {
        println!("\n{people} people in one room, each moves 20 times and edits twice in a second");
        let person = Person::new(Duration::from_millis(50)).editing(Duration::from_millis(500));
        let cast = Cast {
            people,
            of_each: person,
        };
        let (shared, room) = self.room(&[cast]).await?;
        self.alternate(&shared).await?;
        drop(room);
        Ok(())
    }

    /// One who edits, and many who look on.
    async fn viewers(&self, people: usize) -> Result<()> {
        println!(
            "\n1 editor, who moves 20 times and edits 5 times in a second, and {people} who look on, \
             each of whom moves once in 10 seconds"
        );
        let editor = Person::new(Duration::from_millis(50)).editing(Duration::from_millis(200));
        let viewer = Person::new(Duration::from_secs(10)).viewing();
        let casts = [(1, editor), (people, viewer)];
        let casts = casts.map(|(people, of_each)| Cast { people, of_each });
        let (shared, room) = self.room(&casts).await?;
        self.alternate(&shared).await?;
        drop(room);
        Ok(())
    }

    /// Measures operations without and with presence in turn, so that both have the same weather.
    async fn alternate(&self, shared: &Shared) -> Result<()> {
        let mut cpu = [Cpu::default(), Cpu::default()];
        for _ in 0..self.rounds {
            for (at, presence) in [false, true].into_iter().enumerate() {
                cpu[at] += self.stretch(shared, presence).await?;
            }
        }
        for (presence, cpu) in [("without presence", cpu[0]), ("with presence", cpu[1])] {
            println!("{presence:<24} server {:.1} % of a core", cpu.percent());
        }
        for (what, times) in [
            ("acknowledged", shared.acks()),
            ("seen by others", shared.seen()),
        ] {
            let [without, with] = times;
            println!("{what:<24} without {without}");
            println!("{what:<24} with    {with}");
            println!(
                "{what:<24} ratio of p99 {:.2} (target {RATIO_TARGET})",
                with.p99_ms() / without.p99_ms()
            );
        }
        Ok(())
    }

    /// One stretch, with or without presence; what the server used.
    async fn stretch(&self, shared: &Shared, presence: bool) -> Result<Cpu> {
        shared.set_presence(presence);
        // What the stretch before left behind is not of this one.
        sleep(Duration::from_secs(1)).await;
        shared.measure(true);
        let before = Cpu::of(self.process)?;
        sleep(self.stretch).await;
        let used = Cpu::of(self.process)?.since(before);
        shared.measure(false);
        Ok(used)
    }

    /// A room with these people in it. They go when the set is dropped.
    async fn room(&self, casts: &[Cast]) -> Result<(Arc<Shared>, JoinSet<Result<()>>)> {
        let document: DocumentId = self.api.import(&json!({"title": "Room"})).await?.id;
        let shared = Arc::new(Shared::default());
        let mut people = JoinSet::new();
        let (mut number, mut left) = (0, Vec::new());
        for cast in casts {
            left.extend(std::iter::repeat_n(cast.of_each, cast.people));
        }
        for some in left.chunks(ENTERING) {
            let mut entering = JoinSet::new();
            for person in some {
                let name = format!("{document}-{number}");
                let entered = person.enter(self.server, document.clone(), name, share(&shared));
                entering.spawn(entered);
                number += 1;
            }
            while let Some(entered) = entering.join_next().await {
                let life = entered??;
                people.spawn(life.live());
            }
        }
        sleep(REST).await;
        Ok((shared, people))
    }
}
