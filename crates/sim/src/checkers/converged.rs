//! The log replayed, the room, each snapshot with the tail on top, and what everybody sees agree.

use coboard_protocol::codec::value_to_json;
use coboard_protocol::ot::{Document, DocumentHash, ItemId};
use serde_json::Value as Json;

use super::Verdict;
use crate::world::{Person, World};

pub(super) fn check(world: &World) -> Verdict {
    let replayed = world.log.replay(world.log.head());
    for (revision, snapshot) in &world.log.snapshots {
        let mut document = snapshot.clone();
        for entry in world.log.after(*revision) {
            document.apply(&entry.components);
        }
        same(
            &format!("snapshot {revision} and tail"),
            &document,
            &replayed,
        )?;
    }
    if let Some(room) = &world.server.room {
        same("the room", room.document(), &replayed)?;
    }
    for person in &world.people {
        let name = &person.client;
        same(
            &format!("{name}, committed"),
            person.machine.committed(),
            &replayed,
        )?;
        same(&format!("{name}, view"), person.machine.view(), &replayed)?;
        mirror(person, &replayed)?;
    }
    Ok(())
}

fn same(what: &str, document: &Document, expected: &Document) -> Verdict {
    if document == expected {
        // The hash is all that clients have to compare, so it must agree where documents do.
        let hashes = (DocumentHash::of(document), DocumentHash::of(expected));
        return match hashes.0 == hashes.1 {
            true => Ok(()),
            false => Err(format!("{what}: equal documents hash to {hashes:?}")),
        };
    }
    let differs = |id: &ItemId| document.item(*id) != expected.item(*id);
    let ids = document.items().chain(expected.items()).map(|(id, _)| id);
    let first = ids.into_iter().find(differs);
    let (here, there) = (
        first.and_then(|id| document.item(id)),
        first.and_then(|id| expected.item(id)),
    );
    Err(format!(
        "{what}: item {first:?}\n  is {here:?}\n  not {there:?}"
    ))
}

/// What the machine told about changes adds up to the document.
fn mirror(person: &Person, expected: &Document) -> Verdict {
    for (id, item) in expected.items() {
        let told = person.items.get(&id.to_string());
        let value = value_to_json(&item.value);
        if told != Some(&value) {
            return Err(format!(
                "{} was told {told:?} of item {id}, which is {value}",
                person.client
            ));
        }
    }
    for (id, told) in &person.items {
        let known = id.parse().ok().and_then(|id| expected.item(id));
        if known.is_none() && *told != Json::Null {
            return Err(format!("{} was told of item {id}", person.client));
        }
    }
    let lists: std::collections::BTreeSet<_> = expected
        .items()
        .filter_map(|(id, _)| expected.list_of(id))
        .collect();
    for list in lists {
        let order: Vec<String> = expected.list(list).map(|(_, id)| id.to_string()).collect();
        if person.lists.get(&list.to_string()) != Some(&order) {
            return Err(format!(
                "{} was told another order of list {list}",
                person.client
            ));
        }
    }
    Ok(())
}
