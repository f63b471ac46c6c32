//! The run `restore`: a backup is made while clients write, the server is lost, and another one
//! starts on the copy. Nobody may take the new history for a part of the one they knew.

use anyhow::Result;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::Common;

mod drill;
mod notes;
mod person;
mod totals;

use drill::{Drill, Kind};
use totals::Totals;

/// Options of `restore`.
#[derive(clap::Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How often.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    drills: u32,
}

/// Runs it. Whether nothing is wrong.
///
/// # Errors
/// When something prevents the run.
pub(crate) async fn run(arguments: Arguments) -> Result<bool> {
    let mut random = StdRng::seed_from_u64(arguments.common.seed());
    let mut totals = Totals::default();
    for number in 0..arguments.drills {
        totals.current = number;
        let directory = tempfile::tempdir()?;
        let before = totals.violations.len();
        let drill = Drill {
            // The first two are what goes wrong most easily: work in flight, and a head beyond the
            // clients; then everything at rest, and a head that they are ahead of.
            kind: Kind {
                at_rest: number % 2 == 1,
                beyond: matches!(number % 4, 0 | 3),
            },
            directory: directory.path().to_owned(),
            binary: arguments.common.server_binary.clone(),
            random: &mut random,
            totals: &mut totals,
        };
        if let Err(error) = drill.run().await {
            totals.blame(format!("broke off: {error:#}"));
        }
        if totals.violations.len() > before {
            let kept = directory.keep();
            println!("drill {number} is kept in {}", kept.display());
        }
    }
    totals.report(arguments.drills);
    Ok(totals.are_good())
}
