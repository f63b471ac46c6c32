//! The policies of a dashboard.

use serde::Serialize;

use crate::id::{DocumentId, User};
use crate::object;
use crate::policy::PathPolicy;

/// `policies_changed`: from now on other policies hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PoliciesChanged {
    /// Which document.
    pub document: DocumentId,
    /// All of them; the first that matches decides.
    pub policies: Vec<PathPolicy>,
    /// Who changed them.
    pub author: User,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

object!(PoliciesChanged {
    document: required,
    policies: required,
    author: required,
    at_ms: required
});
