//! Edits of the person: steps on the view become one operation.

use coboard_ot::{
    Change as CellChange, Components, Container, Delta, Document, ItemChange, ItemId,
    LIST_DEPTH_MAX, ListId, Location, OrderKey, Path, Value, compose, plant,
};
use coboard_protocol::codec::{self, components};
use coboard_protocol::limits::{OPERATION_BYTES_MAX, OPERATION_HEAD_BYTES_MAX, PENDING_MAX};
use coboard_protocol::{ErrorBody, ErrorCode, Meta, OperationId};
use serde::Serialize;
use serde_json::Value as Json;

use super::io::Touched;
use super::request::{EditRequest, Place, Step};
use super::{Change, Client, Ids, Origin, Output};
use crate::time::Time;

/// What came of an edit.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Edited {
    /// The operation; absent if nothing changed or it was refused.
    pub id: Option<OperationId>,
    /// The items that the inserts made, in order.
    pub created: Vec<String>,
    /// Why it was refused; nothing has changed then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
}

impl Client {
    /// Carries out an edit on the view, at once, and queues it for the server.
    pub fn edit(&mut self, now: Time, request: &EditRequest) -> Edited {
        let refuse = |error| Edited {
            error: Some(error),
            ..Edited::default()
        };
        if let Some(error) = &self.ended {
            return refuse(error.clone());
        }
        if !self.loaded {
            return refuse(ErrorBody::new(
                ErrorCode::Unavailable,
                "the document is not loaded yet",
            ));
        }
        if self.outbox.len() >= PENDING_MAX {
            let error = ErrorBody::new(ErrorCode::DocLimit, "too many changes wait for the server");
            return refuse(error.with("limit", PENDING_MAX));
        }
        let mut ids = self.ids;
        let mut builder = Builder {
            scratch: self.view.clone(),
            ids: &mut ids,
            made: Components::new(),
            created: vec![],
        };
        for step in &request.steps {
            if let Err(error) = builder.step(step) {
                return refuse(error);
            }
        }
        let (made, created) = (builder.made, builder.created);
        let bytes = match within_limits(&made) {
            Ok(bytes) => bytes,
            Err(error) => return refuse(error),
        };
        self.ids = ids;
        let meta = Meta {
            gesture: request.gesture.clone(),
            atomic: request.atomic,
            policy: request.policy,
            client_time_ms: Some(now.as_ms()),
            ..Meta::edit(&request.label)
        };
        if made.is_empty() {
            return Edited {
                created,
                ..Edited::default()
            };
        }
        let edited = self.make(now, made.clone(), bytes, meta.clone());
        if let Some(id) = &edited.id {
            self.record_undo(&made, bytes, &meta, id.clone());
        }
        self.settle(now);
        Edited { created, ..edited }
    }

    /// An id for an item that an edit will insert. An id that is never used does no harm.
    pub fn reserve_item(&mut self) -> ItemId {
        ItemId::from(self.ids.next())
    }

    /// Puts components of so many bytes into the view and the outbox and tells the change.
    pub(super) fn make(&mut self, now: Time, made: Components, bytes: usize, meta: Meta) -> Edited {
        let mut touched = Touched::default();
        touched.add(&made);
        touched.note_lists(&self.view);
        self.view.apply(&made);
        touched.note_lists(&self.view);
        let change = Change {
            revision: None,
            origin: Origin::Local,
            author: self.config.user.id.clone(),
            client: self.config.client.clone(),
            at_ms: now.as_ms(),
            label: meta.label.clone().unwrap_or_default(),
            kind: meta.kind,
            count: 1,
            paths: super::mirror::paths(&made),
            items: super::mirror::items(&made),
        };
        let id = self.outbox.push(made, bytes, meta, now);
        let changed = super::Changed {
            change: Some(change),
            ..self.mirror(&touched)
        };
        self.outputs.push_back(Output::Changed(changed));
        Edited {
            id: Some(id),
            ..Edited::default()
        }
    }
}

/// The bytes of an operation that the server will take. A poison operation must not enter the queue: the
/// server would refuse it for ever.
pub(super) fn within_limits(made: &Components) -> Result<usize, ErrorBody> {
    const BYTES_MAX: usize = OPERATION_BYTES_MAX - OPERATION_HEAD_BYTES_MAX;
    let json = components::to_json(made);
    components::from_json(&json).map_err(|error| error.body())?;
    let bytes = json.to_string().len();
    if bytes > BYTES_MAX {
        let error = ErrorBody::new(ErrorCode::TooLarge, "the change is too large");
        return Err(error
            .with("size_bytes", bytes)
            .with("limit_bytes", BYTES_MAX));
    }
    Ok(bytes)
}

/// Builds one operation, step by step.
struct Builder<'a> {
    /// The view after the steps so far.
    scratch: Document,
    ids: &'a mut Ids,
    made: Components,
    created: Vec<String>,
}

impl Builder<'_> {
    fn step(&mut self, step: &Step) -> Result<(), ErrorBody> {
        match step {
            Step::Set { path, value } => self.set(path, value),
            Step::Remove { path } => {
                let (item, path) = address(path)?;
                self.set_cell(item, path, None)
            }
            Step::Add { path, by } => self.add(path, *by),
            Step::Text { path, delta } => self.text(path, delta),
            Step::Insert {
                list,
                value,
                at,
                item,
            } => self.insert(list, value, at, item.as_deref()),
            Step::Move { item, list, at } => self.relocate(item, list, at),
            Step::Trash { item } => {
                let item = self.known(item)?;
                self.change_location(item, Location::Trash)
            }
        }
    }

    fn set(&mut self, path: &str, value: &Json) -> Result<(), ErrorBody> {
        let (item, path) = address(path)?;
        let value = self.plant(value)?;
        self.set_cell(item, path, Some(value))
    }

    fn set_cell(&mut self, item: ItemId, path: Path, new: Option<Value>) -> Result<(), ErrorBody> {
        if new.is_some() {
            self.ensure_above(item, &path)?;
        }
        let value = &self
            .scratch
            .item(item)
            .ok_or_else(|| missing("item"))?
            .value;
        let parent_fits = match path.ancestors().next() {
            Some(parent) => matches!(value.at(parent), Some(Value::Map(_))),
            None => new.is_some(),
        };
        if !parent_fits {
            return Err(missing("map"));
        }
        let old = value.at(path.as_str()).cloned();
        self.take(&Components::of_cell(
            item,
            path,
            CellChange::Set { old, new },
        ));
        Ok(())
    }

    /// Makes the maps above a cell that are not there, in a way that lets others do so as well.
    fn ensure_above(&mut self, item: ItemId, path: &Path) -> Result<(), ErrorBody> {
        let value = &self
            .scratch
            .item(item)
            .ok_or_else(|| missing("item"))?
            .value;
        let absent: Vec<Path> = path
            .ancestors()
            .take_while(|above| value.at(above).is_none())
            .filter_map(Path::parse)
            .collect();
        for above in absent.into_iter().rev() {
            self.take(&Components::of_cell(
                item,
                above,
                CellChange::Ensure(Container::Map),
            ));
        }
        Ok(())
    }

    fn add(&mut self, path: &str, by: i64) -> Result<(), ErrorBody> {
        let (item, path) = address(path)?;
        match self.scratch.value(item, path.as_str()) {
            Some(Value::Int(_)) => {
                self.take(&Components::of_cell(item, path, CellChange::Add(by)));
                Ok(())
            }
            Some(_) | None => Err(ErrorBody::new(
                ErrorCode::Type,
                "only an integer can be added to",
            )),
        }
    }

    fn text(&mut self, path: &str, delta: &Json) -> Result<(), ErrorBody> {
        let (item, path) = address(path)?;
        let delta = codec::components::delta(delta).map_err(|error| error.body())?;
        let Some(Value::Str(text)) = self.scratch.value(item, path.as_str()) else {
            return Err(ErrorBody::new(
                ErrorCode::Type,
                "only a string can be edited as text",
            ));
        };
        let misfit = || ErrorBody::new(ErrorCode::Op, "the text edit does not fit the text");
        let delta: Delta = delta.filled(text).ok_or_else(misfit)?;
        self.take(&Components::of_cell(item, path, CellChange::Text(delta)));
        Ok(())
    }

    fn insert(
        &mut self,
        list: &str,
        value: &Json,
        at: &Place,
        item: Option<&str>,
    ) -> Result<(), ErrorBody> {
        let list = self.list(list)?;
        let id = match item {
            Some(text) => text.parse().map_err(|_| missing("id"))?,
            None => ItemId::from(self.ids.next()),
        };
        if self.scratch.item(id).is_some() {
            return Err(ErrorBody::new(ErrorCode::Op, "the item exists already"));
        }
        let key = self.key(list, at, None)?;
        let value = self.plant(value)?;
        let change = ItemChange::New {
            value,
            location: Location::At(list, key),
        };
        self.take(&Components::of_item(id, change));
        self.created.push(id.to_string());
        Ok(())
    }

    fn relocate(&mut self, item: &str, list: &str, at: &Place) -> Result<(), ErrorBody> {
        let item = self.known(item)?;
        let list = self.list(list)?;
        if self.is_inside(list, item) {
            return Err(ErrorBody::new(
                ErrorCode::Op,
                "an item cannot be moved into itself",
            ));
        }
        let key = self.key(list, at, Some(item))?;
        self.change_location(item, Location::At(list, key))
    }

    fn change_location(&mut self, item: ItemId, new: Location) -> Result<(), ErrorBody> {
        let old = self
            .scratch
            .item(item)
            .ok_or_else(|| missing("item"))?
            .location
            .clone();
        self.take(&Components::of_item(item, ItemChange::Move { old, new }));
        Ok(())
    }

    /// Whether a list is in an item, at any depth. The server would drop a move into it.
    fn is_inside(&self, list: ListId, item: ItemId) -> bool {
        let mut holder = self.scratch.holder(list);
        for _ in 0..=LIST_DEPTH_MAX {
            match holder {
                Some(here) if here == item => return true,
                Some(here) => holder = self.scratch.parent(here),
                None => return false,
            }
        }
        false
    }

    /// The value of plain JSON; its arrays become new lists with new items.
    fn plant(&mut self, json: &Json) -> Result<Value, ErrorBody> {
        let plain = codec::plain_from_json(json).map_err(|error| error.body())?;
        let (value, items) = plant(&plain, &mut || self.ids.next());
        for (id, item) in items {
            let change = ItemChange::New {
                value: item.value,
                location: item.location,
            };
            self.take(&Components::of_item(id, change));
        }
        Ok(value)
    }

    /// An order key for `at` among the items of `list`, `moving` left aside.
    fn key(
        &mut self,
        list: ListId,
        at: &Place,
        moving: Option<ItemId>,
    ) -> Result<OrderKey, ErrorBody> {
        let siblings: Vec<(&OrderKey, ItemId)> = self
            .scratch
            .list(list)
            .filter(|(_, item)| Some(*item) != moving)
            .collect();
        let index = match at {
            Place::Start => 0,
            Place::End => siblings.len(),
            Place::Before(item) => position(&siblings, item)?,
            Place::After(item) => position(&siblings, item)? + 1,
        };
        let left = index.checked_sub(1).map(|left| siblings[left].0.clone());
        let right = siblings.get(index).map(|(key, _)| (*key).clone());
        let key = OrderKey::between(left.as_ref(), right.as_ref(), self.ids.next_unique());
        Ok(key)
    }

    /// The list that a cell holds; a list where there is nothing.
    fn list(&mut self, path: &str) -> Result<ListId, ErrorBody> {
        let (item, path) = address(path)?;
        match self.scratch.value(item, path.as_str()) {
            Some(Value::List(list)) => return Ok(*list),
            Some(_) => return Err(no_list()),
            None => self.ensure_above(item, &path)?,
        }
        let ensured = ListId::ensured(item, path.as_str());
        // A list that was here before and was removed with its items does not come back with them.
        let (list, change) = if self.scratch.list(ensured).next().is_some() {
            let list = ListId::from(self.ids.next());
            let new = Some(Value::List(list));
            (list, CellChange::Set { old: None, new })
        } else {
            (ensured, CellChange::Ensure(Container::List(ensured)))
        };
        self.take(&Components::of_cell(item, path.clone(), change));
        match self.scratch.value(item, path.as_str()) {
            Some(Value::List(_)) => Ok(list),
            Some(_) | None => Err(no_list()),
        }
    }

    /// An item other than the root.
    fn known(&self, text: &str) -> Result<ItemId, ErrorBody> {
        text.parse()
            .ok()
            .filter(|item| *item != ItemId::ROOT && self.scratch.item(*item).is_some())
            .ok_or_else(|| missing("item"))
    }

    fn take(&mut self, components: &Components) {
        self.scratch.apply(components);
        self.made = compose(std::mem::take(&mut self.made), components);
    }
}

fn position(siblings: &[(&OrderKey, ItemId)], item: &str) -> Result<usize, ErrorBody> {
    let item: Option<ItemId> = item.parse().ok();
    siblings
        .iter()
        .position(|(_, sibling)| Some(*sibling) == item)
        .ok_or_else(|| ErrorBody::new(ErrorCode::Index, "the neighbour is not in this list"))
}

fn address(text: &str) -> Result<(ItemId, Path), ErrorBody> {
    components::cell_address(text).map_err(|error| error.body())
}

fn no_list() -> ErrorBody {
    ErrorBody::new(ErrorCode::Type, "there is no list at this path")
}

fn missing(what: &str) -> ErrorBody {
    ErrorBody::new(ErrorCode::Path, format!("there is no such {what}"))
}
