//! What the list of a person's own devices tells of one connection.

use coboard_protocol::limits::{DEVICE_NAME_CHARS_MAX, DOCUMENTS_LISTED_MAX, ID_BYTES_MAX};
use coboard_protocol::message::{Hello, OwnConnection, OwnDocument};
use coboard_protocol::{ClientId, DocumentId, ErrorBody, SessionId};
use serde_json::{Map, Value as Json};

use super::{Connection, Seat};
use crate::error::session_ended;
use crate::limits::ACTIVE_STEP_MS;

/// What `hello` told.
pub(super) struct Greeted {
    pub(super) client: ClientId,
    device: Option<String>,
    device_name: Option<String>,
    since_ms: u64,
    active_at_ms: u64,
}

/// What the person's other connections are told of a session.
pub(super) struct Sight {
    active_at_ms: u64,
    view: Option<Map<String, Json>>,
}

impl Greeted {
    pub(super) fn new(hello: Hello, now_ms: u64) -> Self {
        let name = hello.device_name;
        Self {
            client: hello.client,
            device: hello.device.map(|id| cut(&id, ID_BYTES_MAX)),
            device_name: name.map(|name| cut(&name, DEVICE_NAME_CHARS_MAX)),
            since_ms: now_ms,
            active_at_ms: now_ms,
        }
    }
}

impl Connection {
    /// How the device is called, if it was told.
    pub(crate) fn device_name(&self) -> Option<String> {
        self.lock().greeted.as_ref()?.device_name.clone()
    }

    /// The room has let a session in: the person's other connections may know.
    pub(crate) fn entered(&self, session: &SessionId, now_ms: u64) {
        let mut state = self.lock();
        if let Some(seat) = state.seats.get_mut(session) {
            seat.shown = Some(Sight {
                active_at_ms: now_ms,
                view: None,
            });
        }
    }

    /// Notes what a session shows.
    pub(crate) fn show(
        &self,
        document: &DocumentId,
        session: &SessionId,
        view: Map<String, Json>,
        now_ms: u64,
    ) -> Result<(), ErrorBody> {
        let mut state = self.lock();
        let seat = state.seats.get_mut(session);
        let seat = seat.filter(|seat| seat.document == *document);
        let sight = seat.and_then(|seat| seat.shown.as_mut());
        let sight = sight.ok_or_else(session_ended)?;
        sight.view = Some(view);
        sight.active_at_ms = now_ms;
        if let Some(greeted) = &mut state.greeted {
            greeted.active_at_ms = now_ms;
        }
        Ok(())
    }

    /// Notes that something is done in a session. Whether that is news.
    pub(crate) fn active(&self, session: &SessionId, now_ms: u64) -> bool {
        let mut state = self.lock();
        let seat = state.seats.get_mut(session);
        let Some(sight) = seat.and_then(|seat| seat.shown.as_mut()) else {
            return false;
        };
        let is_news = now_ms >= sight.active_at_ms + ACTIVE_STEP_MS;
        if is_news {
            sight.active_at_ms = now_ms;
            if let Some(greeted) = &mut state.greeted {
                greeted.active_at_ms = now_ms;
            }
        }
        is_news
    }

    /// What its person is told of it under this name; `None` before `hello`.
    pub(crate) fn listed(&self, connection: &str) -> Option<OwnConnection> {
        let state = self.lock();
        let greeted = state.greeted.as_ref()?;
        let mut documents: Vec<OwnDocument> =
            state.seats.values().filter_map(Seat::listed).collect();
        documents.sort_by(|a, b| {
            let newest_first = b.active_at_ms.cmp(&a.active_at_ms);
            newest_first.then_with(|| a.document.cmp(&b.document))
        });
        documents.truncate(DOCUMENTS_LISTED_MAX);
        Some(OwnConnection {
            connection: connection.to_owned(),
            client: greeted.client.clone(),
            device: greeted.device.clone(),
            device_name: greeted.device_name.clone(),
            since_ms: greeted.since_ms,
            active_at_ms: greeted.active_at_ms,
            documents,
        })
    }
}

impl Seat {
    fn listed(&self) -> Option<OwnDocument> {
        let sight = self.shown.as_ref()?;
        Some(OwnDocument {
            document: self.document.clone(),
            title: self.room.as_ref()?.title(),
            client: self.client.clone(),
            active_at_ms: sight.active_at_ms,
            view: sight.view.clone(),
        })
    }
}

/// The start of a text, without what nobody can see.
fn cut(text: &str, chars_max: usize) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .take(chars_max)
        .collect()
}
