//! Which of the things that an operation touched were meant.

use coboard_protocol::ot::ItemId;

use crate::object::Object;
use crate::touched::{Fate, Touched};

/// What follows from something else is not told: widgets that go into a row that is folded, and those
/// that make way for another one.
pub(crate) fn subsume(touched: &mut [Touched], label: &str) {
    let rows: Vec<ItemId> = touched
        .iter()
        .filter(|thing| thing.folded.is_some())
        .map(|thing| thing.object.item)
        .collect();
    let folded = |row: &Option<Object>| row.as_ref().is_some_and(|row| rows.contains(&row.item));
    for thing in touched.iter_mut() {
        let of_folded = thing.rows.as_ref();
        if of_folded.is_some_and(|(from, to)| folded(from) || folded(to)) {
            thing.rows = None;
            thing.placed = None;
        }
    }
    let others_lead = !rows.is_empty()
        || touched
            .iter()
            .any(|thing| thing.fate != Fate::Stays || is_led(thing) == Some(false));
    let leaders = if others_lead {
        Vec::new()
    } else {
        leaders(touched, label)
    };
    for thing in touched.iter_mut() {
        if is_led(thing) == Some(true) && !leaders.contains(&thing.object.item) {
            thing.placed = None;
            thing.rows = None;
        }
    }
}

/// Of things that all went up or down, those that were meant; the others made way.
fn leaders(touched: &[Touched], label: &str) -> Vec<ItemId> {
    let led: Vec<(&Object, i64)> = touched
        .iter()
        .filter(|thing| is_led(thing) == Some(true))
        .filter_map(|thing| Some((&thing.object, thing.placed?)))
        .map(|(object, (from, to))| (object, to.y - from.y))
        .collect();
    let ids = |meant: &dyn Fn(&(&Object, i64)) -> bool| -> Vec<ItemId> {
        let meant = led.iter().filter(|one| meant(one));
        meant.map(|(object, _)| object.item).collect()
    };
    // The label of an edit names what was moved, as far as that has a name of its own.
    let named = ids(&|(object, _)| !object.title.is_empty() && label.ends_with(&object.title));
    if !named.is_empty() {
        return named;
    }
    // Who makes way goes down.
    let up = ids(&|(_, down)| *down < 0);
    if up.len() == 1 {
        return up;
    }
    if led.windows(2).all(|pair| pair[0].1 == pair[1].1) {
        return ids(&|_| true);
    }
    let furthest = led.iter().max_by_key(|(_, down)| down.abs());
    furthest
        .map(|(object, _)| object.item)
        .into_iter()
        .collect()
}

/// Whether a thing only went up or down, as those do that make way; `None` if it was not placed, or
/// came or went.
fn is_led(thing: &Touched) -> Option<bool> {
    let (from, to) = thing.placed.filter(|_| thing.fate == Fate::Stays)?;
    Some((from.x, from.w, from.h) == (to.x, to.w, to.h))
}
