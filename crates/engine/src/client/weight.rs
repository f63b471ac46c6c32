//! How large what a gesture joins may become, without measuring it at each change.

use coboard_ot::Components;
use coboard_protocol::codec::components;

/// Most bytes of JSON that the edits of one gesture make together, as one operation or as one step of
/// undo. So few that joining meets no limit, neither that of an operation nor that of a text and its
/// parts: the server would refuse all of it, after each edit was accepted here. What is more goes into
/// a next one.
const JOINED_BYTES_MAX: usize = 24 * 1024;

/// Bytes of JSON of something that grows by joining: never less than it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight(usize);

impl Weight {
    /// Of something with so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Of something that is measured when it is first joined.
    pub(super) fn unknown() -> Self {
        Self(JOINED_BYTES_MAX)
    }

    /// Takes `bytes` more in, and says whether that is within the bound. Often the same cell is written
    /// again, so where the sum is too much `joined` is made and measured; then not before as much
    /// has come again.
    pub(super) fn takes(&mut self, bytes: usize, joined: impl FnOnce() -> Components) -> bool {
        let sum = self.0.saturating_add(bytes);
        if sum <= JOINED_BYTES_MAX {
            self.0 = sum;
            return true;
        }
        let measured = bytes_of(&joined());
        let takes = measured <= JOINED_BYTES_MAX / 2;
        if takes {
            self.0 = measured;
        }
        takes
    }
}

/// Bytes of the JSON of components.
pub(super) fn bytes_of(made: &Components) -> usize {
    components::to_json(made).to_string().len()
}
