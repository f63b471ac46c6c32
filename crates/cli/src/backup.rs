//! `coboard backup`: a copy of the database, whether a server uses it or not.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use coboard_storage_sqlite::{Backup, BackupError};

use crate::{data, remote};

/// Options of `backup`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The data directory of the server.
    #[arg(long, value_name = "DIR", default_value = data::DIRECTORY)]
    data: PathBuf,
    /// The new file. To go back, put it into an empty data directory as coboard.sqlite.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Options {
    /// Makes the copy and prints what is in it.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let made = coboard_storage_sqlite::backup(&data::database(&self.data), &self.file);
        match made {
            Ok(backup) => remote::print(&format!(
                "{}, in {}\n",
                content(&backup),
                self.file.display()
            )),
            Err(error) => {
                let remedy = remedy(&error);
                bail!("{:#}; {remedy}", anyhow::Error::new(error))
            }
        }
    }
}

fn content(backup: &Backup) -> String {
    let dashboards = match backup.dashboards {
        1 => "1 dashboard".to_owned(),
        count => format!("{count} dashboards"),
    };
    format!("{dashboards}, {}", size(backup.bytes))
}

/// For people: a tenth of a megabyte, below that kilobytes.
fn size(bytes: u64) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    match tenths {
        0..10 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", tenths / 10, tenths % 10),
    }
}

/// What to do about it.
fn remedy(error: &BackupError) -> &'static str {
    match error {
        BackupError::Absent { .. } | BackupError::Foreign { .. } => {
            "name the server's data directory with --data"
        }
        BackupError::Newer { .. } => "use the program that the server runs",
        BackupError::Exists { .. } => "give another name, or move that file away",
        BackupError::Unfinished { .. } => "delete it if no backup is running",
        BackupError::Write { .. } => "give a file in a directory that exists and may be written to",
        BackupError::Damaged { .. } => "no copy was made: keep the older ones",
        BackupError::Database(_) | _ => "no copy was made: try again when that is mended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, text) in [
            (0, "0 kB"),
            (1, "1 kB"),
            (94_208, "95 kB"),
            (999_999, "1.0 MB"),
            (3_449_999, "3.4 MB"),
            (3_450_000, "3.5 MB"),
            (1_234_567_890, "1234.6 MB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
