//! Each source file on its own: its name, its head, its white space, its long functions.

use crate::process::root;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: &[&str] = &[
    "crates", "xtask", "fuzz", "web", "docs", ".ci", ".config", "vectors",
];
/// Generated, installed or built.
const SKIPPED: &[&str] = &[
    "node_modules",
    "dist",
    "core",
    "generated",
    "shots",
    "target",
    "corpus",
    "artifacts",
];
/// Languages whose files must begin with a doc line, and how it begins.
const HEADS: &[(&str, &str)] = &[
    ("rs", "//!"),
    ("ts", "/**"),
    ("tsx", "/**"),
    ("mts", "/**"),
    ("mjs", "/**"),
    ("js", "/**"),
    ("cjs", "/**"),
    ("py", "\"\"\""),
];
/// Other files whose lines are looked at.
const PLAIN: &[&str] = &["toml", "md", "css", "html", "yml"];
const FUNCTION_LINES_MAX: usize = 70;

/// One line for each fault; prints long functions on the way.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn faults() -> Result<Vec<String>> {
    let root = root();
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut faults = Vec::new();
    for file in files {
        let extension = file
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let head = HEADS.iter().find(|(language, _)| *language == extension);
        if head.is_none() && !PLAIN.contains(&extension.as_str()) {
            continue;
        }
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file
            .strip_prefix(&root)
            .unwrap_or(&file)
            .display()
            .to_string();
        if name.ends_with("/mod.rs") {
            faults.push(format!("{name}: `foo.rs` beside `foo/`, no mod.rs"));
        }
        if let Some((_, head)) = head {
            if !name.ends_with(".d.ts") && !has_head(&text, head) {
                faults.push(format!(
                    "{name}:1: a doc line ({head}) must say what this file is"
                ));
            }
            for (line, function, count) in long_functions(&text) {
                println!("    look again: {name}:{line} {function} has {count} lines");
            }
        }
        faults.extend(trailing(&text).map(|line| format!("{name}:{line}: white space at the end")));
    }
    Ok(faults)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let path = entry.path();
        if !path.is_dir() {
            files.push(path);
        } else if !is_skipped(folder, &name.to_string_lossy()) {
            collect(&path, files)?;
        }
    }
    Ok(())
}

/// `core` is generated only directly in `web/client`; elsewhere it is a name like any other.
fn is_skipped(folder: &Path, name: &str) -> bool {
    SKIPPED.contains(&name) && (name != "core" || folder.ends_with("web/client"))
}

fn has_head(text: &str, head: &str) -> bool {
    let mut lines = text.lines().skip_while(|line| line.starts_with("#!/"));
    lines.next().is_some_and(|line| line.starts_with(head))
}

fn trailing(text: &str) -> impl Iterator<Item = usize> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.ends_with([' ', '\t', '\r']))
        .map(|(index, _)| index + 1)
}

/// Line, name and length of each function over the limit, judged by its indentation.
fn long_functions(text: &str) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, &str)> = None;
    for (index, line) in text.lines().enumerate() {
        let code = line.trim_start();
        let indentation = &line[..line.len() - code.len()];
        match &open {
            None => {
                if let Some(name) = function_name(code) {
                    open = (!code.ends_with([';', '}'])).then_some((index, name, indentation));
                }
            }
            Some((start, name, outer)) if indentation == *outer && code.starts_with('}') => {
                let count = index - start + 1;
                if count > FUNCTION_LINES_MAX {
                    found.push((start + 1, name.clone(), count));
                }
                open = None;
            }
            Some(_) => {}
        }
    }
    found
}

fn function_name(code: &str) -> Option<String> {
    const BEFORE: &[&str] = &[
        "pub",
        "pub(crate)",
        "pub(super)",
        "const",
        "async",
        "unsafe",
        "export",
        "default",
    ];
    let mut words = code
        .split_whitespace()
        .skip_while(|word| BEFORE.contains(word));
    if !matches!(words.next()?, "fn" | "function") {
        return None;
    }
    let name = words.next()?;
    let end = name.find(['(', '<']).unwrap_or(name.len());
    Some(name[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        assert!(has_head("//! What it is.\n", "//!"));
        assert!(has_head("#!/usr/bin/env node\n/** What it is. */\n", "/**"));
        assert!(!has_head("use std::fs;\n", "//!"));
        assert!(!has_head("", "//!"));
    }

    #[test]
    fn long_functions_are_found_by_name() {
        let body = "        work();\n".repeat(FUNCTION_LINES_MAX);
        let text = format!(
            "impl A {{\n    pub(crate) fn long<T>(a: T) {{\n{body}    }}\n    fn short() {{}}\n}}\n"
        );
        let found = long_functions(&text);
        assert_eq!(found, [(2, "long".to_owned(), FUNCTION_LINES_MAX + 2)]);
    }

    #[test]
    fn white_space_at_the_end_is_found() {
        assert_eq!(trailing("a\nb \nc\t\n").collect::<Vec<_>>(), [2, 3]);
    }
}
