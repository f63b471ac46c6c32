//! Writing to what may be shared.

use triomphe::Arc;

/// What a pointer points to, copied first if it is shared.
///
/// As `Arc::make_mut`, but of that the rare part is compiled into the frequent one. Measured
/// 2026-11: a level costs 16 instructions with that one.
#[inline]
pub(crate) fn own<T: Clone>(shared: &mut Arc<T>) -> &mut T {
    if !Arc::is_unique(shared) {
        copy(shared);
    }
    Arc::get_mut(shared).expect("it is not shared")
}

#[cold]
#[inline(never)]
fn copy<T: Clone>(shared: &mut Arc<T>) {
    *shared = Arc::new(T::clone(shared));
}
