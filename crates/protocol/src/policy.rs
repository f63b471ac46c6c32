//! Policies and the conflicts they decide, as they are stored and told.

use coboard_ot::{self as ot, PathPattern, Policy};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::Fields;
use crate::id::OperationId;

const WORDS: [(Policy, &str); 8] = [
    (Policy::Lww, "lww"),
    (Policy::First, "first"),
    (Policy::Reject, "reject"),
    (Policy::Manual, "manual"),
    (Policy::DeleteWins, "delete_wins"),
    (Policy::Bounce, "bounce"),
    (Policy::Max, "max"),
    (Policy::Min, "min"),
];

/// A policy by its word on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PolicyWord(pub Policy);

impl PolicyWord {
    /// The policy of a word.
    pub fn parse(word: &str) -> Option<Self> {
        let (policy, _) = WORDS.iter().find(|(_, name)| *name == word)?;
        Some(Self(*policy))
    }

    /// The word.
    pub fn as_str(self) -> &'static str {
        let found = WORDS.iter().find(|(policy, _)| *policy == self.0);
        found.map_or("", |(_, word)| word)
    }
}

impl Serialize for PolicyWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PolicyWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        let word = json.as_str().and_then(Self::parse);
        word.ok_or_else(|| D::Error::custom("unknown word"))
    }
}

/// A rule of a dashboard: the policy of the paths that a pattern stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathPolicy {
    /// Which paths.
    pub path: PathPattern,
    /// What decides there.
    pub policy: Policy,
}

impl Serialize for PathPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::json!({"path": self.path.as_str(), "policy": PolicyWord(self.policy).as_str()})
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PathPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let path: String = fields.required("path")?;
        let PolicyWord(policy) = fields.required("policy")?;
        Ok(Self {
            path: PathPattern::parse(&path).map_err(D::Error::custom)?,
            policy,
        })
    }
}

/// A conflict as it stands in the log.
#[derive(Clone, PartialEq, Debug)]
pub struct Conflict {
    /// What met, and which of the two stands.
    pub record: ot::Conflict,
    /// The policy that decided, if it was another than last writer wins.
    pub policy: Option<Policy>,
    /// The operation that carries the record and the one it met. `None` if the other is not known,
    /// for example because it is older than the base.
    pub operations: Option<[OperationId; 2]>,
}
