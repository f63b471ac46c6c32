//! Messages of the socket. Each event has one object as its argument, each request one answer.

mod activity;
mod answer;
mod catch_up;
mod devices;
mod head;
mod hello;
mod lobby;
mod policies;
mod presence;
mod session;
mod submit;

pub use activity::{Activity, ActivityEntry, ActivityWanted, Origin, Verb};
pub use answer::Answer;
pub use catch_up::{
    CatchUp, CatchUpAnswer, CatchUpRequest, Committed, Composed, Contribution, Reset, ResetReason,
    Segment, SnapshotPlace,
};
pub use devices::{Devices, OwnConnection, OwnDocument, View};
pub use head::{Head, Ping, Pong};
pub use hello::{Hello, Limits, Welcome};
pub use lobby::{DashboardChanged, DashboardDeleted};
pub use policies::PoliciesChanged;
pub use presence::{
    Audience, PRESENCE_MOTION_KEYS, PRESENCE_VIEWING_KEY, Pace, Presence, PresenceEntry,
    PresencePatch, PresentUser,
};
pub use session::{Join, Joined, Known, Leave, Role, SessionEnded};
pub use submit::{Submit, SubmitResult, Submitted};

/// The version of the protocol this build speaks.
///
/// History: 1 (2026-11) the first.
pub const PROTOCOL_VERSION: u32 = 1;
/// The oldest version this build speaks.
pub const PROTOCOL_VERSION_MIN: u32 = 1;
