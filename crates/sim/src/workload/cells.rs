//! A cell somewhere in a document, by chance.

use coboard_protocol::ot::{Document, ItemId, Location, Value};
use coboard_testkit::Random;

use super::NOTES;

/// The address of a cell whose value is `wanted`, mostly of one that is not deleted. Counts first and
/// spells only the one that was chosen: documents are searched more often than anything else here.
pub(super) fn cell(
    random: &mut Random,
    view: &Document,
    wanted: impl Fn(&Value) -> bool,
) -> Option<String> {
    let everywhere = random.chance(10);
    let searched = || {
        view.items().filter(|(id, item)| {
            everywhere || *id == ItemId::ROOT || item.location != Location::Trash
        })
    };
    let count = |value: &Value| {
        let mut count = 0;
        for_each(value, &mut |value| count += usize::from(wanted(value)));
        count
    };
    let total = searched().map(|(_, item)| count(&item.value)).sum();
    let mut left = random.below(total);
    for (id, item) in searched() {
        let here = count(&item.value);
        if left < here {
            let mut address = format!("@{id}");
            spell(&item.value, &wanted, &mut left, &mut address);
            return (address != NOTES).then_some(address);
        }
        left -= here;
    }
    None
}

fn for_each(value: &Value, found: &mut impl FnMut(&Value)) {
    found(value);
    if let Value::Map(map) = value {
        for (_, value) in &**map {
            for_each(value, found);
        }
    }
}

/// Puts the path of the wanted value number `left` behind the address. True once it is found.
fn spell(
    value: &Value,
    wanted: &impl Fn(&Value) -> bool,
    left: &mut usize,
    address: &mut String,
) -> bool {
    if wanted(value) {
        if *left == 0 {
            return true;
        }
        *left -= 1;
    }
    let Value::Map(map) = value else { return false };
    for (key, value) in &**map {
        let length = address.len();
        address.push('/');
        address.push_str(&key.replace('~', "~0").replace('/', "~1"));
        if spell(value, wanted, left, address) {
            return true;
        }
        address.truncate(length);
    }
    false
}
