//! json1, the operations of ShareDB's newer type.
//!
//! An operation has three phases. Everything that is picked up or removed leaves its place, said
//! by the indexes before the operation; then everything that is dropped or inserted gets its place,
//! said by the indexes after it, in order; then values are edited where they stand after it.

mod tree;

use std::collections::BTreeMap;

use coboard_ot::{Components, Delta, Document};
use coboard_protocol::codec::{components, plain_from_json};
use serde_json::Value as Json;

use crate::draft::{Draft, Taken};
use crate::error::{AdapterError, Refusal};
use crate::place::{Cell, Place, below, existing};
use tree::{Edit, Node};

/// A json1 operation as one operation on `document`.
///
/// Embedded types are `text-unicode` (`es`) and numbers (`ena`). `next_id` gives ids that were
/// never used.
///
/// # Errors
/// [`AdapterError`]; its number is always 0, for an operation is one tree.
pub fn json1(
    document: &Document,
    op: &Json,
    next_id: &mut dyn FnMut() -> u64,
) -> Result<Components, AdapterError> {
    let mut reader = Reader {
        before: document,
        draft: Draft::new(document, next_id),
        slots: BTreeMap::new(),
    };
    reader.read(op).map_err(|refusal| refusal.at(0))?;
    Ok(reader.draft.made)
}

struct Reader<'d, 'n> {
    /// The document before the operation.
    before: &'d Document,
    draft: Draft<'n>,
    /// What was picked up and not dropped yet.
    slots: BTreeMap<u64, Taken>,
}

impl Reader<'_, '_> {
    fn read(&mut self, op: &Json) -> Result<(), Refusal> {
        let tree = Node::parse(op)?;
        self.draft.spend(tree.size())?;
        self.pick_up(&tree, &Place::Root)?;
        self.drop_down(&tree, &Place::Root)?;
        if self.slots.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Malformed("something is picked up and not dropped"))
        }
    }

    /// From the inside out, so that what is picked up out of something removed survives.
    fn pick_up(&mut self, node: &Node<'_>, place: &Place) -> Result<(), Refusal> {
        if !node.picks {
            return Ok(());
        }
        let cell = existing(self.before, place)?;
        for (step, child) in &node.children {
            if child.picks {
                let place = below(self.before, &cell, step)?;
                self.pick_up(child, &place)?;
            }
        }
        if node.pick.is_none() && !node.remove {
            return Ok(());
        }
        let taken = match place {
            // The root cannot go; what is inserted there replaces it.
            Place::Root if node.pick.is_none() && node.insert.is_some() => return Ok(()),
            // Indexes are those before the operation; by now the list may be shorter.
            Place::Index(..) => self.draft.take_out_item(cell.item),
            Place::Root | Place::Key(_) => self.draft.take_out(place)?,
        };
        if let Some(slot) = node.pick
            && self.slots.insert(slot, taken).is_some()
        {
            return Err(Refusal::Malformed("a slot is picked up twice"));
        }
        Ok(())
    }

    /// From the outside in, in order.
    fn drop_down(&mut self, node: &Node<'_>, place: &Place) -> Result<(), Refusal> {
        if !node.drops {
            return Ok(());
        }
        if let Some(slot) = node.drop {
            let taken = self.slots.remove(&slot);
            let taken = taken.ok_or(Refusal::Malformed("what is dropped was not picked up"))?;
            self.draft.put(place, taken)?;
        }
        if let Some(value) = node.insert {
            self.draft.add(place, &plain_from_json(value)?)?;
        }
        let cell = existing(&self.draft.document, place)?;
        for edit in &node.edits {
            self.edit(&cell, edit)?;
        }
        for (step, child) in &node.children {
            if child.drops {
                let place = below(&self.draft.document, &cell, step)?;
                self.drop_down(child, &place)?;
            }
        }
        Ok(())
    }

    fn edit(&mut self, cell: &Cell, edit: &Edit<'_>) -> Result<(), Refusal> {
        match edit {
            Edit::Text(json) => {
                let delta: Delta = components::delta(json)?;
                self.draft.edit_text(cell, &delta)
            }
            Edit::Add(json) => self.draft.add_number(cell, &plain_from_json(json)?),
        }
    }
}
