//! Where a server keeps its data: what the commands that find it there agree on.

use std::path::{Path, PathBuf};

/// The data directory, unless another is named.
pub(crate) const DIRECTORY: &str = "./coboard-data";
/// The database within it.
const DATABASE: &str = "coboard.sqlite";

/// The database in `directory`.
pub(crate) fn database(directory: &Path) -> PathBuf {
    directory.join(DATABASE)
}
