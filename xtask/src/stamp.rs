//! Remembers the inputs of a step, so that it is skipped when they are the same.

use crate::process::target;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold results or other people's code, never inputs.
const NOT_INPUT: &[&str] = &["node_modules", "dist", "shots", "test", "tests", ".vite"];

/// A hash over the names and contents of files, in a fixed order.
///
/// # Errors
/// When a file cannot be read; a path that does not exist counts as empty.
pub(crate) fn hash(paths: &[PathBuf]) -> Result<String> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort();
    let mut hasher = Sha256::new();
    for file in files {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        hasher.update(file.to_string_lossy().as_bytes());
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    let digest = hasher.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            if !NOT_INPUT.iter().any(|skipped| name == *skipped) {
                collect(&entry.path(), files)?;
            }
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
    Ok(())
}

fn file(name: &str) -> PathBuf {
    target().join("xtask").join(format!("{name}.stamp"))
}

/// Whether the step last ended with these inputs.
pub(crate) fn is_current(name: &str, hash: &str) -> bool {
    fs::read_to_string(file(name)).is_ok_and(|stored| stored == hash)
}

/// Records that the step ended with these inputs.
///
/// # Errors
/// When the stamp cannot be written.
pub(crate) fn record(name: &str, hash: &str) -> Result<()> {
    let file = file(name);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, hash).with_context(|| format!("cannot write {}", file.display()))
}
