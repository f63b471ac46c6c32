//! An operation gets its place in the log, if the document and the limits allow it.

use coboard_ot::{
    Change, Committed, Components, Decided, Document, ItemChange, ItemId, ListId, Path, Value,
    commit, invert,
};
use coboard_protocol::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_ITEMS_MAX};
use coboard_protocol::{ErrorBody, ErrorCode, Kind, LogEntry, Operation, Revision, User};

use super::append::Run;
use super::rebase::Past;
use super::settle::settled;
use super::upkeep::DELETED_BYTES_MAX;
use super::{policy, schema, size};
use crate::time::Time;

/// Largest document in memory in bytes: what may be imported, with what surrounds its items, and
/// the deleted items that are kept.
const CONTENT_BYTES_MAX: usize =
    DOCUMENT_BYTES_MAX + DOCUMENT_ITEMS_MAX * size::FRAME_BYTES + DELETED_BYTES_MAX;

/// An operation that was brought past what was committed since its base.
pub(super) struct Candidate<'a> {
    pub(super) author: &'a User,
    /// The number that new ids must be of; `None` for the server itself.
    pub(super) client_number: Option<u32>,
    pub(super) operation: Operation,
    /// Of the operation as it was submitted.
    pub(super) fingerprint: u64,
    /// How much it wanted then.
    pub(super) submitted: usize,
    pub(super) conflicts: Vec<Decided>,
    /// What it was brought past; `None` for the server itself.
    pub(super) past: Option<&'a Past>,
}

/// Puts an operation at the end of the run.
pub(super) fn commit_next(
    run: &mut Run,
    now: Time,
    candidate: Candidate<'_>,
) -> Result<Revision, ErrorBody> {
    let operation = candidate.operation;
    let mut committed = pruned(&run.document, operation.components);
    if candidate.client_number.is_some() {
        committed = schema::allowed(&run.document, committed);
    }
    let components = committed.components;
    if operation.meta.atomic && components.wants() < candidate.submitted {
        let message = "the operation no longer applies as a whole";
        return Err(ErrorBody::new(ErrorCode::Op, message));
    }
    let components = settled(&run.document, components);
    if let Some(number) = candidate.client_number {
        check_ids(&run.document, &components, operation.meta.kind, number)?;
    }
    (run.document, run.document_bytes) = within_limits(run, &components)?;
    debug_assert_eq!(
        invert(&invert(&components)).len(),
        components.len() - lasting(&components),
        "what is committed can be undone"
    );
    let mut conflicts = candidate.conflicts;
    conflicts.extend(committed.conflicts.into_iter().map(|conflict| {
        Decided {
            by: candidate
                .past
                .and_then(|past| past.contest.deletion_met(&conflict)),
            policy: None,
            conflict,
        }
    }));
    let conflicts = policy::records(candidate.past, &operation.id, conflicts);
    let revision = run.next_revision();
    let entry = LogEntry {
        id: operation.id,
        revision,
        components,
        meta: operation.meta.cut(),
        author: candidate.author.id.clone(),
        server_time_ms: now.as_ms(),
        conflicts,
    };
    run.push(entry, candidate.fingerprint);
    Ok(revision)
}

/// What of an operation applies.
fn pruned(document: &Document, components: Components) -> Committed {
    #[cfg(feature = "sabotage")]
    if !crate::sabotage::prunes() {
        let kept = components.clone();
        return Committed {
            components: kept,
            ..commit(document, components)
        };
    }
    commit(document, components)
}

/// How many components undo leaves as they are.
fn lasting(components: &Components) -> usize {
    let cells = components.cells().map(|(_, _, change)| change);
    let items = components.items().map(|(_, change)| change);
    cells
        .filter(|change| matches!(change, Change::Ensure(_)))
        .count()
        + items
            .filter(|change| matches!(change, ItemChange::Purge))
            .count()
}

/// The document with the components and its size. One beyond a limit may still shrink.
fn within_limits(run: &Run, components: &Components) -> Result<(Document, usize), ErrorBody> {
    let mut document = run.document.clone();
    document.apply(components);
    let (gained, lost) = size::growth(&run.document, components);
    let bytes = (run.document_bytes + gained).saturating_sub(lost);
    let error = |message, limit: usize| {
        Err(ErrorBody::new(ErrorCode::DocLimit, message).with("limit", limit))
    };
    if document.item_count() > DOCUMENT_ITEMS_MAX.max(run.document.item_count()) {
        return error("the document has too many items", DOCUMENT_ITEMS_MAX);
    }
    if bytes > CONTENT_BYTES_MAX.max(run.document_bytes) {
        return error("the document is too large", CONTENT_BYTES_MAX);
    }
    Ok((document, bytes))
}

/// New items and lists must have ids of the client that makes them: an id that somebody else will
/// make one day would cost that one's edit.
fn check_ids(
    document: &Document,
    components: &Components,
    kind: Kind,
    number: u32,
) -> Result<(), ErrorBody> {
    let foreign = || {
        let message = "a new item or list has an id of another client";
        Err(ErrorBody::new(ErrorCode::Op, message).with("client_number", number))
    };
    let is_new = |(_, change): &(_, &ItemChange)| matches!(change, ItemChange::New { .. });
    if components
        .items()
        .filter(is_new)
        .any(|(id, _)| id.client() != number)
    {
        return foreign();
    }
    // What is taken back may bring lists of others back that nothing holds any more.
    let brings_back = match kind {
        Kind::Undo | Kind::Redo | Kind::Restore => true,
        Kind::Edit | Kind::Import | Kind::Fixup => false,
    };
    let mut is_foreign = false;
    for (item, path, value) in values(components) {
        value.for_each_list(&mut |list| {
            is_foreign |= list.client() != number
                && !is_known(document, list)
                && !is_ensured_at(item, &path, value, list);
        });
    }
    if is_foreign && !brings_back {
        return foreign();
    }
    Ok(())
}

/// Values that components write, with their places.
fn values(components: &Components) -> impl Iterator<Item = (ItemId, Path, &Value)> {
    let cells = components
        .cells()
        .filter_map(|(item, path, change)| match change {
            Change::Set { new, .. } => new.as_ref().map(|value| (item, path.clone(), value)),
            // The list of an ensured cell follows from its place.
            Change::Add(_) | Change::Text(_) | Change::Ensure(_) => None,
        });
    let items = components
        .items()
        .filter_map(|(item, change)| match change {
            ItemChange::New { value, .. } => Some((item, Path::whole(), value)),
            ItemChange::Move { .. } | ItemChange::Purge => None,
        });
    cells.chain(items)
}

/// Whether `list` stands in `value` where it is the list of an ensured cell: one that was ensured
/// by the operation that also set what stands above it.
fn is_ensured_at(item: ItemId, path: &Path, value: &Value, list: ListId) -> bool {
    match value {
        Value::List(found) => *found == list && list == ListId::ensured(item, path.as_str()),
        Value::Map(map) => map
            .iter()
            .any(|(key, value)| is_ensured_at(item, &path.child(key), value, list)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => false,
    }
}

fn is_known(document: &Document, list: ListId) -> bool {
    document.holder(list).is_some() || document.list(list).next().is_some()
}
