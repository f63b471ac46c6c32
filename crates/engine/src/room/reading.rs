//! Requests that need older entries than memory holds.

use coboard_protocol::message::{CatchUpAnswer, ResetReason};
use coboard_protocol::{ErrorBody, ErrorCode, LogEntry, Revision, SessionId};

use super::append::Run;
use super::io::{Answer, KnownOperation, Output, RequestId};
use super::page::Page;
use super::rebase::{Past, TooOld};
use super::replace::Replace;
use super::submit::Submit;
use super::{Room, Turn, no_session};

/// Oldest base, counted back from the head, that is still transformed. Beyond it a client resets.
const BASE_AGE_MAX: Revision = 20_000;
/// Entries that are read from storage at a time for an old base.
const READ_ENTRIES_MAX: usize = 500;

/// Entries since an old base, as far as they are read.
pub(super) type ReadPast = Option<Result<Past, TooOld>>;

/// A request that waits for storage.
#[derive(Debug)]
pub(super) enum Parked {
    /// Somebody missed more than memory holds.
    CatchUp(Missed),
    /// Was made on an old base, or repeats old operations.
    Submit(Submit),
    /// Another version was made on an old base.
    Replace(Replace),
}

/// A catch_up that is being put together.
#[derive(Debug)]
pub(super) struct Missed {
    request: RequestId,
    session: SessionId,
    page: Page,
}

impl Room {
    pub(super) fn catch_up(
        &mut self,
        request: RequestId,
        session: SessionId,
        since: Revision,
        entries: bool,
    ) {
        let Some(client) = self.sessions.get(&session).map(|session| &session.client) else {
            self.answer(request, Answer::CaughtUp(Err(no_session())));
            return;
        };
        let composed_for = (!entries).then(|| client.clone());
        if since > self.revision() {
            self.answer_reset(request, ResetReason::LineageChanged);
            return;
        }
        self.go_on(Missed {
            request,
            session,
            page: Page::new(since, composed_for),
        });
    }

    /// Puts into a page what there is, and reads from storage what is missing.
    fn go_on(&mut self, mut missed: Missed) {
        let page = &mut missed.page;
        if self.fill(page) {
            let catch_up = Some(missed.page.finish());
            let reset = None;
            let answer = Answer::CaughtUp(Ok(CatchUpAnswer { catch_up, reset }));
            self.answer(missed.request, answer);
            return;
        }
        let (request, since) = (missed.request, page.to());
        let limit = self.blocks.entries_wanted(since);
        self.parked.insert(request, Parked::CatchUp(missed));
        self.outputs.push_back(Output::ReadLog {
            request,
            since,
            limit,
        });
    }

    /// Puts into a page what memory holds. False if older entries have to be read first.
    pub(super) fn fill(&mut self, page: &mut Page) -> bool {
        loop {
            if page.is_full() {
                return true;
            }
            if let Some(entries) = self.tail.since(page.to()) {
                page.take(entries, &mut self.blocks);
                return true;
            }
            if !page.take_kept(&self.blocks) {
                return false;
            }
        }
    }

    fn missed_read(&mut self, mut missed: Missed, entries: &[LogEntry]) {
        let before = missed.page.to();
        if !self.sessions.contains_key(&missed.session) {
            self.answer(missed.request, Answer::CaughtUp(Err(no_session())));
            return;
        }
        // What is not answered as durable yet is not told.
        let head = self.revision();
        let durable = entries.iter().filter(|entry| entry.revision <= head);
        missed.page.take(durable, &mut self.blocks);
        if missed.page.to() > before || missed.page.is_full() {
            self.go_on(missed);
        } else if missed.page.is_empty() {
            self.answer_reset(missed.request, ResetReason::TooOld);
        } else {
            let answer = CatchUpAnswer {
                catch_up: Some(missed.page.finish()),
                reset: None,
            };
            self.answer(missed.request, Answer::CaughtUp(Ok(answer)));
        }
    }

    fn answer_reset(&mut self, request: RequestId, reason: ResetReason) {
        let answer = CatchUpAnswer {
            catch_up: None,
            reset: Some(self.reset(reason)),
        };
        self.answer(request, Answer::CaughtUp(Ok(answer)));
    }

    pub(super) fn log_read(&mut self, request: RequestId, entries: Vec<LogEntry>) {
        match self.parked.remove(&request) {
            Some(Parked::CatchUp(missed)) => self.missed_read(missed, &entries),
            Some(Parked::Submit(mut submit)) => {
                read(&mut submit.past, &entries);
                self.waiting.push_front(Turn::Submit(submit));
            }
            Some(Parked::Replace(mut replace)) => {
                read(&mut replace.past, &entries);
                self.waiting.push_front(Turn::Replace(replace));
            }
            None => {}
        }
    }

    /// What operations made on `base` must be brought past: `read`, if something was, and what
    /// memory holds after it. It [is short](Self::is_short) if older entries have to be read first.
    pub(super) fn past_since(
        &self,
        base: Revision,
        read: ReadPast,
        fresh: impl FnOnce() -> Past,
        run: &Run,
    ) -> Result<Past, ErrorBody> {
        let head = self.revision();
        if base > head {
            let error = ErrorBody::new(ErrorCode::RevFuture, "the base is newer than the head");
            return Err(error.with("base", base).with("head", head));
        }
        let too_old = |TooOld| {
            ErrorBody::new(ErrorCode::RevOld, "too much was committed since the base")
                .with("base", base)
                .with("head", head)
        };
        if head - base > BASE_AGE_MAX {
            return Err(too_old(TooOld));
        }
        let mut past = read.unwrap_or_else(|| Ok(fresh())).map_err(too_old)?;
        if let Some(tail) = self.tail.since(past.upto()) {
            past.take(tail.chain(&run.entries)).map_err(too_old)?;
        }
        Ok(past)
    }

    /// Whether entries are missing before the oldest one in memory.
    pub(super) fn is_short(&self, past: &Past) -> bool {
        past.upto() < self.tail.start()
    }

    /// Lets a request wait until the entries after `since` are read.
    pub(super) fn read_on(&mut self, request: RequestId, since: Revision, parked: Parked) {
        let limit = READ_ENTRIES_MAX;
        self.outputs.push_back(Output::ReadLog {
            request,
            since,
            limit,
        });
        self.parked.insert(request, parked);
    }

    pub(super) fn found(&mut self, request: RequestId, known: Vec<KnownOperation>) {
        match self.parked.remove(&request) {
            Some(Parked::Submit(mut submit)) => {
                submit.known = Some(known);
                self.waiting.push_front(Turn::Submit(submit));
            }
            Some(Parked::CatchUp(..) | Parked::Replace(..)) | None => {}
        }
    }
}

/// Takes in what was read; without anything new there is a hole.
fn read(past: &mut ReadPast, entries: &[LogEntry]) {
    if let Some(Ok(known)) = past {
        let before = known.upto();
        if known.take(entries).is_err() || known.upto() == before {
            *past = Some(Err(TooOld));
        }
    }
}
