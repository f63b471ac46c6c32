//! Brings a database to the schema of this program.

use std::path::Path;

use rusqlite::Connection;

use crate::error::OpenError;
use crate::sql;

/// Marks the file as ours: "Cobd".
const APPLICATION_ID: i64 = 0x436f_6264;

/// Each takes the schema one version further. Never changed once released, only added to.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/1_documents.sql"),
    include_str!("migrations/2_policies.sql"),
    include_str!("migrations/3_packed.sql"),
];

/// The newest schema version of this program.
pub(crate) const KNOWN: usize = MIGRATIONS.len();

/// Makes or migrates the schema, and reads the lineage. A copy that was made without one gets one here, for good.
pub(crate) fn prepare(connection: &Connection, path: &Path) -> Result<String, OpenError> {
    migrate(connection, path, MIGRATIONS)?;
    connection.execute(sql::DRAW_LINEAGE, [])?;
    Ok(connection.query_row(sql::META, ["lineage"], |row| row.get(0))?)
}

/// The schema version of a database; `None` if it is not one of ours.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<Option<usize>> {
    let application_id: i64 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application_id != APPLICATION_ID {
        return Ok(None);
    }
    let version: String = connection.query_row(sql::META, ["schema_version"], |row| row.get(0))?;
    // What is no number was not written by us.
    Ok(Some(version.parse().unwrap_or(usize::MAX)))
}

fn migrate(connection: &Connection, path: &Path, migrations: &[&str]) -> Result<(), OpenError> {
    let is_empty: bool = connection.query_row(sql::IS_EMPTY, [], |row| row.get(0))?;
    if is_empty {
        in_transaction(connection, || {
            connection.execute_batch(sql::CREATE_META)?;
            connection.pragma_update(None, "application_id", APPLICATION_ID)
        })?;
    }
    let Some(found) = version(connection)? else {
        let path = path.to_owned();
        return Err(OpenError::Foreign { path });
    };
    let known = migrations.len();
    if found > known {
        return Err(OpenError::Newer { found, known });
    }
    for (version, migration) in (1..).zip(migrations).skip(found) {
        in_transaction(connection, || {
            connection.execute_batch(migration)?;
            let version: usize = version;
            connection.execute(sql::SET_SCHEMA_VERSION, [version.to_string()])?;
            Ok(())
        })?;
    }
    Ok(())
}

/// All of `steps` or nothing. After an error the connection is not used any more.
fn in_transaction(
    connection: &Connection,
    steps: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    steps()?;
    connection.execute_batch("COMMIT")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(connection: &Connection) -> String {
        let read = connection.query_row(sql::META, ["schema_version"], |row| row.get(0));
        read.unwrap()
    }

    #[test]
    fn migrations_run_once_and_in_order() {
        let connection = Connection::open_in_memory().unwrap();
        let path = Path::new("x");
        let first = "CREATE TABLE a (n); INSERT INTO a VALUES (1)";
        migrate(&connection, path, &[first]).unwrap();
        let lineage: String = connection
            .query_row(sql::META, ["lineage"], |row| row.get(0))
            .unwrap();
        migrate(&connection, path, &[first]).unwrap();
        migrate(
            &connection,
            path,
            &[
                first,
                "INSERT INTO a VALUES (2)",
                "INSERT INTO a VALUES (3)",
            ],
        )
        .unwrap();
        assert_eq!(version(&connection), "3");
        let sum: i64 = connection
            .query_row("SELECT sum(n) FROM a", [], |row| row.get(0))
            .unwrap();
        assert_eq!(sum, 6);
        let after: String = connection
            .query_row(sql::META, ["lineage"], |row| row.get(0))
            .unwrap();
        assert_eq!(after, lineage);
        let newer = migrate(&connection, path, &[first]);
        assert!(
            matches!(newer, Err(OpenError::Newer { found: 3, known: 1 })),
            "{newer:?}"
        );
    }

    #[test]
    fn every_database_has_a_lineage_of_its_own() {
        let lineage = || prepare(&Connection::open_in_memory().unwrap(), Path::new("x")).unwrap();
        let (one, other) = (lineage(), lineage());
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn a_database_of_something_else_is_left_alone() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (n)").unwrap();
        let opened = prepare(&connection, Path::new("x"));
        assert!(
            matches!(opened, Err(OpenError::Foreign { .. })),
            "{opened:?}"
        );
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .unwrap();
        assert_eq!(tables, 1);
    }
}
