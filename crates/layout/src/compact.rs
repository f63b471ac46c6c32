//! How a grid is shown, from where its widgets are stored.

use crate::rect::Rect;

/// Packs rectangles towards the top of a grid of `columns`.
///
/// Each comes with the identity of its widget. They sink in reading order (row, column, identity)
/// and rest on those before them; columns are left alone, except that what stands outside comes in.
/// The result is in the order of the input. Cost: O(n · (log n + columns)) and n insertions into
/// one vector, which is quick for the thousands that a grid may have.
///
/// # Laws
/// No two overlap and all are inside. Packing what is packed changes nothing. The order of the
/// input has no effect on where a widget goes.
pub fn compact(stored: &[(u64, Rect)], columns: i64) -> Vec<Rect> {
    let columns = columns.clamp(1, COLUMNS_MAX);
    let mut packed = Vec::with_capacity(stored.len());
    // Inserted one by one: this runs in the browser, where the code of a sort weighs more.
    let mut order: Vec<(i64, i64, u64, usize)> = Vec::with_capacity(stored.len());
    for (item, rect) in stored {
        let rect = rect.clamped(columns);
        let key = (rect.y, rect.x, *item, packed.len());
        order.insert(order.partition_point(|other| *other < key), key);
        packed.push(rect);
    }
    let mut skyline = vec![0; columns as usize];
    for (.., index) in order {
        let Some(rect) = packed.get_mut(index) else {
            continue;
        };
        rect.y = 0;
        let columns = skyline.iter_mut().skip(rect.x as usize);
        for bottom in columns.take(rect.w as usize) {
            rect.y = rect.y.max(*bottom);
        }
        let columns = skyline.iter_mut().skip(rect.x as usize);
        for bottom in columns.take(rect.w as usize) {
            *bottom = rect.bottom();
        }
    }
    packed
}

/// Widest grid that is packed; bounds the memory of the skyline.
const COLUMNS_MAX: i64 = 1_000;
