//! The two halves of the sync protocol without input or output: the client machine and the Room.
//!
//! Both follow one **drain rule**: one `handle`, then `poll` until `None`, then wait for input
//! or for `next_timeout`. Neither reads a clock, draws a random number, sends a byte or touches
//! a disk: time and answers come in as inputs, wishes go out as outputs. That is what makes them
//! the same in the server, in a native client, in the browser and in simulation.

pub mod client;
mod covered;
mod difference;
pub mod room;
#[cfg(feature = "sabotage")]
pub mod sabotage;
mod time;

pub use time::Time;

/// What creates a document: the operation that stands at revision 1 of every dashboard.
///
/// `json` becomes the value of the root; its arrays become lists with items. Every replica that
/// imports the same JSON gets the same components.
pub fn import_components(json: &coboard_ot::Json) -> coboard_ot::Components {
    use coboard_ot::{Change, Components, Document, ItemChange, ItemId, Path, Value};

    let document = Document::import(json);
    let mut cells = Vec::new();
    let mut items = Vec::new();
    for (id, item) in document.items() {
        if id == ItemId::ROOT {
            let change = Change::Set {
                old: Some(Value::map()),
                new: Some(item.value.clone()),
            };
            cells.push((id, Path::whole(), change));
        } else {
            let (value, location) = (item.value.clone(), item.location.clone());
            items.push((id, ItemChange::New { value, location }));
        }
    }
    Components::from_parts(cells, items).expect("a fresh document has no item twice")
}
