//! Native clients on a network that gets worse and better, as a seed decides.

use std::time::{Duration, Instant};

use anyhow::Result;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::sleep;

use super::Arguments;
use crate::proxy::Plan;
use crate::stage::{Setting, Stage};

/// How long the network stays as it is.
const WEATHER: Duration = Duration::from_millis(400);

/// Runs it. Whether nothing is wrong.
pub(super) async fn run(arguments: &Arguments, seed: u64) -> Result<bool> {
    let setting = Setting {
        server_binary: arguments.common.server_binary.clone(),
        seed,
        clients: 4,
        documents: 2,
        pause: Duration::from_millis(40),
    };
    let mut stage = Stage::open(&setting).await?;
    let result = all(&mut stage, arguments).await;
    stage.close(result).await
}

async fn all(stage: &mut Stage, arguments: &Arguments) -> Result<()> {
    let mut random = StdRng::seed_from_u64(stage.random.random());
    let started = Instant::now();
    stage.writing.send_replace(true);
    while started.elapsed() < Duration::from_secs(arguments.seconds) {
        for proxy in &stage.proxies {
            proxy.set(Plan::random(&mut random));
        }
        sleep(WEATHER).await;
    }
    stage.writing.send_replace(false);
    stage.set_all(&Plan::default());
    stage.check().await?;
    let (counts, traffic) = (stage.counts(), stage.boards.traffic());
    println!("native clients: operations {}", traffic.sent);
    println!("  sent again             {}", traffic.resent);
    println!("  known after a cut      {}", traffic.recovered);
    println!("  connections            {}", counts.connections);
    println!("  cut by the plan        {}", counts.cut);
    println!("  answers cut            {}", counts.answers_cut);
    println!("  upgrades refused       {}", counts.upgrades_refused);
    println!("  broadcasts dropped     {}", counts.committed_dropped);
    println!("  beacons dropped        {}", counts.heads_dropped);
    Ok(())
}
