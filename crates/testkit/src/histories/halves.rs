//! One step made by two people: one changes the first half of the panels, the other the second.

use coboard_ot::{Components, Document, ItemId, Json as Plain, Side, Value, commit, transform};

use super::Report;

impl Report {
    /// Merges the two halves of `op` in both orders. `next` is the document after the whole of it.
    pub(super) fn halves(
        &mut self,
        number: usize,
        document: &Document,
        next: &Document,
        new: &Plain,
        op: &Components,
    ) {
        let (first, second) = split(document, next, op);
        self.merged += usize::from(!first.is_empty() && !second.is_empty());
        if first.len() + second.len() != op.len() {
            self.fail(number, "the halves are not the whole");
        }
        for (earlier, later) in [(&first, &second), (&second, &first)] {
            let mut merged = document.clone();
            merged.apply(&commit(document, earlier.clone()).components);
            let later = transform(later.clone(), earlier, Side::Later);
            let committed = commit(&merged, later.components);
            merged.apply(&committed.components);
            if merged.export() != *new {
                self.fail(
                    number,
                    "two halves made at one time do not give the version",
                );
            }
            if !later.conflicts.is_empty() || !committed.conflicts.is_empty() {
                self.fail(number, "the two halves meet");
            }
        }
    }
}

/// The components below the second half of the panels, and all others before them.
fn split(document: &Document, next: &Document, op: &Components) -> (Components, Components) {
    let ranks = [panels(next), panels(document)];
    let half = ranks.iter().map(Vec::len).max().unwrap_or(0) / 2;
    let is_second = |item: ItemId| {
        // Where it stands after the step counts; what is gone, where it stood before.
        [next, document]
            .iter()
            .zip(&ranks)
            .find_map(|(document, ranks)| {
                let panel = top(document, item)?;
                ranks.iter().position(|other| *other == panel)
            })
            >= Some(half.max(1))
    };
    let part = |second: bool| {
        let cells = op.cells().filter(|(item, ..)| is_second(*item) == second);
        let items = op.items().filter(|(item, _)| is_second(*item) == second);
        Components::from_parts(
            cells.map(|(item, path, change)| (item, path.clone(), change.clone())),
            items.map(|(item, change)| (item, change.clone())),
        )
        .expect("a part of a normal form is one")
    };
    (part(false), part(true))
}

/// The panels of the dashboard in order; those inside of rows are not counted.
fn panels(document: &Document) -> Vec<ItemId> {
    match document.value(ItemId::ROOT, "/panels") {
        Some(Value::List(list)) => document.list(*list).map(|(_, item)| item).collect(),
        Some(_) | None => Vec::new(),
    }
}

/// The outermost item that `item` stands in; `None` if it cannot be reached from the root.
fn top(document: &Document, item: ItemId) -> Option<ItemId> {
    let mut at = item;
    loop {
        match document.parent(at)? {
            ItemId::ROOT => return Some(at),
            parent => at = parent,
        }
    }
}
