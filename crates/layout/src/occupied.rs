//! Which cells are taken.

use std::collections::BTreeMap;

use crate::rect::{COLUMNS, Rect};

/// Gaps that a widget on its way down looks at before it goes below everything in its columns.
/// Only a grid that was made to be slow has more of them. Keeps the cost linear.
const GAPS_MAX: usize = 64;

/// The taken cells of a grid, column by column.
#[derive(Debug)]
pub(crate) struct Occupied {
    /// First row and the row after the last, without overlaps; what touches is one.
    columns: Vec<BTreeMap<i64, i64>>,
}

impl Occupied {
    pub(crate) fn new() -> Self {
        Self {
            columns: vec![BTreeMap::new(); COLUMNS as usize],
        }
    }

    /// Where a rectangle comes to stand: the first free place straight down, its own if it is free.
    pub(crate) fn lower(&self, rect: Rect) -> Rect {
        let mut rect = rect;
        for _ in 0..GAPS_MAX {
            match self.obstacle_end(&rect) {
                Some(end) => rect.y = end,
                None => return rect,
            }
        }
        rect.y = rect.y.max(self.bottom(&rect));
        rect
    }

    /// Takes the cells of a rectangle that is inside the grid and overlaps nothing taken.
    pub(crate) fn take(&mut self, rect: &Rect) {
        for rows in self.of_mut(rect) {
            let (mut start, mut end) = (rect.y, rect.bottom());
            if let Some((above, above_end)) = rows.range(..start).next_back()
                && *above_end == start
            {
                start = *above;
            }
            if let Some(below_end) = rows.remove(&end) {
                end = below_end;
            }
            rows.insert(start, end);
        }
    }

    /// The lowest end of what the rectangle overlaps. No place above it is free: what ends there
    /// begins before the rectangle ends.
    fn obstacle_end(&self, rect: &Rect) -> Option<i64> {
        let lowest = |rows: &BTreeMap<i64, i64>| {
            let (_, end) = rows.range(..rect.bottom()).next_back()?;
            (*end > rect.y).then_some(*end)
        };
        self.of(rect).iter().filter_map(lowest).max()
    }

    /// The end of everything in the columns of a rectangle.
    fn bottom(&self, rect: &Rect) -> i64 {
        let ends = self.of(rect).iter().filter_map(BTreeMap::last_key_value);
        ends.map(|(_, end)| *end).max().unwrap_or(0)
    }

    fn of(&self, rect: &Rect) -> &[BTreeMap<i64, i64>] {
        &self.columns[rect.x as usize..(rect.x + rect.w) as usize]
    }

    fn of_mut(&mut self, rect: &Rect) -> &mut [BTreeMap<i64, i64>] {
        &mut self.columns[rect.x as usize..(rect.x + rect.w) as usize]
    }
}
