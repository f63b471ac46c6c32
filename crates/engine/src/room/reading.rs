//! Requests that need older entries than memory holds.

use coboard_protocol::limits::{CATCH_UP_BYTES_MAX, CATCH_UP_ENTRIES_MAX};
use coboard_protocol::message::{CatchUp, CatchUpAnswer, ResetReason, Segment};
use coboard_protocol::{LogEntry, Revision, SessionId};

use super::io::{Answer, KnownOperation, Output, RequestId};
use super::rebase::TooOld;
use super::submit::Submit;
use super::{Room, Turn, no_session};

/// A request that waits for storage.
#[derive(Debug)]
pub(super) enum Parked {
    /// This session wants entries after this revision.
    CatchUp(SessionId, Revision),
    /// Was made on an old base, or repeats old operations.
    Submit(Submit),
}

impl Room {
    pub(super) fn catch_up(&mut self, request: RequestId, session: &SessionId, since: Revision) {
        if !self.sessions.contains_key(session) {
            self.answer(request, Answer::CaughtUp(Err(no_session())));
        } else if since > self.revision() {
            let reset = Some(self.reset(ResetReason::LineageChanged));
            self.answer(
                request,
                Answer::CaughtUp(Ok(CatchUpAnswer {
                    catch_up: None,
                    reset,
                })),
            );
        } else if let Some(page) = self.page_from_tail(since) {
            let answer = CatchUpAnswer {
                catch_up: Some(page),
                reset: None,
            };
            self.answer(request, Answer::CaughtUp(Ok(answer)));
        } else {
            let parked = Parked::CatchUp(session.clone(), since);
            self.parked.insert(request, parked);
            self.outputs.push_back(Output::ReadLog {
                request,
                since,
                limit: CATCH_UP_ENTRIES_MAX,
            });
        }
    }

    pub(super) fn log_read(&mut self, request: RequestId, entries: Vec<LogEntry>) {
        match self.parked.remove(&request) {
            Some(Parked::CatchUp(session, _)) if !self.sessions.contains_key(&session) => {
                self.answer(request, Answer::CaughtUp(Err(no_session())));
            }
            Some(Parked::CatchUp(_, since)) => {
                let answer = if entries
                    .first()
                    .is_some_and(|first| first.revision == since + 1)
                {
                    CatchUpAnswer {
                        catch_up: Some(page(since, entries.iter())),
                        reset: None,
                    }
                } else {
                    CatchUpAnswer {
                        catch_up: None,
                        reset: Some(self.reset(ResetReason::TooOld)),
                    }
                };
                self.answer(request, Answer::CaughtUp(Ok(answer)));
            }
            Some(Parked::Submit(mut submit)) => {
                if let Some(Ok(past)) = &mut submit.past {
                    let before = past.upto();
                    if past.take(&entries).is_err() || past.upto() == before {
                        submit.past = Some(Err(TooOld));
                    }
                }
                self.waiting.push_front(Turn::Submit(submit));
            }
            None => {}
        }
    }

    pub(super) fn found(&mut self, request: RequestId, known: Vec<KnownOperation>) {
        match self.parked.remove(&request) {
            Some(Parked::Submit(mut submit)) => {
                submit.known = Some(known);
                self.waiting.push_front(Turn::Submit(submit));
            }
            Some(Parked::CatchUp(..)) | None => {}
        }
    }

    /// One page of entries after `since`; `None` if they are not in memory.
    pub(super) fn page_from_tail(&self, since: Revision) -> Option<CatchUp> {
        Some(page(since, self.tail.since(since)?))
    }
}

/// As many entries as fit one message.
fn page<'a>(from: Revision, entries: impl Iterator<Item = &'a LogEntry>) -> CatchUp {
    let mut segments = Vec::new();
    let mut bytes = 0;
    for entry in entries.take(CATCH_UP_ENTRIES_MAX) {
        bytes += serde_json::to_string(entry).map_or(0, |text| text.len());
        if bytes > CATCH_UP_BYTES_MAX && !segments.is_empty() {
            break;
        }
        segments.push(Segment {
            entry: entry.clone(),
        });
    }
    CatchUp {
        from,
        to: from + segments.len() as Revision,
        segments,
    }
}
