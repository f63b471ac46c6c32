//! A copy of a database, also beside the server that writes to it.
//!
//! `VACUUM INTO` reads everything in one transaction: the copy is of one moment, and with a
//! write-ahead log neither waits for the other. SQLite's backup by pages begins anew whenever
//! another process has written, so beside a busy server it would never end.
//!
//! The copy has no lineage. Whoever opens it draws one, each restore its own: to clients it is
//! another history than the one that went on after the copy was made, and they take it anew.
//!
//! Not here: going back. The copy is a database like any other.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};

use crate::connection::open_reader;
use crate::error::BackupError;
use crate::{reading, schema, sql};

/// What was copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Backup {
    /// Dashboards in it that are not deleted.
    pub dashboards: u64,
    /// Size of the file.
    pub bytes: u64,
}

/// Copies the database at `database` into the new file `to`, durably, and checks the copy. A server may use
/// the database meanwhile: everything that was acknowledged before the call is in the copy.
///
/// Blocks for as long as it takes to read and to write everything. The write-ahead log of the server grows
/// meanwhile, by what is written. The copy is made in `to` with `.partial` after it.
///
/// # Errors
/// [`BackupError`]; there is no file `to` then, unless there was one before, and that is as it was.
pub fn backup(database: &Path, to: &Path) -> Result<Backup, BackupError> {
    let source = open_source(database)?;
    let mut partial = Partial::claim(to)?;
    // After the claim: another backup to the same place has either ended before, or is refused.
    if fs::symlink_metadata(to).is_ok() {
        let path = to.to_owned();
        return Err(BackupError::Exists { path });
    }
    source.execute(sql::COPY_INTO, [name(&partial.path)])?;
    drop(source);
    let dashboards = finish(&partial.path)?;
    let bytes = partial.keep(to).map_err(|source| BackupError::Write {
        path: to.to_owned(),
        source,
    })?;
    Ok(Backup { dashboards, bytes })
}

/// A connection to a database of ours. It takes no lock that a server would notice.
fn open_source(database: &Path) -> Result<Connection, BackupError> {
    let path = || database.to_owned();
    if !database.is_file() {
        return Err(BackupError::Absent { path: path() });
    }
    let source = open_reader(database)?;
    match schema::version(&source)? {
        None => Err(BackupError::Foreign { path: path() }),
        // Where that one has its lineage is not known here.
        Some(found) if found > schema::KNOWN => Err(BackupError::Newer {
            found,
            known: schema::KNOWN,
        }),
        Some(_) => Ok(source),
    }
}

/// Takes the lineage out of the copy, checks it, and counts its dashboards.
fn finish(copy: &Path) -> Result<u64, BackupError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(copy, flags)?;
    // A copy that is not finished is deleted: no journal needs to be beside it.
    copy.pragma_update(None, "journal_mode", "MEMORY")?;
    copy.execute(sql::FORGET_LINEAGE, [])?;
    let finding: String = copy.query_row(sql::CHECK, [], |row| row.get(0))?;
    if finding != "ok" {
        return Err(BackupError::Damaged { finding });
    }
    // Rows of an older schema are checked when they are read.
    if schema::version(&copy)? == Some(schema::KNOWN)
        && let Some((document, revision)) = reading::first_damaged(&copy)?
    {
        let finding = format!("revision {revision} of {document} is not what was written");
        return Err(BackupError::Damaged { finding });
    }
    Ok(reading::dashboard_count(&copy)?)
}

/// A name for SQLite, whatever its bytes are.
fn name(path: &Path) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Text(path.as_os_str().as_encoded_bytes()))
}

/// A file that is deleted again unless it is kept.
struct Partial {
    path: PathBuf,
    is_kept: bool,
}

impl Partial {
    /// Makes the empty file, which no other backup has then.
    fn claim(to: &Path) -> Result<Self, BackupError> {
        let mut path = OsString::from(to);
        path.push(".partial");
        let path = PathBuf::from(path);
        match File::create_new(&path) {
            Ok(_) => Ok(Self {
                path,
                is_kept: false,
            }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(BackupError::Unfinished { path })
            }
            Err(source) => Err(BackupError::Write { path, source }),
        }
    }

    /// Gives the file its name, durably, and answers its size.
    fn keep(&mut self, to: &Path) -> io::Result<u64> {
        let file = File::options().write(true).open(&self.path)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        fs::rename(&self.path, to)?;
        // What a failure from here on must delete.
        self.path = to.to_owned();
        let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
        self.is_kept = true;
        Ok(bytes)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nothing else can be done about it; the next backup to this place says that it is there.
            let _ = fs::remove_file(&self.path);
        }
    }
}
