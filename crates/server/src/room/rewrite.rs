//! Another version of a dashboard, brought by somebody who has no session.

use coboard_engine::room::restore_parts;
use coboard_protocol::codec;
use coboard_protocol::limits::{COMPONENTS_PER_OPERATION_MAX, OPERATION_BYTES_MAX};
use coboard_protocol::ot::{Components, Document};
use coboard_protocol::{ErrorBody, ErrorCode, Meta, Revision};
use coboard_storage::Assigned;

use super::write::{IDS_PER_CHANGE, View};

/// Makes the components of a change, from the document it was made on and new ids.
pub(crate) type Make =
    Box<dyn FnOnce(&Document, &mut dyn FnMut() -> u64) -> Result<Components, ErrorBody> + Send>;

/// What the change was made on.
pub(crate) enum Since {
    /// The head, whatever it is.
    Head,
    /// The head, which must be this revision.
    Exactly(Revision),
    /// A former version. What was committed since merges with the change.
    Former(View),
}

/// A change that is worked out when its turn comes.
pub(crate) struct Rewrite {
    pub(crate) since: Since,
    pub(crate) make: Make,
    pub(crate) meta: Meta,
}

/// A change that is worked out.
pub(super) struct Made {
    pub(super) base: Revision,
    pub(super) exact: bool,
    pub(super) parts: Vec<Components>,
    pub(super) first_sequence: u64,
    pub(super) last_sequence: u64,
    pub(super) meta: Meta,
}

impl Rewrite {
    /// Works the change out. New ids are made of the server's client number and of the sequences
    /// that its operations take; as many are skipped as the ids need.
    pub(super) fn made(
        self,
        server: Assigned,
        head: impl FnOnce() -> View,
    ) -> Result<Made, ErrorBody> {
        let (view, exact) = match self.since {
            Since::Head => (head(), false),
            Since::Exactly(revision) => {
                let head = head();
                if head.revision != revision {
                    let message = "the dashboard has changed since";
                    let error = ErrorBody::new(ErrorCode::RevOld, message);
                    return Err(error.with("base", revision).with("head", head.revision));
                }
                (head, true)
            }
            Since::Former(view) => (view, false),
        };
        let next = server.last_sequence + 1;
        let mut counter = next * IDS_PER_CHANGE;
        let components = (self.make)(&view.document, &mut || {
            counter += 1;
            (u64::from(server.client_number) << 32) | (counter & u64::from(u32::MAX))
        })?;
        if counter > u64::from(u32::MAX) {
            let message = "the server has no new ids for this dashboard";
            return Err(ErrorBody::new(ErrorCode::DocLimit, message));
        }
        let parts = parts(components)?;
        // The last sequence in the log tells, after a restart, which ids were used.
        let last_sequence =
            (server.last_sequence + parts.len() as u64).max(counter / IDS_PER_CHANGE);
        Ok(Made {
            base: view.revision,
            exact,
            first_sequence: last_sequence + 1 - parts.len() as u64,
            last_sequence,
            parts,
            meta: self.meta,
        })
    }
}

/// One operation, unless it is larger than one may be.
fn parts(components: Components) -> Result<Vec<Components>, ErrorBody> {
    if components.is_empty() {
        return Ok(Vec::new());
    }
    let few = components.len() <= COMPONENTS_PER_OPERATION_MAX;
    if few && codec::components::to_json(&components).to_string().len() <= OPERATION_BYTES_MAX {
        return Ok(vec![components]);
    }
    restore_parts(&components)
}
