//! Whether the database is sound after a kill, seen by SQLite itself.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

/// How every SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// A copy of the databases of a dead server. The check would repair the originals, and then the
/// server would never have to.
pub(crate) struct Copies {
    directory: tempfile::TempDir,
    databases: Vec<PathBuf>,
}

impl Copies {
    /// Copies every database in `data` with its write-ahead log.
    pub(crate) fn take(data: &Path) -> Result<Self> {
        let mut copies = Self {
            directory: tempfile::tempdir()?,
            databases: Vec::new(),
        };
        if !data.exists() {
            return Ok(copies);
        }
        for entry in fs::read_dir(data).context("cannot read the data directory")? {
            let path = entry?.path();
            if is_database(&path)? {
                copies.copy(&path)?;
            }
        }
        Ok(copies)
    }

    fn copy(&mut self, path: &Path) -> Result<()> {
        let name = path.file_name().unwrap_or_default().to_os_string();
        let to = self.directory.path().join(&name);
        fs::copy(path, &to)?;
        let (mut log, mut log_to) = (path.as_os_str().to_owned(), to.as_os_str().to_owned());
        log.push("-wal");
        log_to.push("-wal");
        if Path::new(&log).exists() {
            fs::copy(&log, &log_to)?;
        }
        self.databases.push(to);
        Ok(())
    }

    /// What SQLite finds wrong, one line for each finding.
    pub(crate) fn findings(&self) -> Result<Vec<String>> {
        let mut findings = Vec::new();
        for path in &self.databases {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let database = Connection::open_with_flags(path, flags)?;
            let mut check = database.prepare("PRAGMA integrity_check")?;
            let lines = check.query_map([], |row| row.get::<_, String>(0))?;
            for line in lines {
                let line = line?;
                if line != "ok" {
                    findings.push(line);
                }
            }
        }
        Ok(findings)
    }
}

fn is_database(path: &Path) -> Result<bool> {
    use std::io::Read;

    if !path.is_file() {
        return Ok(false);
    }
    let mut beginning = Vec::new();
    let file = fs::File::open(path)?;
    file.take(MAGIC.len() as u64).read_to_end(&mut beginning)?;
    Ok(beginning == MAGIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(directory: &Path) -> PathBuf {
        let path = directory.join("some.sqlite");
        let database = Connection::open(&path).expect("it can be made");
        let sql = "CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a);
            WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)
            INSERT INTO t SELECT 'row ' || x FROM n;";
        database.execute_batch(sql).expect("it can be filled");
        path
    }

    #[test]
    fn damage_is_found_and_a_sound_file_is_not_blamed() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = database(directory.path());
        fs::write(directory.path().join("lock"), b"x").expect("a file");
        let sound = Copies::take(directory.path()).expect("it can be copied");
        assert_eq!(sound.databases.len(), 1);
        assert_eq!(sound.findings().expect("a check"), Vec::<String>::new());

        let mut bytes = fs::read(&path).expect("the file");
        let middle = bytes.len() / 2;
        bytes[middle..middle + 3_000].fill(0x5a);
        fs::write(&path, bytes).expect("it can be written");
        let damaged = Copies::take(directory.path()).expect("it can be copied");
        assert!(
            !damaged
                .findings()
                .unwrap_or(vec!["unreadable".into()])
                .is_empty()
        );
    }
}
