//! The packing of a grid, for those who show one.

use coboard_layout::Rect;
use wasm_bindgen::prelude::*;

/// Numbers of one rectangle: x, y, width, height.
const CELLS: usize = 4;

/// Packs rectangles towards the top. Both ways four numbers each, the one with the smallest
/// identity first; numbers, not JSON, for this is called in every frame of a drag.
#[wasm_bindgen]
pub fn compact(cells: &[f64], columns: u32) -> Vec<f64> {
    let mut stored = Vec::with_capacity(cells.len() / CELLS);
    for rect in cells.chunks_exact(CELLS) {
        if let [x, y, w, h] = rect {
            let [x, y, w, h] = [cell(*x), cell(*y), cell(*w), cell(*h)];
            stored.push((stored.len() as u64, Rect { x, y, w, h }));
        }
    }
    let mut packed = Vec::with_capacity(cells.len());
    for rect in coboard_layout::compact(&stored, i64::from(columns)) {
        for cell in [rect.x, rect.y, rect.w, rect.h] {
            packed.push(cell as f64);
        }
    }
    packed
}

/// As `Math.round`; the conversion saturates, and what is not a number becomes 0.
fn cell(number: f64) -> i64 {
    (number + 0.5).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_like_in_javascript() {
        let packed = compact(&[0.5, 7.0, -0.5, f64::NAN, 23.6, 1e300, 2.4, 3.5], 24);
        assert_eq!(packed, [1.0, 0.0, 1.0, 1.0, 22.0, 0.0, 2.0, 4.0]);
        assert!(compact(&[], 24).is_empty());
    }
}
