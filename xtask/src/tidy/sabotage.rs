//! Rules that can be switched off must not get into a product: only the tests of `sim` ask for that.

use crate::process::root;
use anyhow::{Context, Result};
use std::fs;

const FEATURE: &str = "sabotage";
/// Where the feature is made, and where it may be asked for.
const ALLOWED: [(&str, &str); 2] = [("engine", "[features]"), ("sim", "[dev-dependencies]")];

/// What is wrong, one line each.
///
/// # Errors
/// When a manifest cannot be read.
pub(super) fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let folder = root().join("crates");
    let crates = fs::read_dir(&folder).context("there are no crates")?;
    for entry in crates {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = fs::read_to_string(entry.path().join("Cargo.toml"))
            .with_context(|| format!("crates/{name} has no manifest"))?;
        faults.extend(of_manifest(&name, &text));
    }
    Ok(faults)
}

fn of_manifest(name: &str, text: &str) -> Vec<String> {
    let mut section = "";
    let mut faults = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        }
        let asks = !line.starts_with('#') && line.contains(FEATURE);
        // The feature itself stands empty, and in no default.
        let allowed = ALLOWED.contains(&(name, section))
            && (section != "[features]" || line == format!("{FEATURE} = []"));
        if asks && !allowed {
            faults.push(format!(
                "crates/{name}/Cargo.toml: {FEATURE} in {section}: {line}"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::of_manifest;

    #[test]
    fn only_tests_of_the_simulation_may_ask_for_it() {
        let asks = "[dev-dependencies]\ncoboard-engine = { features = [\"sabotage\"] }";
        assert!(of_manifest("sim", asks).is_empty());
        assert_eq!(of_manifest("server", asks).len(), 1);
        let product = asks.replace("dev-", "");
        assert_eq!(of_manifest("sim", &product).len(), 1);
        let feature = "[features]\n# sabotage\nsabotage = []";
        assert!(of_manifest("engine", feature).is_empty());
        let usual = format!("{feature}\ndefault = [\"sabotage\"]");
        assert_eq!(of_manifest("engine", &usual).len(), 1);
    }
}
