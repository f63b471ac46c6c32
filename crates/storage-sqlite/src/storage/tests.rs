//! The contract on a directory.

use coboard_storage::contract::Place;
use tempfile::TempDir;

use super::*;

struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

#[async_trait]
impl Place for Directory {
    async fn open(&self) -> Arc<dyn Storage> {
        Arc::new(SqliteStorage::open(&self.0.path().join("coboard.db")).unwrap())
    }
}

coboard_storage::contract_suite!(Directory::new());
