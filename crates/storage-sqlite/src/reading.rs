//! What is asked inside a transaction, of the readers or of the writer.

use coboard_protocol::ot::Document;
use coboard_protocol::{ClientId, DocumentId, LogEntry, OperationId, PathPolicy, Revision, UserId};
use coboard_storage::{AssignError, Assigned, DashboardQuery, DashboardRow, Found, search_words};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::JobError;
use crate::rows::{
    bits, bound, checksum, dashboard_row, decode_content, decode_entry, id, json, number,
};
use crate::sql;

/// The head revision; `None` if there is no such document or it is deleted.
pub(crate) fn head(
    connection: &Connection,
    document: &DocumentId,
) -> rusqlite::Result<Option<Revision>> {
    connection
        .prepare_cached(sql::HEAD)?
        .query_row([document.as_str()], |row| number(row, 0))
        .optional()
}

pub(crate) fn read_since(
    connection: &Connection,
    document: &DocumentId,
    since: Revision,
    limit: usize,
) -> Result<Vec<LogEntry>, JobError> {
    let mut statement = connection.prepare_cached(sql::READ_SINCE)?;
    let mut rows = statement.query(params![
        document.as_str(),
        bound(since),
        bound(limit as u64)
    ])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let revision = number(row, 0)?;
        // Text or blob, by age; anything else is damage.
        let bytes = row.get_ref(1)?.as_bytes().ok();
        let sum = row.get(2)?;
        let entry = bytes.and_then(|bytes| decode_entry(document, revision, bytes, sum));
        let document = || document.clone();
        entries.push(entry.ok_or_else(|| JobError::Damaged {
            document: document(),
            revision,
        })?);
    }
    Ok(entries)
}

pub(crate) fn find_operation(
    connection: &Connection,
    document: &DocumentId,
    id: &OperationId,
) -> rusqlite::Result<Option<Found>> {
    let key = params![document.as_str(), id.client.as_str(), bits(id.sequence)];
    let found = |row: &rusqlite::Row<'_>| {
        Ok(Found {
            id: id.clone(),
            revision: number(row, 0)?,
            fingerprint: number(row, 1)?,
        })
    };
    connection
        .prepare_cached(sql::FIND_OPERATION)?
        .query_row(key, found)
        .optional()
}

pub(crate) fn find_operations(
    connection: &Connection,
    document: &DocumentId,
    ids: &[OperationId],
) -> rusqlite::Result<Vec<Found>> {
    if head(connection, document)?.is_none() {
        return Ok(Vec::new());
    }
    ids.iter()
        .filter_map(|id| find_operation(connection, document, id).transpose())
        .collect()
}

/// The newest snapshot at or below `at_most`.
pub(crate) fn load_snapshot(
    connection: &Connection,
    document: &DocumentId,
    at_most: Revision,
) -> Result<Option<(Revision, Document)>, JobError> {
    let mut statement = connection.prepare_cached(sql::LOAD_SNAPSHOT)?;
    let mut rows = statement.query(params![document.as_str(), bound(at_most)])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let revision = number(row, 0)?;
    let bytes = row.get_ref(1)?.as_blob().ok();
    let sum = row.get(2)?;
    let content = bytes.and_then(|bytes| decode_content(document, revision, bytes, sum));
    match content {
        Some(content) => Ok(Some((revision, content))),
        None => {
            let document = document.clone();
            Err(JobError::Damaged { document, revision })
        }
    }
}

/// What is known of a client: its number, or why it has none. `None` if it needs one.
pub(crate) fn client(
    connection: &Connection,
    document: &DocumentId,
    client: &ClientId,
    user: &UserId,
) -> rusqlite::Result<Option<Result<Assigned, AssignError>>> {
    if head(connection, document)?.is_none() {
        return Ok(Some(Err(AssignError::Deleted)));
    }
    let known: Option<(u32, String)> = connection
        .prepare_cached(sql::CLIENT)?
        .query_row([document.as_str(), client.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((client_number, bound)) = known else {
        return Ok(None);
    };
    if bound != user.as_str() {
        return Ok(Some(Err(AssignError::OtherUser)));
    }
    let last_sequence = last_sequence(connection, document, client)?;
    Ok(Some(Ok(Assigned {
        client_number,
        last_sequence,
    })))
}

/// The highest committed sequence of a client; 0 if there is none.
pub(crate) fn last_sequence(
    connection: &Connection,
    document: &DocumentId,
    client: &ClientId,
) -> rusqlite::Result<u64> {
    let last = connection
        .prepare_cached(sql::LAST_SEQUENCE)?
        .query_row([document.as_str(), client.as_str()], |row| number(row, 0))
        .optional()?;
    Ok(last.unwrap_or(0))
}

pub(crate) fn dashboards(
    connection: &Connection,
    query: &DashboardQuery,
) -> rusqlite::Result<Vec<DashboardRow>> {
    let words = serde_json::to_string(&search_words(query.search.as_deref()));
    let words = words.expect("strings have a text");
    connection
        .prepare_cached(sql::DASHBOARDS)?
        .query_map(params![words, bound(query.limit as u64)], dashboard_row)?
        .collect()
}

pub(crate) fn dashboard(
    connection: &Connection,
    document: &DocumentId,
) -> rusqlite::Result<Option<DashboardRow>> {
    connection
        .prepare_cached(sql::DASHBOARD)?
        .query_row([document.as_str()], dashboard_row)
        .optional()
}

pub(crate) fn policies(
    connection: &Connection,
    document: &DocumentId,
) -> rusqlite::Result<Vec<PathPolicy>> {
    let policies = connection
        .prepare_cached(sql::POLICIES)?
        .query_row([document.as_str()], |row| json(row, 0))
        .optional()?;
    Ok(policies.unwrap_or_default())
}

/// How many dashboards are not deleted.
pub(crate) fn dashboard_count(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row(sql::DASHBOARD_COUNT, [], |row| number(row, 0))
}

/// Where a log or a snapshot does not hold what was written; of documents that are not deleted. Reads all of
/// them.
pub(crate) fn first_damaged(
    connection: &Connection,
) -> rusqlite::Result<Option<(DocumentId, Revision)>> {
    let mut statement = connection.prepare(sql::CHECKED_ROWS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (document, revision) = (id(row, 0)?, number(row, 1)?);
        // Text or blob, by age; anything else is damage.
        let bytes = row.get_ref(2)?.as_bytes().ok();
        let sum: i64 = row.get(3)?;
        if bytes.is_none_or(|bytes| checksum(&document, revision, bytes) != sum) {
            return Ok(Some((document, revision)));
        }
    }
    Ok(None)
}

/// How a person was called last.
pub(crate) fn user_name(
    connection: &Connection,
    user: &UserId,
) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached(sql::USER_NAME)?
        .query_row([user.as_str()], |row| row.get(0))
        .optional()
}
