//! What is done inside a writing transaction.

use coboard_protocol::ot::CLIENT_NUMBER_MAX;
use coboard_protocol::{
    Catalogue, ClientId, DocumentId, OperationId, PathPolicy, Revision, User, UserId,
};
use coboard_storage::{
    AppendError, AssignError, Assigned, CreateError, NewDocument, Run, SaveSnapshotError,
};
use rusqlite::{Connection, params};

use crate::reading::{client, find_operation, head, last_sequence};
use crate::rows::{CatalogueColumns, bits, checksum, encode_entry};
use crate::sql;

/// A compressed snapshot.
pub(crate) struct Content {
    pub(crate) document: DocumentId,
    pub(crate) revision: Revision,
    pub(crate) bytes: Vec<u8>,
}

/// An entry as its row.
struct EntryRow<'a> {
    id: &'a OperationId,
    revision: Revision,
    packed: Vec<u8>,
    fingerprint: u64,
}

pub(crate) fn create_document(
    connection: &Connection,
    new: &NewDocument,
    content: &Content,
) -> rusqlite::Result<Result<(), CreateError>> {
    let id = new.document.as_str();
    let exists = connection
        .prepare_cached(sql::DOCUMENT_EXISTS)?
        .query_row([id], |row| row.get(0))?;
    if exists {
        return Ok(Err(CreateError::Exists));
    }
    save_user(connection, &new.created_by)?;
    let (at_ms, by) = (bits(new.at_ms), new.created_by.id.as_str());
    connection
        .prepare_cached(sql::INSERT_DOCUMENT)?
        .execute(params![id, at_ms, by])?;
    let entry = EntryRow {
        id: &new.entry.id,
        revision: new.entry.revision,
        packed: encode_entry(&new.entry),
        fingerprint: new.fingerprint,
    };
    insert_entry(connection, &new.document, &entry)?;
    write_snapshot(connection, content)?;
    let (catalogue, columns) = (&new.catalogue, CatalogueColumns::of(&new.catalogue));
    connection
        .prepare_cached(sql::INSERT_DASHBOARD)?
        .execute(params![
            id,
            catalogue.title,
            catalogue.folder,
            columns.tags,
            columns.preview,
            catalogue.widget_count,
            columns.search_text,
            at_ms,
            by
        ])?;
    Ok(Ok(()))
}

/// One answer per run. All checks of a run stand before its first write, so a refused run leaves nothing.
pub(crate) fn append(
    connection: &Connection,
    runs: &[Run],
) -> rusqlite::Result<Vec<Result<(), AppendError>>> {
    runs.iter()
        .map(|run| match check_run(connection, run)? {
            Ok(()) => write_run(connection, run).map(Ok),
            Err(refused) => Ok(Err(refused)),
        })
        .collect()
}

fn check_run(connection: &Connection, run: &Run) -> rusqlite::Result<Result<(), AppendError>> {
    if let Err(error) = run.check() {
        return Ok(Err(error));
    }
    let Some(head) = head(connection, &run.document)? else {
        return Ok(Err(AppendError::Deleted));
    };
    for (entry, fingerprint) in run.entries.iter().zip(&run.fingerprints) {
        if let Some(found) = find_operation(connection, &run.document, &entry.id)? {
            return Ok(Err(found.refuse(*fingerprint)));
        }
    }
    if head != run.head {
        return Ok(Err(AppendError::RevisionTaken { head }));
    }
    Ok(Ok(()))
}

fn write_run(connection: &Connection, run: &Run) -> rusqlite::Result<()> {
    for (entry, fingerprint) in run.entries.iter().zip(&run.fingerprints) {
        let row = EntryRow {
            id: &entry.id,
            revision: entry.revision,
            packed: encode_entry(entry),
            fingerprint: *fingerprint,
        };
        insert_entry(connection, &run.document, &row)?;
    }
    let id = run.document.as_str();
    if let Some(last) = run.entries.last() {
        connection
            .prepare_cached(sql::SET_HEAD)?
            .execute(params![id, bits(last.revision)])?;
        connection
            .prepare_cached(sql::SET_LAST_CHANGE)?
            .execute(params![id, bits(last.server_time_ms), last.author.as_str()])?;
    }
    if let Some(catalogue) = &run.catalogue {
        write_catalogue(connection, &run.document, catalogue)?;
    }
    Ok(())
}

fn insert_entry(
    connection: &Connection,
    document: &DocumentId,
    entry: &EntryRow<'_>,
) -> rusqlite::Result<()> {
    let (id, revision) = (document.as_str(), bits(entry.revision));
    let sum = checksum(document, entry.revision, &entry.packed);
    connection
        .prepare_cached(sql::INSERT_ENTRY)?
        .execute(params![id, revision, entry.packed, sum])?;
    let (client, sequence) = (entry.id.client.as_str(), bits(entry.id.sequence));
    connection
        .prepare_cached(sql::INSERT_OPERATION_ID)?
        .execute(params![
            id,
            client,
            sequence,
            revision,
            bits(entry.fingerprint)
        ])?;
    Ok(())
}

pub(crate) fn save_snapshot(
    connection: &Connection,
    content: &Content,
) -> rusqlite::Result<Result<(), SaveSnapshotError>> {
    let Some(head) = head(connection, &content.document)? else {
        return Ok(Err(SaveSnapshotError::Deleted));
    };
    if content.revision > head {
        return Ok(Err(SaveSnapshotError::Ahead { head }));
    }
    write_snapshot(connection, content).map(Ok)
}

fn write_snapshot(connection: &Connection, content: &Content) -> rusqlite::Result<()> {
    let (id, revision) = (content.document.as_str(), bits(content.revision));
    let sum = checksum(&content.document, content.revision, &content.bytes);
    connection
        .prepare_cached(sql::SAVE_SNAPSHOT)?
        .execute(params![id, revision, content.bytes, sum])?;
    Ok(())
}

pub(crate) fn assign_client(
    connection: &Connection,
    document: &DocumentId,
    id: &ClientId,
    user: &UserId,
) -> rusqlite::Result<Result<Assigned, AssignError>> {
    // Asked again inside this transaction: somebody may have been quicker.
    if let Some(answer) = client(connection, document, id, user)? {
        return Ok(answer);
    }
    let last: u32 = connection
        .prepare_cached(sql::LAST_CLIENT_NUMBER)?
        .query_row([document.as_str()], |row| row.get(0))?;
    if last == CLIENT_NUMBER_MAX {
        return Ok(Err(AssignError::Exhausted));
    }
    let client_number = last + 1;
    connection
        .prepare_cached(sql::INSERT_CLIENT)?
        .execute(params![
            document.as_str(),
            id.as_str(),
            client_number,
            user.as_str()
        ])?;
    Ok(Ok(Assigned {
        client_number,
        last_sequence: last_sequence(connection, document, id)?,
    }))
}

pub(crate) fn save_catalogue(
    connection: &Connection,
    document: &DocumentId,
    catalogue: &Catalogue,
) -> rusqlite::Result<()> {
    match head(connection, document)? {
        Some(_) => write_catalogue(connection, document, catalogue),
        None => Ok(()),
    }
}

fn write_catalogue(
    connection: &Connection,
    document: &DocumentId,
    catalogue: &Catalogue,
) -> rusqlite::Result<()> {
    let columns = CatalogueColumns::of(catalogue);
    connection
        .prepare_cached(sql::SET_CATALOGUE)?
        .execute(params![
            document.as_str(),
            catalogue.title,
            catalogue.folder,
            columns.tags,
            columns.preview,
            catalogue.widget_count,
            columns.search_text
        ])?;
    Ok(())
}

/// Whether the document was there.
pub(crate) fn save_policies(
    connection: &Connection,
    document: &DocumentId,
    policies: &[PathPolicy],
) -> rusqlite::Result<bool> {
    if head(connection, document)?.is_none() {
        return Ok(false);
    }
    let text = serde_json::to_string(policies).expect("policies have string keys");
    connection
        .prepare_cached(sql::SAVE_POLICIES)?
        .execute([document.as_str(), &text])?;
    Ok(true)
}

pub(crate) fn save_user(connection: &Connection, user: &User) -> rusqlite::Result<()> {
    connection
        .prepare_cached(sql::SAVE_USER)?
        .execute([user.id.as_str(), &user.name])?;
    Ok(())
}

/// Whether it was there.
pub(crate) fn delete_document(
    connection: &Connection,
    document: &DocumentId,
    by: &User,
    at_ms: u64,
) -> rusqlite::Result<bool> {
    save_user(connection, by)?;
    let changed = connection
        .prepare_cached(sql::DELETE_DOCUMENT)?
        .execute(params![document.as_str(), bits(at_ms), by.id.as_str()])?;
    Ok(changed > 0)
}
