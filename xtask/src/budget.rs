//! Sizes of the web build, gzipped, against the committed `web/budget.json`.
//!
//! First load means what a browser must fetch before a dashboard shows: the entry of the
//! application, the chunk of that page, and all that they import statically. It is read from the
//! manifest that Vite writes.

use crate::arguments::Arguments;
use crate::process::root;
use crate::wasm;
use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

/// `cargo xtask budget`
///
/// # Errors
/// When something is over its budget or has not been built.
pub(crate) fn task(arguments: &Arguments) -> Result<()> {
    arguments.finish()?;
    check()
}

/// Prints each size beside its budget.
///
/// # Errors
/// When something is over its budget or has not been built.
pub(crate) fn check() -> Result<()> {
    let budget = read_json(&root().join("web/budget.json"))?;
    let dist = root().join("web/app/dist");
    let manifest = read_json(&dist.join(".vite/manifest.json"))?;
    let mut script_bytes = 0;
    for file in first_load(&manifest, &page(&budget)?)? {
        script_bytes += gzip_bytes(&dist.join(file))?;
    }
    let sizes = [
        (
            "wasm_gzip_bytes_max",
            "core (wasm)",
            gzip_bytes(&wasm::module())?,
        ),
        (
            "first_load_script_gzip_bytes_max",
            "first load (JavaScript)",
            script_bytes,
        ),
    ];
    let mut over = false;
    for (key, name, bytes) in sizes {
        let max = budget[key]
            .as_u64()
            .with_context(|| format!("web/budget.json lacks {key}"))?;
        let share = bytes * 100 / max.max(1);
        println!("    size: {name} {bytes} bytes gzipped of {max} ({share} %)");
        over |= bytes > max;
    }
    if over {
        bail!("the web build is over the budget of web/budget.json");
    }
    Ok(())
}

/// The source of the page that shows a dashboard.
fn page(budget: &Value) -> Result<String> {
    let page = budget["first_load_page"].as_str();
    Ok(page
        .context("web/budget.json lacks first_load_page")?
        .to_owned())
}

/// The scripts of the entry, of the page and of all their static imports.
fn first_load(manifest: &Value, page: &str) -> Result<BTreeSet<String>> {
    let chunks = manifest
        .as_object()
        .context("Vite's manifest is not an object")?;
    let mut waiting: Vec<&str> = chunks
        .iter()
        .filter(|(_, chunk)| chunk["isEntry"] == true)
        .map(|(key, _)| key.as_str())
        .collect();
    if waiting.is_empty() {
        bail!("Vite's manifest has no entry");
    }
    waiting.push(page);
    let mut seen = BTreeSet::new();
    let mut files = BTreeSet::new();
    while let Some(key) = waiting.pop() {
        if !seen.insert(key) {
            continue;
        }
        let chunk = chunks
            .get(key)
            .with_context(|| format!("Vite's manifest lacks {key}"))?;
        files.extend(chunk["file"].as_str().map(str::to_owned));
        let imports = chunk["imports"].as_array().into_iter().flatten();
        waiting.extend(imports.filter_map(Value::as_str));
    }
    Ok(files)
}

fn gzip_bytes(path: &Path) -> Result<u64> {
    let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&content)?;
    Ok(encoder.finish()?.len() as u64)
}

fn read_json(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_load_follows_static_imports_only() {
        let manifest = serde_json::json!({
            "index.html": {"file": "a.js", "isEntry": true, "imports": ["_b.js"], "dynamicImports": ["lazy.ts"]},
            "_b.js": {"file": "b.js", "imports": ["_c.js", "index.html"]},
            "_c.js": {"file": "c.js"},
            "lazy.ts": {"file": "lazy.js", "isDynamicEntry": true, "imports": ["_c.js"]},
            "page.tsx": {"file": "page.js", "isDynamicEntry": true, "imports": ["_c.js"]},
        });
        let files = first_load(&manifest, "page.tsx").unwrap();
        let files: Vec<String> = files.into_iter().collect();
        assert_eq!(files, ["a.js", "b.js", "c.js", "page.js"]);
    }

    #[test]
    fn a_manifest_without_entry_is_refused() {
        assert!(first_load(&serde_json::json!({}), "page.tsx").is_err());
    }
}
