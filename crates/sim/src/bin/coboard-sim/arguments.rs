//! What stands on the command line.

use std::str::FromStr;

use coboard_sim::{Mode, Sabotage};

/// The words that nobody has taken yet.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    pub(crate) fn from_env() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// The next word that is no option.
    pub(crate) fn word(&mut self) -> Option<String> {
        let is_word = self.0.first().is_some_and(|word| !word.starts_with("--"));
        is_word.then(|| self.0.remove(0))
    }

    /// Whether an option without value is there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// The value behind an option.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(index) = self.0.iter().position(|word| word == name) else {
            return Ok(None);
        };
        if index + 1 == self.0.len() {
            return Err(format!("{name} wants a value"));
        }
        self.0.remove(index);
        Ok(Some(self.0.remove(index)))
    }

    pub(crate) fn number<T: FromStr>(&mut self, name: &str, usual: T) -> Result<T, String> {
        match self.text(name)? {
            Some(text) => text.parse().map_err(|_| format!("{name} wants a number")),
            None => Ok(usual),
        }
    }

    pub(crate) fn mode(&mut self) -> Result<Mode, String> {
        match self.text("--mode")?.as_deref() {
            None | Some("safety") => Ok(Mode::Safety),
            Some("liveness") => Ok(Mode::Liveness),
            Some(other) => Err(format!("no mode is called {other}")),
        }
    }

    pub(crate) fn sabotage(&mut self) -> Result<Option<Sabotage>, String> {
        let Some(word) = self.text("--sabotage")? else {
            return Ok(None);
        };
        let rule = Sabotage::parse(&word);
        rule.map(Some)
            .ok_or_else(|| format!("no rule is called {word}"))
    }

    /// Everything must be taken.
    pub(crate) fn finish(self) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some(word) => Err(format!("unknown argument {word}")),
        }
    }
}
