//! What a room wants done.

use coboard_engine::room::{Answer, Output, RequestId};
use coboard_protocol::message::Committed;
use coboard_protocol::{SessionId, User};
use coboard_storage::Run;

use super::{Driver, title_of, view_of};
use crate::room::storing;
use crate::room::waiting::{Entering, Waiting};
use crate::room::write::View;

impl Driver {
    pub(super) async fn output(&mut self, output: Output) {
        let (app, document) = (self.app.clone(), self.document.clone());
        let lagging = match output {
            Output::Answer { request, answer } => {
                self.answer(request, answer);
                return;
            }
            Output::Append {
                head,
                entries,
                fingerprints,
                catalogue,
            } => {
                if self.closing.as_ref().is_some_and(|closing| closing.broken) {
                    return;
                }
                self.appending = true;
                self.heading_changes = catalogue.is_some();
                let run = Run {
                    document,
                    head,
                    entries,
                    fingerprints,
                    catalogue,
                };
                self.work.push(Box::pin(storing::append(app, run)));
                return;
            }
            Output::ReadLog {
                request,
                since,
                limit,
            } => {
                let read = storing::read_log(app, document, request, since, limit);
                self.work.push(Box::pin(read));
                return;
            }
            Output::Find { request, ids } => {
                self.work
                    .push(Box::pin(storing::find(app, document, request, ids)));
                return;
            }
            Output::SaveSnapshot {
                revision,
                document: content,
            } => {
                let save = storing::save_snapshot(app, document, revision, content);
                self.work.push(Box::pin(save));
                return;
            }
            Output::Ended { session, error } => {
                self.outbound.end(&session, error);
                return;
            }
            Output::Committed(committed) => self.committed(committed).await,
            Output::Presence(told) => self.outbound.presence(&told, self.room.revision()).await,
            Output::PoliciesChanged(message) => {
                self.outbound
                    .emit("policies_changed", &message, self.room.revision())
                    .await
            }
            Output::Head(head) => self.outbound.emit("head", &head, head.revision).await,
        };
        self.departing.extend(lagging);
    }

    async fn committed(&mut self, committed: Committed) -> Vec<SessionId> {
        if let Some(last) = committed.entries.last() {
            let author = self
                .names
                .get(&last.author)
                .cloned()
                .unwrap_or_else(|| User {
                    id: last.author.clone(),
                    name: last.author.to_string(),
                });
            let at_once = std::mem::take(&mut self.heading_changes);
            if at_once {
                self.shown.set_title(title_of(&self.room));
            }
            self.debt.changed(author, at_once);
        }
        let room = &self.room;
        self.outbound.done(&committed, || view_of(room));
        self.outbound.committed(committed).await
    }

    fn answer(&mut self, request: RequestId, answer: Answer) {
        let Some(waiting) = self.requests.take(request) else {
            return;
        };
        match (waiting, answer) {
            (Waiting::Join(entering), Answer::Joined(joined)) => {
                let Entering {
                    session,
                    member,
                    reply,
                } = *entering;
                if joined.is_ok() && !self.departing.contains(&session) {
                    self.outbound.enter(session, member);
                } else {
                    member.connection.forget(&session);
                }
                reply.send(joined);
            }
            (Waiting::Submit(_, reply), Answer::Submitted(submitted)) => reply.send(submitted),
            (Waiting::CatchUp(_, reply), Answer::CaughtUp(answer)) => reply.send(answer),
            (Waiting::Write(reply), Answer::Written(written)) => {
                let view = self.view();
                let _ = reply.send(written.map(|revision| View { revision, ..view }));
            }
            (
                Waiting::Join(_) | Waiting::Submit(..) | Waiting::CatchUp(..) | Waiting::Write(_),
                Answer::Joined(_) | Answer::Submitted(_) | Answer::CaughtUp(_) | Answer::Written(_),
            ) => unreachable!("an answer is of the kind of its request"),
        }
    }
}
