//! How people and their devices are called, for those who tell what was done.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use coboard_activity::{Entry, Names};
use coboard_protocol::{ClientId, UserId};
use coboard_storage::StorageError;

use crate::app::App;
use crate::limits::DEVICE_NAMES_MAX;

/// On which device each client that was here runs. The name is no part of the log: it is known as long as the
/// server runs, for the clients that came last.
#[derive(Default)]
pub(crate) struct DeviceNames(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    names: HashMap<ClientId, String>,
    /// The one noted last is at the end.
    order: VecDeque<ClientId>,
}

impl DeviceNames {
    /// A client came.
    pub(crate) fn note(&self, client: &ClientId, name: Option<String>) {
        let Some(name) = name else {
            return;
        };
        let mut noted = self.lock();
        if noted.names.insert(client.clone(), name).is_none() {
            noted.order.push_back(client.clone());
        }
        if noted.order.len() > DEVICE_NAMES_MAX
            && let Some(oldest) = noted.order.pop_front()
        {
            noted.names.remove(&oldest);
        }
    }

    fn name(&self, client: &ClientId) -> Option<String> {
        self.lock().names.get(client).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The names that some entries need.
pub(crate) struct Known {
    app: App,
    people: BTreeMap<UserId, String>,
}

impl Known {
    pub(crate) fn new(app: App) -> Self {
        Self {
            app,
            people: BTreeMap::new(),
        }
    }

    /// Asks storage how those are called that the entries speak of.
    pub(crate) async fn learn(&mut self, entries: &[&Entry]) -> Result<(), StorageError> {
        let spoken_of = entries
            .iter()
            .flat_map(|entry| [Some(entry.actor()), entry.about()])
            .flatten()
            .filter(|user| !self.people.contains_key(*user))
            .cloned();
        let unknown: Vec<UserId> = spoken_of.collect::<BTreeSet<_>>().into_iter().collect();
        if !unknown.is_empty() {
            let users = self.app.storage.users(&unknown).await?;
            let named = users.into_iter().map(|user| (user.id, user.name));
            self.people.extend(named);
        }
        Ok(())
    }

    /// Somebody is called so from now on.
    pub(crate) fn name_person(&mut self, user: UserId, name: String) {
        self.people.insert(user, name);
    }

    /// Forgets everybody, so that a new name is learnt.
    pub(crate) fn forget(&mut self) {
        self.people.clear();
    }
}

impl Names for Known {
    fn name(&self, user: &UserId) -> String {
        let name = self.people.get(user);
        name.map_or_else(|| user.to_string(), Clone::clone)
    }

    fn device(&self, client: &ClientId) -> Option<String> {
        self.app.device_names.name(client)
    }
}
