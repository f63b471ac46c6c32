//! The policies of the dashboard, and what they make of an operation before it is committed.

use coboard_ot::{Case, Components, Decided, Document, Policies, Policy, Winner, rule};
use coboard_protocol::codec::conflicts::to_json;
use coboard_protocol::message::PoliciesChanged;
use coboard_protocol::{
    Conflict, ErrorBody, ErrorCode, Meta, Operation, OperationId, PathPolicy, PolicyWord, User,
};
use serde_json::Value as Json;

use super::Room;
use super::io::Output;
use super::rebase::Past;
use crate::time::Time;

/// Most conflicts in the answer to a refused operation. A guess: enough to show what is in the way.
const REFUSED_CONFLICTS_MAX: usize = 20;

/// What is asked for by name, in the order it was given.
pub(super) fn of_rules(rules: &[PathPolicy]) -> Policies {
    Policies::new(rules.iter().map(|rule| (rule.path.clone(), rule.policy)))
}

/// Rewrites an operation that was brought past everything since its base.
///
/// # Errors
/// [`ErrorCode::Op`] for an atomic operation that loses a part.
pub(super) fn apply(
    policies: &Policies,
    document: &Document,
    past: &mut Past,
    operation: &Operation,
    components: Components,
    conflicts: &mut Vec<Decided>,
) -> Result<Components, ErrorBody> {
    let meta = &operation.meta;
    let case = Case {
        document,
        policies,
        own: own(meta),
    };
    let ruled = rule(&case, &mut past.contest, components, conflicts);
    if meta.atomic {
        let is_lost = |decided: &&Decided| {
            decided.conflict.winner == Winner::Theirs && decided.policy.is_some()
        };
        let lost: Vec<Decided> = conflicts
            .iter()
            .filter(is_lost)
            .take(REFUSED_CONFLICTS_MAX)
            .cloned()
            .collect();
        if !lost.is_empty() {
            return Err(refusal(past, &operation.id, lost));
        }
    }
    past.correct(ruled.back);
    Ok(ruled.components)
}

/// Whether a policy may rule on the operation.
pub(super) fn is_ruled(policies: &Policies, meta: &Meta) -> bool {
    !policies.is_empty() || own(meta) != Policy::Lww
}

/// The conflicts of an operation as they stand in the log.
pub(super) fn records(
    past: Option<&Past>,
    id: &OperationId,
    decided: Vec<Decided>,
) -> Vec<Conflict> {
    let record = |decided: Decided| {
        let theirs = past
            .zip(decided.by)
            .and_then(|(past, by)| past.operation(by));
        Conflict {
            record: decided.conflict,
            policy: decided.policy,
            operations: theirs.map(|theirs| [id.clone(), theirs.clone()]),
        }
    };
    decided.into_iter().map(record).collect()
}

/// The answer to an atomic operation that loses a part.
fn refusal(past: &Past, id: &OperationId, lost: Vec<Decided>) -> ErrorBody {
    let message = "somebody else changed it since, and a policy keeps what they did";
    let conflicts: Vec<Json> = records(Some(past), id, lost).iter().map(to_json).collect();
    ErrorBody::new(ErrorCode::Op, message)
        .with("reason", "policy")
        .with("conflicts", conflicts)
}

fn own(meta: &Meta) -> Policy {
    meta.policy.map_or(Policy::Lww, |PolicyWord(policy)| policy)
}

impl Room {
    /// From now on these rules hold. Everybody in the room is told.
    pub(super) fn set_policies(&mut self, now: Time, rules: Vec<PathPolicy>, author: User) {
        self.policies = of_rules(&rules);
        self.outputs
            .push_back(Output::PoliciesChanged(PoliciesChanged {
                document: self.document_id.clone(),
                policies: rules,
                author,
                at_ms: now.as_ms(),
            }));
    }
}
