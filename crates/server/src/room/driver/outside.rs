//! Changes by those who have no session: over HTTP.

use coboard_engine::room::Input;
use coboard_protocol::message::DashboardDeleted;
use coboard_protocol::{ErrorBody, ErrorCode, OperationId, User, UserId};
use coboard_storage::Assigned;
use tokio::sync::oneshot;

use super::Driver;
use crate::create::server_client;
use crate::error::{not_found, of_assign, of_storage};
use crate::room::inbox::{NewPolicies, Restoring};
use crate::room::rewrite::Rewrite;
use crate::room::waiting::Waiting;
use crate::room::write::{Change, View};

impl Driver {
    pub(super) async fn write(
        &mut self,
        user: User,
        change: &Change,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    ) {
        let server = match self.server_as_client(&user).await {
            Ok(server) => server,
            Err(error) => {
                let _ = reply.send(Err(error));
                return;
            }
        };
        let sequence = server.last_sequence + 1;
        self.used(server, sequence, &user);
        let request = self.requests.add(Waiting::Write(reply));
        self.input(Input::Write {
            request,
            id: OperationId {
                client: server_client(),
                sequence,
            },
            author: user,
            components: change.components(server.client_number, sequence),
            meta: change.meta(),
        });
    }

    pub(super) async fn restore(
        &mut self,
        restoring: Restoring,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    ) {
        let Restoring {
            user,
            base,
            parts,
            meta,
        } = restoring;
        let server = match self.server_as_client(&user).await {
            Ok(server) => server,
            Err(error) => {
                let _ = reply.send(Err(error));
                return;
            }
        };
        let sequence = server.last_sequence + 1;
        self.used(server, server.last_sequence + parts.len() as u64, &user);
        let request = self.requests.add(Waiting::Write(reply));
        self.input(Input::Restore {
            request,
            id: OperationId {
                client: server_client(),
                sequence,
            },
            author: user,
            base,
            parts,
            meta,
        });
    }

    /// Makes operations of what somebody outside wants, against the version it was made on.
    pub(super) async fn rewrite(
        &mut self,
        user: User,
        rewrite: Box<Rewrite>,
        reply: oneshot::Sender<Result<View, ErrorBody>>,
    ) {
        let made = match self.server_as_client(&user).await {
            Ok(server) => rewrite
                .made(server, || self.view())
                .map(|made| (server, made)),
            Err(error) => Err(error),
        };
        let (server, made) = match made {
            Ok((_, made)) if made.parts.is_empty() => {
                let _ = reply.send(Ok(self.view()));
                return;
            }
            Ok(made) => made,
            Err(error) => {
                let _ = reply.send(Err(error));
                return;
            }
        };
        self.used(server, made.last_sequence, &user);
        let request = self.requests.add(Waiting::Write(reply));
        self.input(Input::Replace {
            request,
            id: OperationId {
                client: server_client(),
                sequence: made.first_sequence,
            },
            author: user,
            base: made.base,
            exact: made.exact,
            parts: made.parts,
            meta: made.meta,
        });
    }

    /// Sequences up to this one are taken, and the name of who wanted it is known.
    fn used(&mut self, server: Assigned, last_sequence: u64, user: &User) {
        self.server = Some(Assigned {
            last_sequence,
            ..server
        });
        self.names.insert(user.id.clone(), user.clone());
    }

    /// The server's number in this document. The first time it is asked of storage, durably.
    async fn server_as_client(&mut self, user: &User) -> Result<Assigned, ErrorBody> {
        let saved = self.app.storage.save_user(user).await;
        saved.map_err(|error| of_storage(&error))?;
        if let Some(server) = self.server {
            return Ok(server);
        }
        let client = server_client();
        let owner = UserId::try_from(client.as_str()).expect("a client id is an identifier");
        let assigned = self
            .app
            .storage
            .assign_client(&self.document, &client, &owner)
            .await;
        assigned.map_err(|error| of_assign(&error))
    }

    /// Stores the policies, then lets them hold. Nobody else changes them in between.
    pub(super) async fn set_policies(
        &mut self,
        author: User,
        NewPolicies { policies, before }: NewPolicies,
    ) -> Result<(), ErrorBody> {
        let storage = &self.app.storage;
        let present = storage.policies(&self.document).await;
        let present = present.map_err(|error| of_storage(&error))?;
        if before.is_some_and(|before| before != present) {
            let message = "the policies have changed since";
            return Err(ErrorBody::new(ErrorCode::RevOld, message));
        }
        let saved = storage.save_policies(&self.document, &policies).await;
        if !saved.map_err(|error| of_storage(&error))? {
            return Err(not_found());
        }
        if policies != present {
            self.outbound.policies_changed(author.clone());
        }
        self.input(Input::Policies { policies, author });
        Ok(())
    }

    pub(super) async fn delete(
        &mut self,
        user: User,
        reply: oneshot::Sender<Result<(), ErrorBody>>,
    ) {
        let at_ms = self.app.clock.now_ms();
        let deleted = self
            .app
            .storage
            .delete_document(&self.document, &user, at_ms)
            .await;
        let result = match deleted {
            Ok(there) => {
                self.close_for(not_found(), false);
                if there {
                    let message = DashboardDeleted {
                        document: self.document.clone(),
                        author: user,
                        at_ms,
                    };
                    self.app.tell_lobby("dashboard_deleted", &message).await;
                    Ok(())
                } else {
                    Err(not_found())
                }
            }
            Err(error) => Err(of_storage(&error)),
        };
        let _ = reply.send(result);
    }
}
