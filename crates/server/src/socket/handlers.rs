//! One function per event. Each answers once, waits for nothing and reads no storage.

mod places;

use std::sync::Arc;

use coboard_protocol::limits::{DOCUMENTS_PER_CONNECTION_MAX, PRESENCE_BYTES_MAX};
use coboard_protocol::message::{
    ActivityWanted, CatchUpAnswer, CatchUpRequest, Head, Hello, Join, Joined, Leave,
    PROTOCOL_VERSION, PROTOCOL_VERSION_MIN, Ping, Pong, PresencePatch, Submitted, Welcome,
};
use coboard_protocol::{ClientId, ErrorBody, ErrorCode};
use serde::{Deserialize, Serialize};
use socketioxide::extract::SocketRef;

use self::places::{active, changed};
pub(super) use self::places::{devices, view};
use super::connection::Connection;
use super::reply::Reply;
use crate::app::{App, LOBBY, random_session, wire_limits};
use crate::decode;
use crate::error::{overloaded, rate, session_ended, unavailable};
use crate::limits::JOIN_INFLIGHT_MAX;
use crate::room::{JoinRequest, Message, SendError};

/// One event as it came.
pub(super) struct Event<'a> {
    pub(super) app: &'a App,
    pub(super) connection: &'a Arc<Connection>,
    pub(super) socket: &'a SocketRef,
    /// The argument as JSON text.
    pub(super) argument: &'a str,
}

/// `{}`, as argument or value.
#[derive(Serialize, Deserialize)]
pub(super) struct Empty {}

/// Settles the version and the client.
pub(super) fn hello(event: Event<'_>, reply: Reply<Welcome>) {
    reply.send(welcome(&event));
}

fn welcome(event: &Event<'_>) -> Result<Welcome, ErrorBody> {
    event.connection.request()?;
    let hello: Hello = decode::message(event.argument)?;
    let protocol = PROTOCOL_VERSION.min(hello.protocol_max);
    if protocol < PROTOCOL_VERSION_MIN.max(hello.protocol_min) {
        let error = ErrorBody::new(ErrorCode::Version, "no common protocol version");
        return Err(error
            .with("protocol_min", PROTOCOL_VERSION_MIN)
            .with("protocol_max", PROTOCOL_VERSION));
    }
    check_name(&hello.client)?;
    tracing::debug!(client = %hello.client, build = hello.build.as_deref(), "hello");
    event.connection.greet(hello, event.app.clock.now_ms())?;
    event
        .app
        .places
        .came(event.app, event.socket, event.connection);
    Ok(Welcome {
        protocol,
        protocol_min: PROTOCOL_VERSION_MIN,
        lineage: event.app.lineage.clone(),
        connection: event.socket.id.to_string(),
        user: event.connection.user().clone(),
        server_time_ms: event.app.clock.now_ms(),
        expires_at_ms: None,
        limits: wire_limits(),
    })
}

/// Enters a room. The answer comes from its driver.
pub(super) fn join(event: Event<'_>, reply: Reply<Joined>) {
    let (join, client) = match checked_join(&event) {
        Ok(checked) => checked,
        Err(error) => return reply.send(Err(error)),
    };
    let device_name = event.connection.device_name();
    event.app.device_names.note(&client, device_name);
    let session = random_session();
    let reserved = event.connection.reserve(&session, &join.document, &client);
    if let Err(error) = reserved {
        return reply.send(Err(error));
    }
    let message = Message::Join(Box::new(JoinRequest {
        session: session.clone(),
        client,
        revision: join.revision,
        lineage: join.lineage,
        inflight: join.inflight,
        socket: event.socket.clone(),
        connection: Arc::clone(event.connection),
        reply,
    }));
    match event.app.rooms.send(event.app, &join.document, message) {
        Ok(room) => {
            if !event.connection.seat(&session, room.clone()) {
                leave_later(room, session);
            }
        }
        Err(error) => error.refuse(unavailable()),
    }
}

fn checked_join(event: &Event<'_>) -> Result<(Join, ClientId), ErrorBody> {
    let greeted = event.connection.client()?;
    let mut join: Join = decode::message(event.argument)?;
    // Whose client it is, storage decides, for this one as for that of `hello`.
    let client = join.client.take().unwrap_or(greeted);
    check_name(&client)?;
    if join.inflight.len() > JOIN_INFLIGHT_MAX {
        return Err(ErrorBody::new(
            ErrorCode::TooLarge,
            "too many inflight operations",
        ));
    }
    if join.inflight.iter().any(|id| id.client != client) {
        let error = ErrorBody::new(ErrorCode::Forbidden, "an operation is of another client");
        return Err(error);
    }
    let user = &event.connection.user().id;
    event.app.join_rate.take(user, 1).map_err(rate)?;
    if let Some(revision) = join.diverged {
        tracing::warn!(
            document = join.document.as_str(),
            client = client.as_str(),
            revision,
            "a client's document differed from the server's; it takes the document anew"
        );
    }
    Ok((join, client))
}

/// Storage binds a client to whoever comes with it first, so it must not even be asked.
fn check_name(client: &ClientId) -> Result<(), ErrorBody> {
    if client.is_reserved() {
        let message = "this is a name of the server itself";
        return Err(ErrorBody::new(ErrorCode::Forbidden, message));
    }
    Ok(())
}

/// Submits operations. The answer comes from the driver once they are durable.
pub(super) fn submit(event: Event<'_>, reply: Reply<Submitted>) {
    let checked = event.connection.client().and_then(|_| {
        let submit = decode::submit(event.argument)?;
        let room = event.connection.room(&submit.document, &submit.session)?;
        let count = u32::try_from(submit.operations.len()).unwrap_or(u32::MAX);
        let user = &event.connection.user().id;
        event.app.operation_rate.take(user, count).map_err(rate)?;
        Ok((room, submit))
    });
    match checked {
        Ok((room, submit)) => {
            active(&event, &submit.session);
            let message = Message::Submit {
                session: submit.session,
                operations: submit.operations,
                reply,
            };
            if let Err(error) = room.send(message) {
                error.refuse(session_ended());
            }
        }
        Err(error) => reply.send(Err(error)),
    }
}

/// Asks for what was missed. The answer comes from the driver.
pub(super) fn catch_up(event: Event<'_>, reply: Reply<CatchUpAnswer>) {
    let checked = event.connection.client().and_then(|_| {
        event.connection.request()?;
        let request: CatchUpRequest = decode::message(event.argument)?;
        let room = event.connection.room(&request.document, &request.session)?;
        Ok((room, request))
    });
    match checked {
        Ok((room, request)) => {
            let message = Message::CatchUp {
                session: request.session,
                since: request.since,
                entries: request.entries,
                reply,
            };
            if let Err(error) = room.send(message) {
                error.refuse(session_ended());
            }
        }
        Err(error) => reply.send(Err(error)),
    }
}

/// Measures the way there and back, and tells the heads of joined documents.
pub(super) fn ping(event: Event<'_>, reply: Reply<Pong>) {
    let pong = event.connection.client().and_then(|_| {
        event.connection.request()?;
        let ping: Ping = decode::message(event.argument)?;
        let heads = ping
            .sessions
            .into_iter()
            .take(DOCUMENTS_PER_CONNECTION_MAX)
            .filter_map(|Head { document, .. }| {
                let revision = event.connection.head(&document)?;
                let hash = None;
                Some(Head {
                    document,
                    revision,
                    hash,
                })
            })
            .collect();
        Ok(Pong {
            server_time_ms: event.app.clock.now_ms(),
            heads,
        })
    });
    reply.send(pong);
}

/// Watches the list of dashboards.
pub(super) fn lobby_join(event: Event<'_>, reply: Reply<Empty>) {
    reply.send(lobby(&event).inspect(|_| event.socket.join(LOBBY)));
}

/// Watches the list of dashboards no longer.
pub(super) fn lobby_leave(event: Event<'_>, reply: Reply<Empty>) {
    reply.send(lobby(&event).inspect(|_| event.socket.leave(LOBBY)));
}

fn lobby(event: &Event<'_>) -> Result<Empty, ErrorBody> {
    event.connection.client()?;
    event.connection.request()?;
    decode::message(event.argument)
}

/// Ends a session. Leaving twice is no error.
pub(super) fn leave(event: Event<'_>, reply: Reply<Empty>) {
    let checked = event.connection.client().and_then(|_| {
        let leave: Leave = decode::message(event.argument)?;
        Ok((
            event.connection.room(&leave.document, &leave.session).ok(),
            leave,
        ))
    });
    match checked {
        Ok((room, leave)) => {
            if let Some(room) = room {
                event.connection.forget(&leave.session);
                changed(&event);
                leave_later(room, leave.session);
            }
            reply.send(Ok(Empty {}));
        }
        Err(error) => reply.send(Err(error)),
    }
}

/// Tells a room about the session. Lossy: beyond the rate, or where much waits, it is dropped.
pub(super) fn presence(event: Event<'_>, reply: Reply<Empty>) {
    let checked = event.connection.client().and_then(|_| {
        if event.argument.len() > PRESENCE_BYTES_MAX {
            return Err(ErrorBody::new(
                ErrorCode::TooLarge,
                "the presence is too large",
            ));
        }
        decode::message::<PresencePatch>(event.argument)
    });
    let patch = match checked {
        Ok(patch) => patch,
        Err(error) => return reply.send(Err(error)),
    };
    let room = event
        .connection
        .room_for_presence(&patch.document, &patch.session);
    if let Some(room) = room {
        active(&event, &patch.session);
        room.send_lossy(Message::Presence {
            session: patch.session,
            patch: patch.patch,
            pace: patch.pace,
        });
    }
    reply.send(Ok(Empty {}));
}

/// Wants to hear what is done, or no longer. What is committed after the answer is told.
pub(super) fn activity(event: Event<'_>, reply: Reply<Empty>) {
    let checked = event.connection.client().and_then(|_| {
        event.connection.request()?;
        let wanted: ActivityWanted = decode::message(event.argument)?;
        let room = event.connection.room(&wanted.document, &wanted.session)?;
        let message = Message::Activity {
            session: wanted.session,
            wanted: wanted.wanted,
        };
        room.send(message).map_err(|_| overloaded())?;
        Ok(Empty {})
    });
    reply.send(checked);
}

/// A leave must not get lost in a full queue.
fn leave_later(room: crate::room::RoomHandle, session: coboard_protocol::SessionId) {
    if let Err(SendError::Full(message)) = room.send(Message::Leave { session }) {
        tokio::spawn(async move { room.send_waiting(message).await });
    }
}
