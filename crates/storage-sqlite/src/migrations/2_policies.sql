-- The policies of a document, as a JSON array in their order. No row: none.
CREATE TABLE policies (
    document_id TEXT PRIMARY KEY REFERENCES documents (id),
    policies TEXT NOT NULL
) STRICT, WITHOUT ROWID;
