//! Changes by the server itself, on behalf of somebody who has no session.

use coboard_protocol::ot::{
    Change as CellChange, Components, Document, Item, ItemChange, ItemId, Json, Path, Value, plant,
};
use coboard_protocol::{Meta, Revision};

use crate::limits::TAGS_MAX;

/// Ids that one change may use up: a list and an item for each tag.
pub(super) const IDS_PER_CHANGE: u64 = 128;
const _: () = assert!(TAGS_MAX as u64 + 1 < IDS_PER_CHANGE);

/// A change of a dashboard from outside; what is absent stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Change {
    /// The new title.
    pub(crate) title: Option<String>,
    /// All tags.
    pub(crate) tags: Option<Vec<String>>,
}

/// A document at a revision. Cloning it is cheap.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// What it holds.
    pub(crate) document: Document,
    /// At which revision.
    pub(crate) revision: Revision,
}

impl Change {
    /// Whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the change is called in the history.
    pub(super) fn meta(&self) -> Meta {
        Meta::edit(match (&self.title, &self.tags) {
            (Some(_), None) => "rename dashboard",
            (None, Some(_)) => "change tags",
            (Some(_), Some(_)) | (None, None) => "change title and tags",
        })
    }

    /// The components of the change. New ids are made of the server's client number and of `sequence`,
    /// which no other operation of that client has.
    pub(super) fn components(&self, client_number: u32, sequence: u64) -> Components {
        let mut counter = sequence * IDS_PER_CHANGE;
        let mut next_id = || {
            counter += 1;
            (u64::from(client_number) << 32) | counter
        };
        let mut cells = Vec::new();
        let mut items: Vec<(ItemId, ItemChange)> = Vec::new();
        let mut set = |key, value| {
            let change = CellChange::Set {
                old: None,
                new: Some(value),
            };
            cells.push((ItemId::ROOT, Path::of([key]), change));
        };
        if let Some(title) = &self.title {
            set("title", Value::Str(title.as_str().into()));
        }
        if let Some(tags) = &self.tags {
            let tags = tags
                .iter()
                .map(|tag| Json::Str(tag.as_str().into()))
                .collect();
            let (list, planted) = plant(&Json::List(tags), &mut next_id);
            set("tags", list);
            items.extend(
                planted.into_iter().map(|(id, Item { value, location })| {
                    (id, ItemChange::New { value, location })
                }),
            );
        }
        Components::from_parts(cells, items)
            .expect("title and tags are different cells, ids are new")
    }
}

#[cfg(test)]
mod tests {
    use coboard_protocol::codec::plain_to_json;

    use super::*;

    #[test]
    fn a_change_of_title_and_tags_is_seen_in_the_export() {
        let mut document = Document::new();
        for (sequence, tags) in [
            (2, vec!["a".to_owned(), "b".to_owned()]),
            (3, vec!["c".to_owned()]),
        ] {
            let change = Change {
                title: Some(format!("t{sequence}")),
                tags: Some(tags),
            };
            document.apply(&change.components(1, sequence));
        }
        let json = plain_to_json(&document.export());
        assert_eq!(json, serde_json::json!({"title": "t3", "tags": ["c"]}));
    }
}
