//! How a grid is shown, from where its widgets are stored.

use crate::rect::Rect;

/// Packs rectangles towards the top of a grid of `columns`.
///
/// Each comes with the identity of its widget. They sink in reading order (row, column, identity)
/// and rest on those before them; columns are left alone, except that what stands outside comes in.
/// The result is in the order of the input. Cost: O(n · (log n + columns)).
///
/// # Laws
/// No two overlap and all are inside. Packing what is packed changes nothing. The order of the
/// input has no effect on where a widget goes.
pub fn compact(stored: &[(u64, Rect)], columns: i64) -> Vec<Rect> {
    let columns = columns.clamp(1, COLUMNS_MAX);
    let mut packed: Vec<Rect> = stored.iter().map(|(_, r)| r.clamped(columns)).collect();
    let mut order: Vec<usize> = (0..stored.len()).collect();
    order.sort_unstable_by_key(|index| (packed[*index].y, packed[*index].x, stored[*index].0));
    let mut skyline = vec![0; columns as usize];
    for index in order {
        let rect = &mut packed[index];
        let below = &mut skyline[rect.x as usize..(rect.x + rect.w) as usize];
        rect.y = below.iter().copied().max().unwrap_or(0);
        below.fill(rect.bottom());
    }
    packed
}

/// Widest grid that is packed; bounds the memory of the skyline.
const COLUMNS_MAX: i64 = 1_000;
