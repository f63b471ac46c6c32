//! What the server remembers of one connection.

mod sight;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use coboard_protocol::limits::{DOCUMENTS_PER_CONNECTION_MAX, PRESENCE_PER_SECOND_MAX};
use coboard_protocol::message::Hello;
use coboard_protocol::{ClientId, DocumentId, ErrorBody, ErrorCode, Revision, SessionId, User};

use crate::error::{rate, session_ended, unavailable};
use crate::limits::{REQUESTS_BURST_MAX, REQUESTS_PER_SECOND_MAX};
use crate::rate::{Bucket, Rate};
use crate::room::RoomHandle;

use self::sight::{Greeted, Sight};

const REQUESTS: Rate = Rate {
    per_second: REQUESTS_PER_SECOND_MAX,
    burst: REQUESTS_BURST_MAX,
};
const PRESENCE: Rate = Rate {
    per_second: PRESENCE_PER_SECOND_MAX,
    burst: PRESENCE_PER_SECOND_MAX,
};

/// One connection, from CONNECT to its end.
pub(crate) struct Connection {
    user: User,
    state: Mutex<State>,
}

struct State {
    /// Absent until `hello`.
    greeted: Option<Greeted>,
    seats: HashMap<SessionId, Seat>,
    requests: Bucket,
    /// Whether the connection is gone.
    ended: bool,
}

/// A session and the way to its room.
struct Seat {
    document: DocumentId,
    client: ClientId,
    /// Absent for the moment between choosing the session and sending its join.
    room: Option<RoomHandle>,
    presence: Bucket,
    /// Absent until the room has let the session in.
    shown: Option<Sight>,
}

impl Connection {
    /// A connection that has not said `hello`.
    pub(crate) fn new(user: User) -> Self {
        let state = State {
            greeted: None,
            seats: HashMap::new(),
            requests: Bucket::full(REQUESTS, Instant::now()),
            ended: false,
        };
        Self {
            user,
            state: Mutex::new(state),
        }
    }

    /// The person behind it.
    pub(crate) fn user(&self) -> &User {
        &self.user
    }

    /// Settles which client this is. It stays that client.
    pub(crate) fn greet(&self, hello: Hello, now_ms: u64) -> Result<(), ErrorBody> {
        let mut state = self.lock();
        match &state.greeted {
            Some(known) if known.client != hello.client => Err(ErrorBody::new(
                ErrorCode::Forbidden,
                "the connection belongs to another client",
            )),
            Some(_) => Ok(()),
            None => {
                state.greeted = Some(Greeted::new(hello, now_ms));
                Ok(())
            }
        }
    }

    /// The client, once it said `hello`.
    pub(crate) fn client(&self) -> Result<ClientId, ErrorBody> {
        self.lock()
            .greeted
            .as_ref()
            .map(|greeted| greeted.client.clone())
            .ok_or_else(|| ErrorBody::new(ErrorCode::Version, "hello must be the first event"))
    }

    /// Counts one request.
    pub(crate) fn request(&self) -> Result<(), ErrorBody> {
        let mut state = self.lock();
        state
            .requests
            .take(REQUESTS, 1, Instant::now())
            .map_err(rate)
    }

    /// Takes a place for a new session of a client. One that takes over from a session of the same
    /// client needs no place of its own.
    pub(crate) fn reserve(
        &self,
        session: &SessionId,
        document: &DocumentId,
        client: &ClientId,
    ) -> Result<(), ErrorBody> {
        let mut state = self.lock();
        if state.ended {
            return Err(unavailable());
        }
        let mut seats = state.seats.values();
        let again = seats.any(|seat| seat.document == *document && seat.client == *client);
        let limit = DOCUMENTS_PER_CONNECTION_MAX * if again { 2 } else { 1 };
        if state.seats.len() >= limit {
            let error = ErrorBody::new(ErrorCode::Rate, "the connection has too many documents");
            return Err(error.with("limit", DOCUMENTS_PER_CONNECTION_MAX));
        }
        let seat = Seat {
            document: document.clone(),
            client: client.clone(),
            room: None,
            presence: Bucket::full(PRESENCE, Instant::now()),
            shown: None,
        };
        state.seats.insert(session.clone(), seat);
        Ok(())
    }

    /// Remembers where the room of a session is. Whether the connection is still there.
    pub(crate) fn seat(&self, session: &SessionId, room: RoomHandle) -> bool {
        let mut state = self.lock();
        if let Some(seat) = state.seats.get_mut(session) {
            seat.room = Some(room);
        }
        !state.ended
    }

    /// The room of a session of this connection.
    pub(crate) fn room(
        &self,
        document: &DocumentId,
        session: &SessionId,
    ) -> Result<RoomHandle, ErrorBody> {
        self.lock()
            .seats
            .get(session)
            .filter(|seat| seat.document == *document)
            .and_then(|seat| seat.room.clone())
            .ok_or_else(session_ended)
    }

    /// The room of a session if it may tell about itself now.
    pub(crate) fn room_for_presence(
        &self,
        document: &DocumentId,
        session: &SessionId,
    ) -> Option<RoomHandle> {
        let mut state = self.lock();
        let seat = state.seats.get_mut(session)?;
        if seat.document != *document {
            return None;
        }
        seat.presence.take(PRESENCE, 1, Instant::now()).ok()?;
        seat.room.clone()
    }

    /// The head of a document that this connection has joined.
    pub(crate) fn head(&self, document: &DocumentId) -> Option<Revision> {
        self.lock()
            .seats
            .values()
            .find(|seat| seat.document == *document)
            .and_then(|seat| seat.room.as_ref())
            .map(RoomHandle::head)
    }

    /// Forgets a session that is over.
    pub(crate) fn forget(&self, session: &SessionId) {
        self.lock().seats.remove(session);
    }

    /// Whether the connection is gone. The socket itself does not say: it counts as connected only
    /// some time after the client was told so, and a quick client has joined by then.
    pub(crate) fn is_ended(&self) -> bool {
        self.lock().ended
    }

    /// Ends the connection: its sessions and where to tell that they left.
    pub(crate) fn end(&self) -> Vec<(SessionId, RoomHandle)> {
        let mut state = self.lock();
        state.ended = true;
        state
            .seats
            .drain()
            .filter_map(|(session, seat)| Some((session, seat.room?)))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
