//! Where each person works: their live connections, and which of them follow the list.
//!
//! A person is told about their own connections alone. Nothing is kept once a connection is gone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use coboard_protocol::UserId;
use coboard_protocol::limits::{CONNECTIONS_LISTED_MAX, DEVICES_WATCH_MS};
use coboard_protocol::message::{Devices, OwnConnection};
use socketioxide::extract::SocketRef;

use crate::app::App;
use crate::limits::DEVICES_TICK;
use crate::socket::Connection;

/// The live connections of everybody.
#[derive(Default)]
pub(crate) struct Places {
    people: Mutex<HashMap<UserId, Person>>,
}

/// The live connections of one person.
#[derive(Default)]
struct Person {
    places: Vec<Place>,
    /// Whether those who follow are told soon.
    telling: bool,
}

struct Place {
    socket: SocketRef,
    connection: Arc<Connection>,
    /// Until when it is told of changes.
    follows_until: Option<Instant>,
}

impl Places {
    /// A connection was greeted. Being greeted again changes nothing.
    pub(crate) fn came(&self, app: &App, socket: &SocketRef, connection: &Arc<Connection>) {
        let user = &connection.user().id;
        {
            let mut people = self.lock();
            // Whoever ends a connection takes this lock afterwards: none stays that is gone.
            if connection.is_ended() {
                return;
            }
            let person = people.entry(user.clone()).or_default();
            if person.place(connection).is_some() {
                return;
            }
            person.places.push(Place {
                socket: socket.clone(),
                connection: Arc::clone(connection),
                follows_until: None,
            });
        }
        self.changed(app, user);
    }

    /// A connection is gone.
    pub(crate) fn gone(&self, app: &App, connection: &Arc<Connection>) {
        let user = &connection.user().id;
        {
            let mut people = self.lock();
            let Some(person) = people.get_mut(user) else {
                return;
            };
            let places = &mut person.places;
            places.retain(|place| !Arc::ptr_eq(&place.connection, connection));
            if places.is_empty() {
                people.remove(user);
                return;
            }
        }
        self.changed(app, user);
    }

    /// The list of a connection's person. It follows the list for a while.
    pub(crate) fn follow(&self, connection: &Arc<Connection>) -> Devices {
        let mut people = self.lock();
        let Some(person) = people.get_mut(&connection.user().id) else {
            return Devices {
                connections: Vec::new(),
            };
        };
        if let Some(place) = person.place(connection) {
            let until = Instant::now() + Duration::from_millis(DEVICES_WATCH_MS);
            place.follows_until = Some(until);
        }
        person.list()
    }

    /// Something in a person's list is new. Those who follow it are told soon, once for all that
    /// happens until then. Costs next to nothing while nobody follows.
    pub(crate) fn changed(&self, app: &App, user: &UserId) {
        let mut people = self.lock();
        let Some(person) = people.get_mut(user) else {
            return;
        };
        if person.telling || !person.is_followed(Instant::now()) {
            return;
        }
        person.telling = true;
        let (app, user) = (app.clone(), user.clone());
        tokio::spawn(async move {
            tokio::time::sleep(DEVICES_TICK).await;
            app.places.tell(&user);
        });
    }

    fn tell(&self, user: &UserId) {
        let (sockets, devices) = {
            let mut people = self.lock();
            let Some(person) = people.get_mut(user) else {
                return;
            };
            person.telling = false;
            let now = Instant::now();
            let following = person.places.iter().filter(|place| place.follows(now));
            let sockets: Vec<SocketRef> = following.map(|place| place.socket.clone()).collect();
            (sockets, person.list())
        };
        for socket in sockets {
            // Lossy: whoever follows asks again every now and then.
            if let Err(error) = socket.emit("devices_changed", &devices) {
                tracing::debug!(%error, "a list of devices was not told");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Person>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Person {
    fn place(&mut self, connection: &Arc<Connection>) -> Option<&mut Place> {
        self.places
            .iter_mut()
            .find(|place| Arc::ptr_eq(&place.connection, connection))
    }

    fn is_followed(&self, now: Instant) -> bool {
        self.places.iter().any(|place| place.follows(now))
    }

    /// The connection used last first, and not more than the list holds.
    fn list(&self) -> Devices {
        let mut connections: Vec<OwnConnection> = self
            .places
            .iter()
            .filter_map(|place| place.connection.listed(&place.socket.id.to_string()))
            .collect();
        connections.sort_by_key(|connection| std::cmp::Reverse(connection.active_at_ms));
        connections.truncate(CONNECTIONS_LISTED_MAX);
        Devices { connections }
    }
}

impl Place {
    fn follows(&self, now: Instant) -> bool {
        self.follows_until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use coboard_protocol::limits::{
        DEVICE_NAME_CHARS_MAX, DOCUMENTS_LISTED_MAX, ID_BYTES_MAX, MESSAGE_BYTES_MAX,
        TITLE_CHARS_MAX, VIEW_BYTES_MAX,
    };
    use coboard_protocol::message::OwnDocument;
    use serde_json::{Map, Value};

    use super::*;

    #[test]
    fn the_longest_list_is_one_message() {
        let id = "i".repeat(ID_BYTES_MAX);
        let view = "x".repeat(VIEW_BYTES_MAX - r#"{"":""}"#.len());
        let document = OwnDocument {
            document: id.as_str().try_into().expect("it is legal"),
            // Six bytes each where it is shown.
            title: "\u{1}".repeat(TITLE_CHARS_MAX),
            client: id.as_str().try_into().expect("it is legal"),
            active_at_ms: u64::MAX,
            view: Some(Map::from_iter([(String::new(), Value::from(view))])),
        };
        let connection = OwnConnection {
            connection: "c".repeat(20),
            client: id.as_str().try_into().expect("it is legal"),
            device: Some("\u{10ffff}".repeat(ID_BYTES_MAX)),
            device_name: Some("\u{10ffff}".repeat(DEVICE_NAME_CHARS_MAX)),
            since_ms: u64::MAX,
            active_at_ms: u64::MAX,
            documents: vec![document; DOCUMENTS_LISTED_MAX],
        };
        let devices = Devices {
            connections: vec![connection; CONNECTIONS_LISTED_MAX],
        };
        let bytes = serde_json::to_vec(&devices)
            .expect("it is plain data")
            .len();
        let envelope = 1_024;
        assert!(bytes + envelope <= MESSAGE_BYTES_MAX, "{bytes} bytes");
    }
}
