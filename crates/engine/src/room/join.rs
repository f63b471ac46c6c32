//! Somebody enters: what they get to know.

use coboard_protocol::limits::SESSIONS_PER_ROOM_MAX;
use coboard_protocol::message::{Joined, Known, Reset, ResetReason, SnapshotPlace};
use coboard_protocol::{ErrorBody, ErrorCode, Revision, SessionId};

use super::io::{Answer, Join, Output};
use super::page::Page;
use super::sequence::NextSequence;
use super::upkeep::is_by_room;
use super::{Room, Session};

/// Pause that a client is asked for while a room is full, in milliseconds. A guess.
const ROOM_FULL_RETRY_MS: u64 = 10_000;

impl Room {
    pub(super) fn join(&mut self, join: Join) {
        if is_by_room(&join.client) {
            let error = ErrorBody::new(ErrorCode::Forbidden, "this is the name of the room itself");
            self.answer(join.request, Answer::Joined(Err(error)));
            return;
        }
        self.replace_sessions_of(&join);
        if self.sessions.len() >= SESSIONS_PER_ROOM_MAX {
            let error = ErrorBody::new(
                ErrorCode::Overloaded,
                "too many people are in this dashboard",
            )
            .with("retry_after_ms", ROOM_FULL_RETRY_MS);
            self.answer(join.request, Answer::Joined(Err(error)));
            return;
        }
        // An append may have ended since storage was asked.
        let last = join
            .last_sequence
            .max(self.tail.last_sequence(&join.client));
        self.presence
            .enter(&join.session, &join.client, &join.user, join.role);
        let joined = self.welcome(&join);
        self.sessions.insert(
            join.session,
            Session {
                client: join.client,
                client_number: join.client_number,
                user: join.user,
                role: join.role,
                next: NextSequence::any_after(last),
                refusal: None,
            },
        );
        self.answer(join.request, Answer::Joined(Ok(joined)));
    }

    /// A newer join of the same client ends its older session, so that late messages of the old
    /// connection change nothing.
    fn replace_sessions_of(&mut self, join: &Join) {
        let older: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.client == join.client)
            .map(|(id, _)| id.clone())
            .collect();
        for session in older {
            self.end(&session);
            let error = ErrorBody::new(
                ErrorCode::Forbidden,
                "a newer session of the same client replaced this one",
            )
            .with("reason", "replaced");
            self.outputs.push_back(Output::Ended { session, error });
        }
    }

    fn welcome(&mut self, join: &Join) -> Joined {
        let head = self.revision();
        let known = join.inflight.iter().filter_map(|id| {
            let known = || join.known.iter().find(|known| known.id == *id);
            let seen = self.tail.seen(id).map(|seen| seen.revision);
            Some(Known {
                id: id.clone(),
                revision: seen.or_else(|| known().map(|known| known.revision))?,
            })
        });
        let known = known.collect();
        // Revisions of another history say nothing here, whether they look newer or older.
        let foreign = join.lineage.as_ref().is_some_and(|it| *it != self.lineage);
        let (catch_up, reset) = match join.revision {
            None if !foreign => (None, Some(self.reset(ResetReason::New))),
            Some(revision) if !foreign && revision <= head => {
                // What is not in memory is left out: the client asks on, and then it is read.
                let mut page = Page::new(revision, Some(join.client.clone()));
                self.fill(&mut page);
                (Some(page.finish()), None)
            }
            Some(_) | None => (None, Some(self.reset(ResetReason::LineageChanged))),
        };
        Joined {
            session: join.session.clone(),
            role: join.role,
            client_number: join.client_number,
            head,
            known,
            presence: self.presence.entries(&join.session),
            catch_up,
            reset,
        }
    }

    pub(super) fn reset(&self, reason: ResetReason) -> Reset {
        let revision = self.snapshot.stored;
        Reset {
            reason,
            revision,
            snapshot: SnapshotPlace {
                url: format!(
                    "/api/dashboards/{}/snapshot?revision={revision}",
                    self.document_id
                ),
                etag: snapshot_etag(&self.lineage, self.document_id.as_str(), revision),
            },
        }
    }
}

/// The strong entity tag of a snapshot: lineage, document and revision determine its bytes.
pub fn snapshot_etag(lineage: &str, document: &str, revision: Revision) -> String {
    format!("\"{lineage}.{document}.{revision}\"")
}
