//! The session: joining, what was missed, and what is asked again when no answer comes.

use coboard_protocol::message::{
    Answer, CatchUp, CatchUpAnswer, CatchUpRequest, Committed, Join, Joined, Known, Reset,
    ResetReason, Segment, Submitted,
};
use coboard_protocol::{ErrorBody, ErrorCode, Retry, Revision, SessionId, Snapshot, limits};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::history::Undo;
use super::{Asked, Asking, Client, Output, Request};
use crate::time::Time;

/// Time an answer may take in milliseconds before the session is renewed. Twice a heartbeat's patience.
const ANSWER_MS_MAX: u64 = 10_000;
/// Time the missing entries of an acknowledged operation may take in milliseconds.
const ENTRY_MS_MAX: u64 = 1_000;
/// Pause before a failed join or fetch is tried again in milliseconds. A guess.
const RETRY_MS: u64 = 1_000;

/// The state of the session.
#[derive(Debug)]
pub(super) enum Link {
    /// No connection.
    Offline,
    /// Connected; a join is on its way, or waits for `retry_at`.
    Joining { retry_at: Option<Time> },
    /// In the room.
    Joined(SessionId),
}

impl Link {
    pub(super) fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Joined(session) => Some(session),
            Self::Offline | Self::Joining { .. } => None,
        }
    }

    pub(super) fn retry_at(&self) -> Option<Time> {
        match self {
            Self::Joining { retry_at } => *retry_at,
            Self::Offline | Self::Joined(_) => None,
        }
    }
}

impl Client {
    pub(super) fn connected(&mut self, now: Time) {
        self.disconnected();
        self.join(now);
    }

    pub(super) fn disconnected(&mut self) {
        self.link = Link::Offline;
        self.requests.clear();
        self.held_back.clear();
        self.catch_up_due = None;
        self.fetching = None;
        self.waits.disconnected();
        self.check.disconnected();
    }

    fn join(&mut self, now: Time) {
        self.requests.clear();
        self.link = Link::Joining { retry_at: None };
        let join = Join {
            document: self.config.document.clone(),
            client: Some(self.config.client.clone()),
            revision: (self.loaded && self.check.renewing().is_none()).then_some(self.revision),
            lineage: self.loaded.then(|| self.lineage.clone()),
            inflight: self.outbox.unsettled_ids(),
            diverged: self.check.renewing(),
        };
        self.ask(now, Asking::Join, Request::Join(join));
    }

    pub(super) fn ask(&mut self, now: Time, kind: Asking, message: Request) {
        let request = self.next_request;
        self.next_request += 1;
        let due = now + ANSWER_MS_MAX;
        self.requests.push(Asked { request, kind, due });
        self.outputs.push_back(Output::Request { request, message });
    }

    pub(super) fn answered(&mut self, now: Time, request: u64, answer: Json) {
        // An answer to a request of a former session says nothing any more.
        let Some(index) = self
            .requests
            .iter()
            .position(|asked| asked.request == request)
        else {
            return;
        };
        let asked = self.requests.swap_remove(index);
        match asked.kind {
            Asking::Join => match decode::<Joined>(answer) {
                Ok(joined) => self.joined(now, joined),
                Err(error) => self.join_failed(now, error),
            },
            Asking::Submit => match decode::<Submitted>(answer) {
                Ok(submitted) => self.submitted(now, submitted.results),
                Err(error) => self.submit_failed(now, error),
            },
            Asking::CatchUp => match decode::<CatchUpAnswer>(answer) {
                Ok(answer) => self.caught_up(now, answer),
                Err(error) => self.catch_up_failed(now, &error),
            },
        }
    }

    fn joined(&mut self, now: Time, joined: Joined) {
        self.ids.client_number = joined.client_number;
        self.head = joined.head;
        self.waits.catch_up_from(self.revision);
        self.outputs.push_back(Output::Session {
            session: joined.session.clone(),
            role: joined.role,
            client_number: joined.client_number,
            presence: joined.presence,
        });
        self.link = Link::Joined(joined.session);
        let reset = joined.reset.as_ref();
        let anew = reset.is_some_and(|reset| reset.reason == ResetReason::LineageChanged);
        for Known { id, revision } in self.outbox.resume(&joined.known, anew) {
            self.outputs.push_back(Output::Ack { id, revision });
        }
        self.refuse_unknown();
        match (joined.catch_up, joined.reset) {
            (Some(page), _) => {
                self.drop_held();
                self.catch_up_page(now, page);
            }
            (None, Some(reset)) => self.reset(reset),
            (None, None) => {
                self.take_held_back();
                self.note_head(now, joined.head);
            }
        }
    }

    fn join_failed(&mut self, now: Time, error: ErrorBody) {
        match error.retry {
            Retry::Never => {
                self.link = Link::Offline;
                self.ended = Some(error.clone());
                self.outputs.push_back(Output::Ended { error });
            }
            Retry::AfterBackoff | Retry::AfterReset => {
                self.link = Link::Joining {
                    retry_at: Some(now + retry_after_ms(&error)),
                };
            }
        }
    }

    fn caught_up(&mut self, now: Time, answer: CatchUpAnswer) {
        match (answer.catch_up, answer.reset) {
            (Some(page), _) => self.catch_up_page(now, page),
            (None, Some(reset)) => self.reset(reset),
            (None, None) => self.catch_up_due = Some(now + RETRY_MS),
        }
    }

    fn catch_up_failed(&mut self, now: Time, error: &ErrorBody) {
        match error.retry {
            // The session is gone, though nobody said so: a new one goes on from here.
            Retry::Never | Retry::AfterReset => self.rejoin_after(now, 0),
            Retry::AfterBackoff => self.catch_up_due = Some(now + retry_after_ms(error)),
        }
    }

    fn catch_up_page(&mut self, now: Time, page: CatchUp) {
        self.take_segments(page.from, page.segments);
        self.take_held_back();
        self.ask_for_missing(now);
    }

    /// The event `committed`: applied strictly by revision; what comes too early is held back.
    pub(super) fn heard(&mut self, now: Time, message: Committed) {
        self.head = self.head.max(message.to);
        let is_hole = message.from > self.revision;
        // Before the answer to the join it may be of another history than what was kept.
        let joined = self.link.session().is_some();
        if is_hole || !joined || !self.loaded || self.fetching.is_some() {
            if self.held_back.len() < limits::HELD_BACK_MAX {
                let index = self
                    .held_back
                    .partition_point(|held| held.from <= message.from);
                self.held_back.insert(index, message);
            }
        } else {
            self.take_message(message);
            self.take_held_back();
        }
        if is_hole || self.revision >= self.head || !self.held_back.is_empty() {
            self.ask_for_missing(now);
        } else {
            // What an Ack told of is on its way: a large run comes in several messages.
            self.catch_up_due = Some(now + ENTRY_MS_MAX);
        }
    }

    fn take_message(&mut self, message: Committed) {
        let entries = message.entries.into_iter();
        let segments = entries.map(|entry| Segment::Entry { entry }).collect();
        self.take_segments(message.from, segments);
    }

    pub(super) fn note_head(&mut self, now: Time, revision: Revision) {
        self.head = self.head.max(revision);
        self.ask_for_missing(now);
    }

    /// An Ack may overtake the entries up to it; they are asked for if they stay away.
    pub(super) fn expect_entries(&mut self, now: Time, revision: Revision) {
        self.head = self.head.max(revision);
        if self.revision < revision && self.catch_up_due.is_none() {
            self.catch_up_due = Some(now + ENTRY_MS_MAX);
        }
    }

    fn take_held_back(&mut self) {
        while self
            .held_back
            .first()
            .is_some_and(|held| held.from <= self.revision)
        {
            let message = self.held_back.remove(0);
            self.take_message(message);
        }
    }

    fn ask_for_missing(&mut self, now: Time) {
        if self.revision >= self.head {
            self.catch_up_due = None;
            return;
        }
        let asking = self
            .requests
            .iter()
            .any(|asked| asked.kind == Asking::CatchUp);
        let (Link::Joined(session), true, false, false) =
            (&self.link, self.loaded, self.fetching.is_some(), asking)
        else {
            return;
        };
        self.catch_up_due = None;
        self.waits.catch_up_from(self.revision);
        let request = CatchUpRequest {
            document: self.config.document.clone(),
            session: session.clone(),
            since: self.revision,
            entries: self.check.is_behind(self.revision),
        };
        self.ask(now, Asking::CatchUp, Request::CatchUp(request));
    }

    fn reset(&mut self, reset: Reset) {
        self.fetching = Some(reset.reason);
        self.outputs.push_back(Output::FetchSnapshot {
            url: reset.snapshot.url,
            etag: reset.snapshot.etag,
        });
    }

    pub(super) fn snapshot_came(&mut self, now: Time, snapshot: Snapshot) {
        let Some(reason) = self
            .fetching
            .filter(|_| snapshot.document == self.config.document)
        else {
            return;
        };
        self.fetching = None;
        let lineage_changed = reason == ResetReason::LineageChanged;
        let renewing = self.check.renewing().is_some();
        if self.loaded && snapshot.revision <= self.revision && !lineage_changed && !renewing {
            // Asked for twice, and this client is beyond it: its queue has moved on as well.
            self.take_held_back();
            self.ask_for_missing(now);
            return;
        }
        self.loaded = true;
        let reached = self.revision.min(self.head);
        self.check.renewed(reached, lineage_changed);
        self.outbox.reset_to(snapshot.revision);
        if lineage_changed || snapshot.revision > self.revision {
            // The steps of undo never met what lies in between.
            self.undo = Undo::default();
        }
        self.keeping.replaced = true;
        self.lineage = snapshot.lineage;
        self.committed = snapshot.content;
        self.revision = snapshot.revision;
        if !self.check.is_behind(self.revision) {
            self.rebuild_view();
            self.tell_everything();
        }
        self.take_held_back();
        self.ask_for_missing(now);
    }

    pub(super) fn snapshot_failed(&mut self, now: Time) {
        if self.fetching.is_some() {
            self.fetching = None;
            self.requests.clear();
            self.link = Link::Joining {
                retry_at: Some(now + RETRY_MS),
            };
        }
    }

    pub(super) fn session_ended(&mut self, now: Time, session: &SessionId, error: ErrorBody) {
        if self.link.session() != Some(session) {
            return;
        }
        if error.code == ErrorCode::NotFound {
            self.link = Link::Offline;
            self.ended = Some(error.clone());
            self.outputs.push_back(Output::Ended { error });
        } else {
            self.join(now);
        }
    }

    /// Leaves the session and enters again: answers what became of everything on its way.
    pub(super) fn rejoin_after(&mut self, now: Time, ms: u64) {
        self.requests.clear();
        self.link = Link::Joining {
            retry_at: Some(now + ms),
        };
    }

    pub(super) fn timed_out(&mut self, now: Time) {
        if self.link.retry_at().is_some_and(|at| at <= now)
            || self.requests.iter().any(|asked| asked.due <= now)
        {
            self.join(now);
        }
        if self.catch_up_due.is_some_and(|due| due <= now) {
            self.catch_up_due = None;
            self.ask_for_missing(now);
        }
        self.outbox.resend_if_due(now);
    }
}

/// The pause that an error asks for, in milliseconds.
pub(super) fn retry_after_ms(error: &ErrorBody) -> u64 {
    error
        .details
        .get("retry_after_ms")
        .and_then(Json::as_u64)
        .unwrap_or(RETRY_MS)
}

fn decode<T: DeserializeOwned>(answer: Json) -> Result<T, ErrorBody> {
    serde_json::from_value::<Answer<T>>(answer)
        .map_err(|_| ErrorBody::new(ErrorCode::Unavailable, "the answer cannot be read"))
        .and_then(Answer::into_result)
}
