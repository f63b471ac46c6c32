//! What there is to do in a run and what goes wrong. Drawn first; in most runs many faults are off.

use coboard_protocol::PathPolicy;

mod draw;
mod json;
mod smaller;

/// Faults of a run and the work in it. The same seed and plan give the same run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Gestures of each client.
    pub people: Vec<usize>,
    /// Tabs of one person: so many clients in a row have the same user.
    pub tabs: usize,
    /// Whether messages travel as JSON. Otherwise they are handed over, which is several times faster.
    pub wire: bool,
    /// Whether people undo and redo. Where they do not, every note must be there in the end.
    pub undo: bool,
    /// Longest pause between two gestures in milliseconds.
    pub pause_ms: usize,
    /// Longest time of a message on its way in milliseconds.
    pub latency_ms: usize,
    /// Longest time of an append in milliseconds.
    pub append_ms: usize,
    /// Whether devices keep what their clients have not sent, so that a tab that ends goes on elsewhere.
    pub kept: bool,
    /// Longest time of a write on a device in milliseconds.
    pub device_ms: usize,
    /// When faults and work end, in milliseconds from the start; without it once all gestures are made.
    pub calm_at_ms: Option<u64>,
    /// How often what goes wrong.
    pub faults: Faults,
    /// The policies of the dashboard. None of the notes: these merge in every run.
    pub policies: Vec<PathPolicy>,
    /// A rule that the world around the engine breaks on purpose.
    pub sabotage: Option<Sabotage>,
}

/// What a run is to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Nothing is lost, doubled or different, whatever happens. Faults go on as long as there is work.
    Safety,
    /// Everybody is at rest in bounded time. Many heavy faults, and all end at once while people work.
    Liveness,
}

/// A rule of the protocol that the world around the engine can break, to see that it is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sabotage {
    /// The server forgets at each start which operations the log has.
    Dedupe,
    /// What a client hears is renumbered so that it always seems to come next.
    Gaps,
    /// A device does not note which numbers its client may use.
    Reserve,
    /// A device forgets what waits when a tab ends.
    Queue,
}

impl Sabotage {
    /// All of them, with their words.
    pub const ALL: [(Self, &str); 4] = [
        (Self::Dedupe, "dedupe"),
        (Self::Gaps, "gaps"),
        (Self::Reserve, "reserve"),
        (Self::Queue, "queue"),
    ];

    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == word);
        found.map(|(sabotage, _)| *sabotage)
    }

    fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(sabotage, _)| *sabotage == self);
        found.map_or("", |(_, name)| name)
    }
}

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal,)*) => {
        /// Something that goes wrong, or somebody outside does.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Fault {
            $($(#[doc = $doc])* $name,)*
        }

        impl Fault {
            /// All of them, with their words.
            pub const ALL: &[(Self, &str)] = &[$((Self::$name, $word)),*];
        }
    };
}

faults! {
    /// A broadcast is lost.
    BroadcastLost = "broadcast_lost",
    /// A request or an answer is lost, on a connection that stays up.
    RequestLost = "request_lost",
    /// A message comes twice.
    Doubled = "doubled",
    /// Messages overtake each other.
    Reorder = "reorder",
    /// A message takes seconds: longer than the connection it was sent on may live.
    Late = "late",
    /// At a gesture the connection of the person breaks.
    Disconnect = "disconnect",
    /// At a gesture the person is cut off for long, at first without noticing.
    Partition = "partition",
    /// At a gesture the person closes the tab and opens a new one, which is another client. What the
    /// device kept of the old one another tab sends.
    Reload = "reload",
    /// At a gesture the server crashes. What was not flushed is lost.
    Crash = "crash",
    /// An append fails and says so.
    AppendFailed = "append_failed",
    /// Nobody knows what became of an append: the process ends.
    AppendUnknown = "append_unknown",
    /// An append takes seconds.
    SlowStorage = "slow_storage",
    /// A snapshot cannot be fetched or stored.
    SnapshotFailed = "snapshot_failed",
    /// At a gesture storage makes a snapshot and forgets the log before some revision.
    Compact = "compact",
    /// At a gesture somebody gets another role.
    Role = "role",
    /// At a gesture the server brings something former back, or another version, or a title.
    Rewrite = "rewrite",
    /// At a gesture the server is restored from a backup: it is behind its clients.
    Rewind = "rewind",
    /// Soon after a gesture the tab ends without a word, and goes on from what the device kept.
    Kill = "kill",
    /// A write on a device takes seconds, and those after it wait.
    SlowDevice = "slow_device",
}

/// The share of each fault, in percent of its occasions.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Faults([usize; Fault::ALL.len()]);

impl Faults {
    /// The share of a fault.
    pub fn percent(&self, fault: Fault) -> usize {
        self.0[fault as usize]
    }

    /// Changes the share of a fault.
    pub fn set(&mut self, fault: Fault, percent: usize) {
        self.0[fault as usize] = percent;
    }
}

impl Plan {
    /// Whether the words of a note can be judged in the end: neither undo nor another history takes
    /// them away, and none was made on something the server no longer knows.
    pub(crate) fn keeps_notes(&self) -> bool {
        let never = |fault| self.faults.percent(fault) == 0;
        !self.undo && never(Fault::Compact) && never(Fault::Rewind)
    }

    /// Gestures of all together.
    pub fn gestures(&self) -> usize {
        self.people.iter().sum()
    }
}
