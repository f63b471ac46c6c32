//! Every statement of this backend, except the migrations.

/// Whether the database holds nothing yet.
pub(crate) const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)";
/// The table that says what this database is. The lineage is random.
pub(crate) const CREATE_META: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO meta VALUES ('lineage', lower(hex(randomblob(16)))), ('schema_version', '0');";
pub(crate) const META: &str = "SELECT value FROM meta WHERE key = ?1";
pub(crate) const SET_SCHEMA_VERSION: &str =
    "UPDATE meta SET value = ?1 WHERE key = 'schema_version'";
/// A copy by [`backup`](crate::backup()) has none.
pub(crate) const DRAW_LINEAGE: &str =
    "UPDATE meta SET value = lower(hex(randomblob(16))) WHERE key = 'lineage' AND value = ''";

/// Copies everything into a file that is empty or absent.
pub(crate) const COPY_INTO: &str = "VACUUM INTO ?1";
pub(crate) const FORGET_LINEAGE: &str = "UPDATE meta SET value = '' WHERE key = 'lineage'";
/// What SQLite finds wrong first, or `ok`.
pub(crate) const CHECK: &str = "PRAGMA integrity_check(1)";
pub(crate) const DASHBOARD_COUNT: &str =
    "SELECT count(*) FROM documents WHERE deleted_at_ms IS NULL";
/// All rows with a checksum that somebody can still read.
pub(crate) const CHECKED_ROWS: &str = "
    SELECT document_id, log.revision, coalesce(packed, entry), checksum
    FROM log JOIN documents ON documents.id = document_id WHERE deleted_at_ms IS NULL
    UNION ALL
    SELECT document_id, snapshots.revision, content, checksum
    FROM snapshots JOIN documents ON documents.id = document_id WHERE deleted_at_ms IS NULL";

/// Empties the write-ahead log into the database.
pub(crate) const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

pub(crate) const DOCUMENT_EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?1)";
pub(crate) const HEAD: &str =
    "SELECT revision FROM documents WHERE id = ?1 AND deleted_at_ms IS NULL";
pub(crate) const INSERT_DOCUMENT: &str =
    "INSERT INTO documents (id, revision, created_at_ms, created_by) VALUES (?1, 1, ?2, ?3)";
pub(crate) const SET_HEAD: &str = "UPDATE documents SET revision = ?2 WHERE id = ?1";
pub(crate) const DELETE_DOCUMENT: &str = "
    UPDATE documents SET deleted_at_ms = ?2, deleted_by = ?3
    WHERE id = ?1 AND deleted_at_ms IS NULL";

pub(crate) const INSERT_ENTRY: &str =
    "INSERT INTO log (document_id, revision, entry, packed, checksum) VALUES (?1, ?2, '', ?3, ?4)";
pub(crate) const READ_SINCE: &str = "
    SELECT log.revision, coalesce(packed, entry), checksum
    FROM log JOIN documents ON documents.id = document_id
    WHERE document_id = ?1 AND log.revision > ?2 AND deleted_at_ms IS NULL
    ORDER BY log.revision LIMIT ?3";

pub(crate) const INSERT_OPERATION_ID: &str = "
    INSERT INTO operation_ids (document_id, client_id, sequence, revision, fingerprint)
    VALUES (?1, ?2, ?3, ?4, ?5)";
/// Also of deleted documents; who asks has looked.
pub(crate) const FIND_OPERATION: &str = "
    SELECT revision, fingerprint FROM operation_ids
    WHERE document_id = ?1 AND client_id = ?2 AND sequence = ?3";
pub(crate) const LAST_SEQUENCE: &str = "
    SELECT sequence FROM operation_ids WHERE document_id = ?1 AND client_id = ?2
    ORDER BY sequence DESC LIMIT 1";

pub(crate) const CLIENT: &str = "
    SELECT client_number, user_id FROM document_clients
    WHERE document_id = ?1 AND client_id = ?2";
pub(crate) const LAST_CLIENT_NUMBER: &str =
    "SELECT coalesce(max(client_number), 0) FROM document_clients WHERE document_id = ?1";
pub(crate) const INSERT_CLIENT: &str = "
    INSERT INTO document_clients (document_id, client_id, client_number, user_id)
    VALUES (?1, ?2, ?3, ?4)";

pub(crate) const SAVE_SNAPSHOT: &str = "
    INSERT INTO snapshots (document_id, revision, content, checksum) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET content = excluded.content, checksum = excluded.checksum";
pub(crate) const LOAD_SNAPSHOT: &str = "
    SELECT snapshots.revision, content, checksum
    FROM snapshots JOIN documents ON documents.id = document_id
    WHERE document_id = ?1 AND snapshots.revision <= ?2 AND deleted_at_ms IS NULL
    ORDER BY snapshots.revision DESC LIMIT 1";

pub(crate) const INSERT_DASHBOARD: &str = "
    INSERT INTO dashboards (document_id, title, folder, tags, preview, widget_count, search_text,
        updated_at_ms, updated_by)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
pub(crate) const SET_CATALOGUE: &str = "
    UPDATE dashboards
    SET title = ?2, folder = ?3, tags = ?4, preview = ?5, widget_count = ?6, search_text = ?7
    WHERE document_id = ?1";
pub(crate) const SET_LAST_CHANGE: &str =
    "UPDATE dashboards SET updated_at_ms = ?2, updated_by = ?3 WHERE document_id = ?1";

macro_rules! dashboard_rows {
    ($rest:literal) => {
        concat!(
            "
    SELECT document_id, title, folder, tags, preview, widget_count, documents.revision, created_at_ms,
        created_by, coalesce(creator.name, created_by),
        updated_at_ms, updated_by, coalesce(updater.name, updated_by)
    FROM dashboards JOIN documents ON documents.id = document_id
        LEFT JOIN users AS creator ON creator.id = created_by
        LEFT JOIN users AS updater ON updater.id = updated_by
    WHERE deleted_at_ms IS NULL ",
            $rest
        )
    };
}

pub(crate) const DASHBOARD: &str = dashboard_rows!("AND document_id = ?1");
/// The words of the search come as one JSON array.
pub(crate) const DASHBOARDS: &str = dashboard_rows!(
    "AND NOT EXISTS (SELECT 1 FROM json_each(?1) AS word WHERE instr(search_text, word.value) = 0)
    ORDER BY updated_at_ms DESC, document_id LIMIT ?2"
);

pub(crate) const POLICIES: &str = "
    SELECT policies FROM policies JOIN documents ON documents.id = document_id
    WHERE document_id = ?1 AND deleted_at_ms IS NULL";
pub(crate) const SAVE_POLICIES: &str = "
    INSERT INTO policies (document_id, policies) VALUES (?1, ?2)
    ON CONFLICT DO UPDATE SET policies = excluded.policies";

pub(crate) const USER_NAME: &str = "SELECT name FROM users WHERE id = ?1";
pub(crate) const SAVE_USER: &str = "
    INSERT INTO users (id, name) VALUES (?1, ?2)
    ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name";
