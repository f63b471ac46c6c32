//! Attribution against a model that keeps a tag at every value and every character.

use std::collections::BTreeMap;

use coboard_ot::attribution::{Attribution, RUNS_PER_TEXT_MAX};
use coboard_ot::{
    Change, Components, Delta, Document, ItemChange, ItemId, Part, Path, Value, commit, invert,
};
use coboard_testkit::{Generator, Model, Random, Taste, build};

type Tag = usize;

/// A value with a tag at each place; a text with one at each character.
#[derive(Clone)]
struct Tagged {
    tag: Option<Tag>,
    what: What,
}

#[derive(Clone)]
enum What {
    Map(BTreeMap<String, Tagged>),
    Text(Vec<(char, Option<Tag>)>),
    Other,
}

impl Tagged {
    fn of(value: &Value, tag: Option<Tag>) -> Self {
        let what = match value {
            Value::Map(map) => {
                let entries = map.iter();
                What::Map(
                    entries
                        .map(|(k, v)| (k.to_string(), Self::of(v, tag)))
                        .collect(),
                )
            }
            Value::Str(text) => What::Text(text.chars().map(|c| (c, tag)).collect()),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) => {
                What::Other
            }
        };
        Self { tag, what }
    }

    fn change(&mut self, keys: &[String], change: &Change, tag: Tag) {
        let Some((key, rest)) = keys.split_first() else {
            return self.change_here(change, tag);
        };
        let What::Map(map) = &mut self.what else {
            panic!("committed components fit");
        };
        match (change, rest) {
            (Change::Set { new: None, .. }, []) => {
                map.remove(key);
            }
            (Change::Set { new: Some(new), .. }, []) => {
                map.insert(key.clone(), Self::of(new, Some(tag)));
            }
            (Change::Ensure(container), []) => {
                map.insert(key.clone(), Self::of(&container.value(), Some(tag)));
            }
            _ => map
                .get_mut(key)
                .expect("it is there")
                .change(rest, change, tag),
        }
    }

    fn change_here(&mut self, change: &Change, tag: Tag) {
        match change {
            Change::Set { new, .. } => {
                *self = Self::of(new.as_ref().expect("an item has a value"), Some(tag));
            }
            Change::Text(delta) => {
                let What::Text(text) = &mut self.what else {
                    panic!("it is a text");
                };
                let mut at = 0;
                for part in delta.parts() {
                    match part {
                        Part::Skip(count) => at += count,
                        Part::Insert(new) => {
                            let new = new.chars().map(|c| (c, Some(tag)));
                            let len = new.clone().count();
                            text.splice(at..at, new);
                            at += len;
                        }
                        Part::Delete { count, .. } => {
                            text.drain(at..at + count);
                        }
                    }
                }
            }
            Change::Add(_) | Change::Ensure(_) => {}
        }
        self.tag = Some(tag);
    }

    fn check(&self, tags: &Attribution<Tag>, id: ItemId, path: &Path) -> usize {
        let cell = tags.item(id).and_then(|tags| tags.cell(path));
        assert_eq!(cell.map(|cell| cell.last), self.tag, "@{id}{path}");
        match &self.what {
            What::Map(map) => map
                .iter()
                .map(|(key, value)| value.check(tags, id, &path.child(key)))
                .sum(),
            What::Text(text) => {
                let Some(known) = cell.and_then(|cell| cell.text.as_ref()) else {
                    assert!(text.iter().all(|(_, tag)| *tag == self.tag));
                    return 0;
                };
                let runs = known.runs.iter();
                let runs = runs.flat_map(|(len, tag)| std::iter::repeat_n(*tag, *len));
                let all = runs.chain(std::iter::repeat(known.rest));
                for (at, ((_, tag), found)) in text.iter().zip(all).enumerate() {
                    assert_eq!(found, *tag, "@{id}{path} character {at}");
                }
                1
            }
            What::Other => 0,
        }
    }
}

fn apply(model: &mut BTreeMap<ItemId, Tagged>, op: &Components, tag: Tag) {
    for (id, change) in op.items() {
        if let ItemChange::New { value, .. } = change {
            model.insert(id, Tagged::of(value, Some(tag)));
        }
    }
    for (id, path, change) in op.cells() {
        let keys: Vec<String> = path.keys().map(|key| key.into_owned()).collect();
        let item = model.get_mut(&id).expect("committed components fit");
        item.change(&keys, change, tag);
    }
}

#[test]
fn every_cell_and_every_character_has_the_tag_of_its_writer() {
    let mut texts = 0;
    for seed in 0..400 {
        let mut random = Random::new(seed, 1);
        let mut edits = Generator::new(Random::new(seed, 2), Taste::Text);
        let mut document = edits.document().to_document();
        let mut model: BTreeMap<ItemId, Tagged> = document
            .items()
            .map(|(id, item)| (id, Tagged::of(&item.value, None)))
            .collect();
        let mut tags = Attribution::new();
        let mut moved = BTreeMap::new();
        let mut last = Components::new();
        for tag in 0..30 {
            // Now and then the one before is taken back: that writes too.
            let op = if random.chance(20) {
                invert(&last)
            } else {
                let mut state = Model::of(&document);
                let made = edits.edits(&state, 1);
                build(&mut state, &made)
            };
            let op = commit(&document, op).components;
            document.apply(&op);
            apply(&mut model, &op, tag);
            tags.fold(&op, tag);
            for (id, change) in op.items() {
                if let ItemChange::Move { .. } = change {
                    moved.insert(id, tag);
                }
            }
            last = op;
        }
        for (id, item) in &model {
            texts += item.check(&tags, *id, &Path::whole());
            let known = tags.item(*id).and_then(|tags| tags.moved);
            assert_eq!(known, moved.get(id).copied());
        }
    }
    assert!(texts > 300, "{texts} texts were edited");
}

#[test]
fn a_text_of_many_stretches_stays_bounded_and_keeps_its_length() {
    let mut document = Document::new();
    let mut tags = Attribution::new();
    let path = Path::of(["text"]);
    let cell = |change| Components::of_cell(ItemId::ROOT, path.clone(), change);
    let text = "x".repeat(3 * RUNS_PER_TEXT_MAX);
    let set = Change::Set {
        old: None,
        new: Some(Value::Str(text.as_str().into())),
    };
    document.apply(&cell(set.clone()));
    tags.fold(&cell(set), 0);
    let mut len = text.len();
    for tag in 1..=RUNS_PER_TEXT_MAX {
        let delta = Delta::from_parts([Part::Skip(tag * 3), Part::Insert("y".to_owned())]);
        tags.fold(&cell(Change::Text(delta)), tag);
        len += 1;
        let cell = tags.item(ItemId::ROOT).and_then(|tags| tags.cell(&path));
        let runs = &cell
            .and_then(|cell| cell.text.as_ref())
            .expect("a text")
            .runs;
        assert!(runs.len() <= RUNS_PER_TEXT_MAX);
        assert!(runs.iter().map(|(len, _)| len).sum::<usize>() <= len);
    }
}
