//! Programs from outside: found, checked, and installed where that is allowed.
//!
//! Only on Debian as root is anything installed, and each time the command is printed first.

use crate::process::{output, run, step};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// The oldest Node releases that Vite accepts, in each of their lines.
const NODE_20_MINOR_MIN: u32 = 19;
const NODE_22_MINOR_MIN: u32 = 12;

/// Checks Node and npm.
///
/// # Errors
/// Names what is missing and where it comes from.
pub(crate) fn node() -> Result<()> {
    let Some(version) = output("node", &["--version"]) else {
        bail!(
            "`node` is not installed; Coboard needs Node 20.19 or later, from https://nodejs.org"
        );
    };
    if !node_is_enough(&version) {
        bail!("`node` is {version}; Coboard needs 20.19 or later, or 22.12 or later");
    }
    if output("npm", &["--version"]).is_none() {
        bail!("`npm` is not installed; it usually comes with Node");
    }
    Ok(())
}

fn node_is_enough(version: &str) -> bool {
    let mut parts = version
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    match (parts.next(), parts.next()) {
        (Some(20), Some(minor)) => minor >= NODE_20_MINOR_MIN,
        (Some(22), Some(minor)) => minor >= NODE_22_MINOR_MIN,
        (Some(major), Some(_)) => major > 22,
        _ => false,
    }
}

/// Whether packages may be installed here: Debian or a relative of it, as root.
pub(crate) fn may_install() -> bool {
    Path::new("/etc/debian_version").exists()
        && output("id", &["-u"]).as_deref() == Some("0")
        && output("apt-get", &["--version"]).is_some()
}

/// Installs Debian packages.
///
/// # Errors
/// When apt-get fails.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    step(&format!("apt-get install {}", packages.join(" ")), || {
        run(apt_get(&["update", "-qq"]))?;
        let mut arguments = vec!["install", "-qq", "-y", "--no-install-recommends"];
        arguments.extend(packages);
        run(apt_get(&arguments))
    })
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(["-o", "Dpkg::Use-Pty=0"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The browser for the tests: `$CHROMIUM`, else the first of the usual names, else installed.
///
/// # Errors
/// When there is none and none may be installed.
pub(crate) fn chromium() -> Result<String> {
    if let Ok(path) = std::env::var("CHROMIUM") {
        return Ok(path);
    }
    let find = || {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        names.into_iter().find_map(|name| output("which", &[name]))
    };
    if let Some(path) = find() {
        return Ok(path);
    }
    if may_install() {
        install(&["chromium"])?;
    }
    match find() {
        Some(path) => Ok(path),
        None => {
            bail!("no Chromium: install one (Debian: apt-get install chromium) or set CHROMIUM")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions() {
        for enough in ["v20.19.0", "v20.20.2", "v22.12.0", "v24.0.1"] {
            assert!(node_is_enough(enough), "{enough}");
        }
        for old in ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", "", "weird"] {
            assert!(!node_is_enough(old), "{old}");
        }
    }
}
