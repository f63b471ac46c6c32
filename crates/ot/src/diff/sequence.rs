//! What two sequences have in common, in order.

/// A run that both sequences have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    /// Where it starts in the old sequence.
    pub(super) old: usize,
    /// Where it starts in the new one.
    pub(super) new: usize,
    /// How long it is; never 0.
    pub(super) len: usize,
}

/// The runs of a longest common subsequence, in order.
///
/// If the sequences differ by more than `edits_max` deletions and insertions, only their common
/// beginning and end are given. Source: E. Myers, "An O(ND) difference algorithm", 1986.
/// Cost: O((n + m) · edits) time, O(edits²) memory.
pub(super) fn common<T: PartialEq>(old: &[T], new: &[T], edits_max: usize) -> Vec<Run> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let mut runs = Vec::new();
    push(&mut runs, 0, 0, head);
    let old_middle = &old_rest[..old_rest.len() - tail];
    let new_middle = &new_rest[..new_rest.len() - tail];
    for run in middle(old_middle, new_middle, edits_max) {
        push(&mut runs, head + run.old, head + run.new, run.len);
    }
    push(&mut runs, old.len() - tail, new.len() - tail, tail);
    runs
}

fn push(runs: &mut Vec<Run>, old: usize, new: usize, len: usize) {
    match runs.last_mut() {
        Some(last) if last.old + last.len == old && last.new + last.len == new => last.len += len,
        Some(_) | None if len > 0 => runs.push(Run { old, new, len }),
        Some(_) | None => {}
    }
}

fn middle<T: PartialEq>(old: &[T], new: &[T], edits_max: usize) -> Vec<Run> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    furthest(old, new, edits_max)
        .map_or_else(Vec::new, |rounds| trace(&rounds, old.len(), new.len()))
}

/// For each number of edits d the furthest place x in `old` on each diagonal x − y = 2 · index − d.
/// `None` if `edits_max` edits do not reach the end.
fn furthest<T: PartialEq>(old: &[T], new: &[T], edits_max: usize) -> Option<Vec<Vec<usize>>> {
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    for d in 0..=edits_max.min(old.len() + new.len()) {
        let mut round = Vec::with_capacity(d + 1);
        for index in 0..=d {
            let (mut x, _) = step(rounds.last(), index);
            let mut y = x + d - 2 * index;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                x += 1;
                y += 1;
            }
            round.push(x);
            if x >= old.len() && y >= new.len() {
                rounds.push(round);
                return Some(rounds);
            }
        }
        rounds.push(round);
    }
    None
}

/// Where the next round starts on its diagonal number `index`, and whether by an insertion.
///
/// An insertion comes from the diagonal above, which has the same index in the round before; a
/// deletion from the one below.
fn step(last: Option<&Vec<usize>>, index: usize) -> (usize, bool) {
    let Some(last) = last else {
        return (0, false);
    };
    let below = index.checked_sub(1).and_then(|below| last.get(below));
    match (last.get(index), below) {
        (Some(same), None) => (*same, true),
        (Some(same), Some(below)) if below < same => (*same, true),
        (_, Some(below)) => (below + 1, false),
        (None, None) => (0, false),
    }
}

/// Walks back from the end and collects the diagonals.
fn trace(rounds: &[Vec<usize>], old_len: usize, new_len: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut x, mut y) = (old_len, new_len);
    for d in (0..rounds.len()).rev() {
        let last = d.checked_sub(1).and_then(|d| rounds.get(d));
        let (from, inserted) = step(last, (x + d - y) / 2);
        let len = x - from;
        y -= len;
        x = from;
        if len > 0 {
            runs.push(Run {
                old: x,
                new: y,
                len,
            });
        }
        if last.is_some() {
            if inserted {
                y -= 1;
            } else {
                x -= 1;
            }
        }
    }
    runs.reverse();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of a longest common subsequence, by the textbook's table.
    fn longest(old: &[u8], new: &[u8]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for a in old {
            let mut diagonal = 0;
            for (index, b) in new.iter().enumerate() {
                let above = row[index + 1];
                row[index + 1] = if a == b {
                    diagonal + 1
                } else {
                    above.max(row[index])
                };
                diagonal = above;
            }
        }
        row[new.len()]
    }

    #[test]
    fn runs_are_common_in_order_and_longest() {
        let mut random = 1_u32;
        let mut next = |below: u32| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) % below
        };
        for _ in 0..3_000 {
            let letters = 2 + next(3);
            let mut text = || -> Vec<u8> { (0..next(14)).map(|_| next(letters) as u8).collect() };
            let (old, new) = (text(), text());
            let runs = common(&old, &new, 100);
            let (mut old_at, mut new_at, mut total) = (0, 0, 0);
            for run in &runs {
                assert!(run.len > 0 && run.old >= old_at && run.new >= new_at);
                (old_at, new_at) = (run.old + run.len, run.new + run.len);
                assert_eq!(old[run.old..old_at], new[run.new..new_at]);
                total += run.len;
            }
            assert_eq!(total, longest(&old, &new), "{old:?} {new:?} {runs:?}");
        }
    }

    #[test]
    fn beyond_the_limit_only_the_ends_are_found() {
        let runs = common(b"_abcdef_", b"_fedcba_", 3);
        let ends = [(0, 0, 1), (7, 7, 1)].map(|(old, new, len)| Run { old, new, len });
        assert_eq!(runs, ends);
    }
}
