//! Reads the command line of a task. Options may be written `--name value` or `--name=value`.

use anyhow::{Context, Result, bail};
use std::collections::VecDeque;
use std::str::FromStr;

/// The arguments not yet taken by the task.
pub(crate) struct Arguments(VecDeque<String>);

impl Arguments {
    /// The arguments of this process, without its name.
    pub(crate) fn from_env() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes the next argument that is not an option.
    pub(crate) fn positional(&mut self) -> Option<String> {
        let first = self.0.front()?;
        if first.starts_with("--") && first != "--help" {
            return None;
        }
        self.0.pop_front()
    }

    /// Takes `--name` if it is present.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let index = self.0.iter().position(|argument| argument == name);
        index.and_then(|index| self.0.remove(index)).is_some()
    }

    /// Takes `--name VALUE` or `--name=VALUE` if it is present.
    ///
    /// # Errors
    /// When the value is missing or does not parse.
    pub(crate) fn option<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let with_equals = format!("{name}=");
        let Some(index) = self
            .0
            .iter()
            .position(|argument| argument == name || argument.starts_with(&with_equals))
        else {
            return Ok(None);
        };
        let argument = self.0.remove(index).unwrap_or_default();
        let text = match argument.strip_prefix(&with_equals) {
            Some(text) => text.to_owned(),
            None => self
                .0
                .remove(index)
                .with_context(|| format!("{name} needs a value"))?,
        };
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => bail!("{name} does not take {text:?}"),
        }
    }

    /// Takes all that is left, for another program.
    pub(crate) fn rest(&mut self) -> impl Iterator<Item = String> {
        self.0.drain(..)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// When an argument is left that the task does not know.
    pub(crate) fn finish(&self) -> Result<()> {
        match self.0.front() {
            Some(left) => bail!("unknown argument {left:?}; `cargo xtask help` lists the tasks"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(list: &[&str]) -> Arguments {
        Arguments(list.iter().map(|&text| text.to_owned()).collect())
    }

    #[test]
    fn options_are_taken_in_any_order() {
        let mut arguments = arguments(&["kill", "--no-open", "--seed=4", "--cycles", "20"]);
        assert_eq!(arguments.positional().as_deref(), Some("kill"));
        assert_eq!(arguments.option::<u32>("--cycles").unwrap(), Some(20));
        assert_eq!(arguments.option::<u64>("--seed").unwrap(), Some(4));
        assert!(arguments.flag("--no-open"));
        arguments.finish().unwrap();
    }

    #[test]
    fn wrong_and_unknown_arguments_are_refused() {
        assert!(arguments(&["--cycles"]).option::<u32>("--cycles").is_err());
        assert!(
            arguments(&["--cycles", "x"])
                .option::<u32>("--cycles")
                .is_err()
        );
        assert!(arguments(&["--what"]).finish().is_err());
    }
}
