-- Documents, their logs and what lists show of them.
-- Revisions, sequences, fingerprints and times are unsigned 64-bit numbers, stored as the same 64 bits.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A deleted document keeps its rows; its id is never given again.
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES users (id),
    deleted_at_ms INTEGER,
    deleted_by TEXT REFERENCES users (id)
) STRICT, WITHOUT ROWID;

-- The entry as JSON text. The checksum covers the key and the text.
CREATE TABLE log (
    document_id TEXT NOT NULL REFERENCES documents (id),
    revision INTEGER NOT NULL,
    entry TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (document_id, revision)
) STRICT, WITHOUT ROWID;

-- Outlives the log: an operation is applied once, for ever.
CREATE TABLE operation_ids (
    document_id TEXT NOT NULL REFERENCES documents (id),
    client_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    PRIMARY KEY (document_id, client_id, sequence)
) STRICT, WITHOUT ROWID;

-- Binds a client to its user, and gives it the number that ids of items are made of.
CREATE TABLE document_clients (
    document_id TEXT NOT NULL REFERENCES documents (id),
    client_id TEXT NOT NULL,
    client_number INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (document_id, client_id),
    UNIQUE (document_id, client_number)
) STRICT, WITHOUT ROWID;

-- The content as JSON text, compressed with zlib. The checksum covers the key and the compressed bytes.
CREATE TABLE snapshots (
    document_id TEXT NOT NULL REFERENCES documents (id),
    revision INTEGER NOT NULL,
    content BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (document_id, revision)
) STRICT, WITHOUT ROWID;

-- The catalogue: derived from the documents, in the same transaction. Tags and preview are JSON text.
CREATE TABLE dashboards (
    document_id TEXT PRIMARY KEY REFERENCES documents (id),
    title TEXT NOT NULL,
    folder TEXT NOT NULL,
    tags TEXT NOT NULL,
    preview TEXT NOT NULL,
    widget_count INTEGER NOT NULL,
    search_text TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    updated_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX dashboards_by_change ON dashboards (updated_at_ms DESC, document_id);
