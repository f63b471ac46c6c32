//! What a crate must never reach, directly or through others, and the few that one may reach at all.
//!
//! Read from `cargo tree -p CRATE -e normal`: what a crate needs to be built, without its tests.
//! The whole tree is read once for each crate and searched by name. (Asking `cargo tree -i NAME`
//! for each pair would take a minute, and would pass when a name is ambiguous.)

use crate::process::cargo;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;

/// Runtimes, sockets and HTTP.
const NETWORK: &[&str] = &[
    "tokio",
    "hyper",
    "axum",
    "socketioxide",
    "engineioxide",
    "reqwest",
    "ureq",
    "mio",
];
const DATABASES: &[&str] = &[
    "rusqlite",
    "libsqlite3-sys",
    "sqlx",
    "tokio-postgres",
    "redis",
];
/// Sources of time and chance.
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "futures-util",
    "rand",
    "getrandom",
    "fastrand",
    "chrono",
    "time",
    "web-time",
];
const OURS_ABOVE_PROTOCOL: &[&str] = &[
    "coboard-activity",
    "coboard-adapters",
    "coboard-engine",
    "coboard-storage",
    "coboard-storage-sqlite",
    "coboard-server",
    "coboard-cli",
    "coboard-client",
    "coboard-wasm",
    "coboard-testkit",
    "coboard-sim",
    "coboard-soak",
    "coboard-bench",
];
const STORAGES: &[&str] = &["coboard-storage", "coboard-storage-sqlite"];

/// A crate and the groups of names that must be absent below it.
const RULES: &[(&str, &[&[&str]])] = &[
    (
        "coboard-ot",
        &[
            OURS_ABOVE_PROTOCOL,
            NETWORK,
            DATABASES,
            IMPURE,
            &[
                "coboard-layout",
                "coboard-protocol",
                "serde",
                "serde_core",
                "serde_json",
            ],
        ],
    ),
    (
        "coboard-layout",
        &[
            OURS_ABOVE_PROTOCOL,
            NETWORK,
            DATABASES,
            IMPURE,
            &["coboard-protocol", "serde", "serde_core", "serde_json"],
        ],
    ),
    (
        "coboard-protocol",
        &[OURS_ABOVE_PROTOCOL, NETWORK, DATABASES, IMPURE],
    ),
    (
        "coboard-activity",
        &[
            STORAGES,
            NETWORK,
            DATABASES,
            IMPURE,
            &[
                "coboard-adapters",
                "coboard-engine",
                "coboard-server",
                "coboard-client",
                "coboard-testkit",
            ],
        ],
    ),
    (
        "coboard-adapters",
        &[
            STORAGES,
            NETWORK,
            DATABASES,
            IMPURE,
            &[
                "coboard-engine",
                "coboard-server",
                "coboard-client",
                "coboard-testkit",
            ],
        ],
    ),
    (
        "coboard-engine",
        &[
            STORAGES,
            NETWORK,
            DATABASES,
            IMPURE,
            &[
                "coboard-server",
                "coboard-client",
                "coboard-testkit",
                "async-trait",
            ],
        ],
    ),
    (
        "coboard-storage",
        &[
            DATABASES,
            &[
                "coboard-engine",
                "coboard-server",
                "coboard-client",
                "coboard-testkit",
            ],
        ],
    ),
    (
        "coboard-storage-sqlite",
        &[&[
            "coboard-engine",
            "coboard-server",
            "coboard-client",
            "coboard-testkit",
            "axum",
        ]],
    ),
    (
        "coboard-server",
        &[&[
            "coboard-storage-sqlite",
            "coboard-wasm",
            "coboard-client",
            "coboard-testkit",
            "coboard-sim",
        ]],
    ),
    (
        "coboard-cli",
        &[&["coboard-wasm", "coboard-testkit", "coboard-sim"]],
    ),
    (
        "coboard-client",
        &[STORAGES, DATABASES, &["coboard-server", "coboard-wasm"]],
    ),
    (
        "coboard-soak",
        &[STORAGES, &["coboard-server", "coboard-wasm", "coboard-sim"]],
    ),
    (
        "coboard-wasm",
        &[
            STORAGES,
            DATABASES,
            NETWORK,
            &["coboard-activity", "coboard-server", "coboard-client"],
        ],
    ),
    (
        "coboard-testkit",
        &[
            STORAGES,
            &["coboard-engine", "coboard-server", "coboard-client"],
        ],
    ),
    (
        "coboard-sim",
        &[&[
            "coboard-server",
            "coboard-client",
            "coboard-storage-sqlite",
            "hyper",
            "axum",
            "ureq",
        ]],
    ),
    (
        "coboard-bench",
        &[
            STORAGES,
            NETWORK,
            DATABASES,
            &["coboard-server", "coboard-client", "coboard-wasm"],
        ],
    ),
    ("xtask", &[OURS_ABOVE_PROTOCOL]),
];

/// All that the algebra may be made of, procedural macros included: it is linked into everything.
const ONLY: (&str, &[&str]) = (
    "coboard-ot",
    &[
        "proc-macro2",
        "quote",
        "siphasher",
        "syn",
        "thiserror",
        "thiserror-impl",
        "triomphe",
        "unicode-ident",
    ],
);

/// One line for each forbidden name that was found.
///
/// # Errors
/// When cargo cannot say what a crate needs.
pub(super) fn faults() -> Result<Vec<String>> {
    let (name, allowed) = ONLY;
    let mut faults: Vec<String> = tree(name)?
        .into_iter()
        .filter(|found| !allowed.contains(&found.as_str()))
        .map(|found| format!("{name} may not need {found}: see ONLY in tidy/absence.rs"))
        .collect();
    for (name, groups) in RULES {
        let present = tree(name)?;
        let forbidden: BTreeSet<&str> = groups
            .iter()
            .flat_map(|group| group.iter().copied())
            .collect();
        for absent in forbidden {
            if present.contains(absent) {
                faults.push(format!(
                    "{name} must not reach {absent}: cargo tree -p {name} -e normal -i {absent}"
                ));
            }
        }
    }
    Ok(faults)
}

/// The names of all packages that the crate needs.
fn tree(name: &str) -> Result<BTreeSet<String>> {
    let arguments = [
        "tree", "-p", name, "-e", "normal", "--prefix", "none", "--format", "{p}",
    ];
    let output = cargo(&arguments)
        .output()
        .context("cannot start `cargo tree`")?;
    if !output.status.success() {
        bail!(
            "cargo tree -p {name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.lines().filter_map(|line| line.split(' ').next());
    Ok(names
        .filter(|found| *found != name)
        .map(str::to_owned)
        .collect())
}
