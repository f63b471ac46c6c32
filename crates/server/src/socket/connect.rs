//! CONNECT: who it is, and which handlers it gets.

use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use coboard_protocol::limits::CUT_GRACE_MS;
use coboard_protocol::{ErrorBody, ErrorCode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::socket::DisconnectReason;

use super::connection::Connection;
use super::handlers::{self, Event};
use super::reply::Reply;
use crate::app::{App, NAMESPACE};
use crate::identity::open_token;
use crate::room::Message;

/// What CONNECT carries.
#[derive(Deserialize)]
struct Auth {
    token: String,
}

/// Why a connection is refused. The client gets nothing but this text, so it is the bare code.
struct Refusal(ErrorCode);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_str().fmt(f)
    }
}

/// Serves the namespace.
pub(crate) fn register(app: &App, io: &SocketIo) {
    let app = app.clone();
    let check = move |socket: SocketRef, auth: TryData<Auth>| ready(connect(&app, &socket, auth.0));
    let connected = |_: SocketRef| ready(());
    io.ns(NAMESPACE, connected.with(check));
}

/// Runs before the client hears that it is connected: handlers registered later could miss its first event.
fn connect<E>(app: &App, socket: &SocketRef, auth: Result<Auth, E>) -> Result<(), Refusal> {
    if app.is_draining() {
        return Err(Refusal(ErrorCode::Overloaded));
    }
    let user = auth
        .ok()
        .and_then(|auth| open_token(&auth.token).ok())
        .ok_or(Refusal(ErrorCode::Auth))?;
    let ctx = Context {
        app: app.clone(),
        connection: Arc::new(Connection::new(user)),
    };
    ctx.answering(socket, "hello", handlers::hello);
    ctx.answering(socket, "join", handlers::join);
    ctx.answering(socket, "submit", handlers::submit);
    ctx.answering(socket, "catch_up", handlers::catch_up);
    ctx.answering(socket, "ping", handlers::ping);
    ctx.answering(socket, "lobby_join", handlers::lobby_join);
    ctx.answering(socket, "lobby_leave", handlers::lobby_leave);
    ctx.answering(socket, "leave", handlers::leave);
    ctx.answering(socket, "presence", handlers::presence);
    ctx.answering(socket, "activity", handlers::activity);
    ctx.answering(socket, "view", handlers::view);
    ctx.answering(socket, "devices", handlers::devices);
    socket.on_fallback(|socket: SocketRef, ack: AckSender| {
        let error = ErrorBody::new(ErrorCode::Schema, "there is no such event");
        Reply::<()>::new(ack, socket).send(Err(error));
        ready(())
    });
    socket.on_disconnect(move |reason: DisconnectReason| {
        disconnected(ctx.app.clone(), Arc::clone(&ctx.connection), reason)
    });
    Ok(())
}

/// What every handler of one connection has.
#[derive(Clone)]
struct Context {
    app: App,
    connection: Arc<Connection>,
}

impl Context {
    /// Registers a handler that answers once, whatever the event carries.
    fn answering<T: serde::Serialize + 'static>(
        &self,
        socket: &SocketRef,
        name: &'static str,
        handler: fn(Event<'_>, Reply<T>),
    ) {
        let ctx = self.clone();
        let body =
            move |socket: SocketRef, data: TryData<Box<RawValue>>, ack: AckSender| -> Ready<()> {
                let reply = Reply::new(ack, socket.clone());
                match argument(&data.0) {
                    Ok(argument) => handler(
                        Event {
                            app: &ctx.app,
                            connection: &ctx.connection,
                            socket: &socket,
                            argument,
                        },
                        reply,
                    ),
                    Err(error) => reply.send(Err(error)),
                }
                ready(())
            };
        socket.on(name, body);
    }
}

/// The only argument of an event as JSON text.
///
/// socketioxide takes a raw value for a tuple, so it gives the whole event, `["name", argument]`.
/// Nothing else extracts safely: its other deserializers fail at objects whose first key has an escape.
fn argument<E>(event: &Result<Box<RawValue>, E>) -> Result<&str, ErrorBody> {
    let event = event
        .as_ref()
        .map_err(|_| ErrorBody::new(ErrorCode::BadJson, "the event is not JSON"))?;
    match serde_json::from_str::<(IgnoredAny, &RawValue)>(event.get()) {
        Ok((_, argument)) if argument.get().starts_with('{') => Ok(argument.get()),
        Ok(_) | Err(_) => Err(ErrorBody::new(
            ErrorCode::Schema,
            "the event needs one object as its argument",
        )),
    }
}

/// Tells the rooms of a connection that it is gone. The only handler that may wait: nothing comes after it.
async fn disconnected(app: App, connection: Arc<Connection>, reason: DisconnectReason) {
    let left = connection.end();
    app.places.gone(&app, &connection);
    if is_cut(reason) && !left.is_empty() {
        // Whoever changes networks would be gone for the others and come again. A join of the same
        // client ends the older session by itself.
        tokio::time::sleep(Duration::from_millis(CUT_GRACE_MS)).await;
    }
    for (session, room) in left {
        room.send_waiting(Message::Leave { session }).await;
    }
}

/// Whether a connection ended without a word. Whoever leaves says so, and whoever is silent was waited for long enough.
fn is_cut(reason: DisconnectReason) -> bool {
    matches!(
        reason,
        DisconnectReason::TransportClose | DisconnectReason::TransportError
    )
}
