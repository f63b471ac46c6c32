//! Widgets make way for what an operation puts on their place.

use coboard_layout::settle;
use coboard_ot::{Components, Document, compose};

/// The operation with the corrections that leave no widget on another that it touched.
///
/// They are part of what is committed: everybody applies them, they can be undone, and no client
/// needs to know the rule. The first entry of a dashboard does not come this way, so what was
/// imported stays as it was until somebody moves something.
/// Cost: see [`settle`]; nothing for an operation that changes no place.
pub(super) fn settled(document: &Document, op: Components) -> Components {
    let corrections = settle(document, &op);
    if corrections.is_empty() {
        return op;
    }
    compose(op, &corrections)
}
