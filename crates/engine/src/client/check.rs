//! Whether the committed document is the server's: compared by hash whenever a beacon names one
//! for the very revision this client is at.
//!
//! A client that differs says so and takes the document anew. Its own operations stay: they were
//! made on the revision it was at, so nothing up to there moves them again; nor the steps of undo,
//! which go only if the snapshot is newer than that. The view is shown anew once it is there.

use coboard_ot::DocumentHash;
use coboard_protocol::Revision;
use coboard_protocol::message::Composed;

use super::{Client, Output};
use crate::time::Time;

#[derive(Debug, Default)]
pub(super) struct Check {
    /// A hash of the server's, until this client is at its revision.
    expected: Option<(Revision, String)>,
    /// The revision that was compared last.
    compared: Option<Revision>,
    /// Whether the comparison before failed: taking the document anew once more would not help.
    failed: bool,
    /// The revision at which this client differed, until it has the document anew.
    renewing: Option<Revision>,
    /// The own operations stand on this revision, though the document may not be there yet.
    rebased_to: Revision,
    /// How often this client differed.
    divergences: u32,
}

impl Check {
    /// The revision at which the document was found to differ, if it is to be taken anew.
    pub(super) fn renewing(&self) -> Option<Revision> {
        self.renewing
    }

    /// The document was taken anew; before, this client was at `revision`, and there the own
    /// operations and the steps of undo stand, or further on. Only another history lets them move
    /// over everything that comes.
    pub(super) fn renewed(&mut self, revision: Revision, lineage_changed: bool) {
        self.compared = None;
        self.renewing = None;
        self.rebased_to = if lineage_changed {
            0
        } else {
            self.rebased_to.max(revision)
        };
    }

    /// A hash that was told before says nothing any more: the next server may have another history.
    pub(super) fn disconnected(&mut self) {
        self.expected = None;
    }

    /// Whether the own operations stand on `revision` or a later one already.
    pub(super) fn is_rebased_over(&self, revision: Revision) -> bool {
        revision <= self.rebased_to
    }

    /// The revision that the own operations stand on, of a document at `revision`.
    pub(super) fn stands_on(&self, revision: Revision) -> Revision {
        self.rebased_to.max(revision)
    }

    /// Whether the own operations stand on something between the ends of a segment.
    pub(super) fn is_split_by(&self, segment: &Composed) -> bool {
        segment.from < self.rebased_to && self.rebased_to < segment.to
    }

    /// Whether the own operations stand on what is not there yet.
    ///
    /// The view stays as it was until it is: edits that are made meanwhile stand there as well.
    pub(super) fn is_behind(&self, revision: Revision) -> bool {
        revision < self.rebased_to
    }
}

impl Client {
    /// How often the committed document was found to differ from the server's.
    pub fn divergences(&self) -> u32 {
        self.check.divergences
    }

    pub(super) fn expect_hash(&mut self, revision: Revision, hash: Option<String>) {
        if let Some(hash) = hash {
            self.check.expected = Some((revision, hash));
        }
    }

    /// Compares, if the server's hash of this very revision is known.
    pub(super) fn compare(&mut self, now: Time) {
        // Before the join is answered, nobody knows whether the document is of the server's history.
        let joined = self.loaded && self.link.session().is_some();
        let resting = joined && self.fetching.is_none() && self.check.renewing.is_none();
        let Some((revision, hash)) = self
            .check
            .expected
            .take_if(|(revision, _)| *revision <= self.revision)
            .filter(|_| resting)
        else {
            return;
        };
        if revision < self.revision || self.check.compared == Some(revision) {
            return;
        }
        self.check.compared = Some(revision);
        let differs = DocumentHash::of(&self.committed).to_string() != hash;
        let failed = std::mem::replace(&mut self.check.failed, differs);
        if !differs {
            return;
        }
        self.check.divergences += 1;
        self.outputs.push_back(Output::Diverged { revision });
        if !failed {
            self.check.renewing = Some(revision);
            self.rejoin_after(now, 0);
        }
    }
}
