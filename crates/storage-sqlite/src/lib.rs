//! Storage on an embedded SQLite database.
