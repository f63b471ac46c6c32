//! Events about where a person works.

use coboard_protocol::limits::VIEW_BYTES_MAX;
use coboard_protocol::message::{Devices, View};
use coboard_protocol::{ErrorBody, ErrorCode, SessionId};

use super::{Empty, Event};
use crate::decode;
use crate::socket::Reply;

/// Notes what a session shows, for the person's other connections alone.
pub(in crate::socket) fn view(event: Event<'_>, reply: Reply<Empty>) {
    let noted = event.connection.client().and_then(|_| {
        event.connection.request()?;
        let View {
            document,
            session,
            view,
        } = decode::message(event.argument)?;
        let bytes = serde_json::to_string(&view).map_or(usize::MAX, |text| text.len());
        if bytes > VIEW_BYTES_MAX {
            let error = ErrorBody::new(ErrorCode::TooLarge, "the view is too large");
            return Err(error.with("limit", VIEW_BYTES_MAX));
        }
        let now_ms = event.app.clock.now_ms();
        event.connection.show(&document, &session, view, now_ms)
    });
    reply.send(noted.map(|()| {
        changed(&event);
        Empty {}
    }));
}

/// Where the person works. Changes are told for a while.
pub(in crate::socket) fn devices(event: Event<'_>, reply: Reply<Devices>) {
    let listed = event.connection.client().and_then(|_| {
        event.connection.request()?;
        let Empty {} = decode::message(event.argument)?;
        Ok(event.app.places.follow(event.connection))
    });
    reply.send(listed);
}

/// Notes that the person does something.
pub(super) fn active(event: &Event<'_>, session: &SessionId) {
    let now_ms = event.app.clock.now_ms();
    if event.connection.active(session, now_ms) {
        changed(event);
    }
}

/// The list of the person's devices is another one.
pub(super) fn changed(event: &Event<'_>) {
    let user = &event.connection.user().id;
    event.app.places.changed(event.app, user);
}
