//! Rectangles in grid cells.

/// Columns of a grid. Source: Grafana, both schemas.
pub const COLUMNS: i64 = 24;
/// Tallest widget in rows; what is taller is a mistake in the file. A guess.
pub const HEIGHT_MAX: i64 = 500;
/// Lowest row at which an author may put a widget.
///
/// Those that make way may end below it, each at the end of another one, so of n widgets none is
/// put below `TOP_MAX + n * HEIGHT_MAX`. A guess, far from any dashboard and from overflow.
pub const TOP_MAX: i64 = 1_000_000;

/// A rectangle in grid cells; `x` and `y` are its first column and row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rect {
    /// First column, from 0.
    pub x: i64,
    /// First row, from 0.
    pub y: i64,
    /// Columns.
    pub w: i64,
    /// Rows.
    pub h: i64,
}

impl Rect {
    /// The row below it.
    pub fn bottom(&self) -> i64 {
        self.y + self.h
    }

    /// Whether the two have a cell in common. Touching edges have none.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether it lies within a grid of `columns`, is not empty and not taller than [`HEIGHT_MAX`].
    pub fn is_inside(&self, columns: i64) -> bool {
        self.x >= 0
            && self.y >= 0
            && self.w >= 1
            && self.w <= columns - self.x
            && (1..=HEIGHT_MAX).contains(&self.h)
    }

    /// The nearest rectangle inside a grid of `columns`.
    pub(crate) fn clamped(self, columns: i64) -> Self {
        let w = self.w.max(1).min(columns);
        Self {
            x: self.x.max(0).min(columns - w),
            y: self.y.clamp(0, Y_MAX),
            w,
            h: self.h.clamp(1, HEIGHT_MAX),
        }
    }
}

/// No row is counted beyond it, so that sums never overflow.
const Y_MAX: i64 = 1 << 48;
