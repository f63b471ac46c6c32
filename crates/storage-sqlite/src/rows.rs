//! Between our types and what stands in a row.

use std::io::{Read, Write};

use coboard_protocol::ot::Document;
use coboard_protocol::{
    Catalogue, DocumentId, LogEntry, PreviewWidget, Revision, User, UserId, codec,
};
use coboard_storage::{DashboardRow, packed, search_text};
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use serde::Deserialize;

/// A number as the same 64 bits.
pub(crate) fn bits(number: u64) -> i64 {
    number.cast_signed()
}

/// A bound for numbers that stay below 2⁶³.
pub(crate) fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The number with the bits in column `index`.
pub(crate) fn number(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(index).map(i64::cast_unsigned)
}

/// Covers what a row holds and where it belongs, so that neither can change unseen.
pub(crate) fn checksum(document: &DocumentId, revision: Revision, bytes: &[u8]) -> i64 {
    let mut crc = Crc::new();
    crc.update(document.as_str().as_bytes());
    crc.update(&[0]);
    crc.update(&revision.to_le_bytes());
    crc.update(bytes);
    i64::from(crc.sum())
}

pub(crate) fn encode_entry(entry: &LogEntry) -> Vec<u8> {
    let json = serde_json::to_value(entry);
    packed::write(&json.expect("an entry has string keys and finite numbers"))
}

/// `None` if the bytes are not the ones that were written.
pub(crate) fn decode_entry(
    document: &DocumentId,
    revision: Revision,
    bytes: &[u8],
    sum: i64,
) -> Option<LogEntry> {
    if checksum(document, revision, bytes) != sum {
        return None;
    }
    let entry: LogEntry = serde_json::from_value(packed::read(bytes).ok()?).ok()?;
    (entry.revision == revision).then_some(entry)
}

/// The content in packed form, compressed. Takes a while for a large document.
pub(crate) fn encode_content(content: &Document) -> Vec<u8> {
    let packed = packed::write(&codec::content::to_json(content));
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(&packed).and_then(|()| encoder.finish());
    written.expect("writing to memory does not fail")
}

/// `None` if the bytes are not the ones that were written.
pub(crate) fn decode_content(
    document: &DocumentId,
    revision: Revision,
    bytes: &[u8],
    sum: i64,
) -> Option<Document> {
    if checksum(document, revision, bytes) != sum {
        return None;
    }
    let mut inflated = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut inflated).ok()?;
    codec::content::from_json(&packed::read(&inflated).ok()?).ok()
}

/// A catalogue as its columns.
pub(crate) struct CatalogueColumns {
    pub(crate) tags: String,
    pub(crate) preview: String,
    pub(crate) search_text: String,
}

impl CatalogueColumns {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        let expected = "a catalogue has string keys";
        Self {
            tags: serde_json::to_string(&catalogue.tags).expect(expected),
            preview: serde_json::to_string(&catalogue.preview).expect(expected),
            search_text: search_text(catalogue),
        }
    }
}

/// One row of [`sql::DASHBOARDS`](crate::sql::DASHBOARDS).
pub(crate) fn dashboard_row(row: &Row<'_>) -> rusqlite::Result<DashboardRow> {
    Ok(DashboardRow {
        document: id(row, 0)?,
        catalogue: Catalogue {
            title: row.get(1)?,
            folder: row.get(2)?,
            tags: json::<Vec<String>>(row, 3)?,
            preview: json::<Vec<PreviewWidget>>(row, 4)?,
            widget_count: row.get(5)?,
        },
        revision: number(row, 6)?,
        created_at_ms: number(row, 7)?,
        created_by: user(row, 8)?,
        updated_at_ms: number(row, 10)?,
        updated_by: user(row, 11)?,
    })
}

/// An id and, in the next column, a name.
fn user(row: &Row<'_>, index: usize) -> rusqlite::Result<User> {
    Ok(User {
        id: id::<UserId>(row, index)?,
        name: row.get(index + 1)?,
    })
}

pub(crate) fn id<T: TryFrom<String>>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    T::try_from(row.get(index)?).map_err(|_| unreadable(index))
}

pub(crate) fn json<T: for<'de> Deserialize<'de>>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<T> {
    let text = row
        .get_ref(index)?
        .as_str()
        .map_err(|_| unreadable(index))?;
    serde_json::from_str(text).map_err(|_| unreadable(index))
}

/// A column holds what we never write.
fn unreadable(index: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        index,
        Type::Text,
        Box::new(FromSqlError::InvalidType),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_bits() {
        for number in [0, 1, u64::MAX >> 1, 1 << 63, u64::MAX] {
            assert_eq!(bits(number).cast_unsigned(), number);
        }
        assert_eq!(bound(u64::MAX), i64::MAX);
    }

    #[test]
    fn a_checksum_tells_rows_apart() {
        let id = |text: &str| DocumentId::try_from(text).unwrap();
        let sums = [
            checksum(&id("a"), 1, b"x"),
            checksum(&id("a"), 1, b"y"),
            checksum(&id("a"), 2, b"x"),
            checksum(&id("b"), 1, b"x"),
        ];
        let distinct: std::collections::BTreeSet<_> = sums.iter().collect();
        assert_eq!(distinct.len(), sums.len());
    }

    #[test]
    fn content_of_before_is_still_read() {
        let id = DocumentId::try_from("d").unwrap();
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        let text = codec::content::to_json(&Document::new()).to_string();
        encoder.write_all(text.as_bytes()).unwrap();
        let bytes = encoder.finish().unwrap();
        let sum = checksum(&id, 1, &bytes);
        assert_eq!(decode_content(&id, 1, &bytes, sum), Some(Document::new()));
    }

    #[test]
    fn damaged_content_is_noticed() {
        let id = DocumentId::try_from("d").unwrap();
        let good = encode_content(&Document::new());
        let sum = checksum(&id, 1, &good);
        assert_eq!(decode_content(&id, 1, &good, sum), Some(Document::new()));
        assert_eq!(decode_content(&id, 2, &good, sum), None);
        for byte in 0..good.len() {
            let mut bad = good.clone();
            bad[byte] ^= 1;
            assert_eq!(decode_content(&id, 1, &bad, sum), None);
        }
    }
}
