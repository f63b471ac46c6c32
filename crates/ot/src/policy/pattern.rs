//! Patterns of paths, as people see paths.

use super::place::Step;
use crate::path;

/// Longest pattern in bytes. A guess.
pub const PATTERN_BYTES_MAX: usize = 512;
/// Most keys in a pattern. A guess: a path may have more, `**` stands for them.
pub const PATTERN_KEYS_MAX: usize = 32;

/// A pattern of paths from the root of a dashboard, such as `/panels/*/gridPos/**`.
///
/// A JSON Pointer (RFC 6901) in which the key `*` stands for one key or one place in an array, and
/// `**` for any number of them, also none. Every other key stands for itself and never for a place
/// in an array: places change while others insert, so nobody can mean the third one for long.
/// `/panels/*` is a panel as a whole, where it stands and whether it is there; what it holds is
/// below, as in `/panels/*/title`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathPattern {
    text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Segment {
    Key(String),
    One,
    Any,
}

/// A text that is no pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PatternError {
    /// It does not begin with `/`, or holds a bad escape.
    #[error("a path begins with a slash, and a tilde stands only in ~0 and ~1")]
    Syntax,
    /// It is longer than a pattern may be.
    #[error("a path has at most {PATTERN_BYTES_MAX} bytes")]
    TooLong,
    /// It has more keys than a path may have.
    #[error("a path has at most {PATTERN_KEYS_MAX} keys")]
    TooDeep,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.len() > PATTERN_BYTES_MAX {
            return Err(PatternError::TooLong);
        }
        if text.is_empty() || path::Path::parse(text).is_none() {
            return Err(PatternError::Syntax);
        }
        let segments: Vec<Segment> = path::keys(text)
            .map(|key| match key.as_ref() {
                "*" => Segment::One,
                "**" => Segment::Any,
                key => Segment::Key(key.to_owned()),
            })
            .collect();
        if segments.len() > PATTERN_KEYS_MAX {
            return Err(PatternError::TooDeep);
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stands for the path of these steps. Cost: O(pattern · steps) at most.
    pub(super) fn matches(&self, steps: &[Step<'_>]) -> bool {
        let (mut at, mut step) = (0, 0);
        // The newest `**`, and the step that it ends before.
        let mut any: Option<(usize, usize)> = None;
        while step < steps.len() {
            match self.segments.get(at) {
                Some(Segment::Any) => {
                    any = Some((at, step));
                    at += 1;
                }
                Some(segment) if segment.is(&steps[step]) => {
                    at += 1;
                    step += 1;
                }
                Some(Segment::Key(_) | Segment::One) | None => {
                    // The newest `**` takes one step more.
                    let Some((of, end)) = any else { return false };
                    any = Some((of, end + 1));
                    (at, step) = (of + 1, end + 1);
                }
            }
        }
        let rest = self.segments.get(at..).unwrap_or_default();
        rest.iter().all(|segment| *segment == Segment::Any)
    }
}

impl Segment {
    fn is(&self, step: &Step<'_>) -> bool {
        match (self, step) {
            (Self::Key(key), Step::Key(found)) => key == found,
            (Self::Key(_), Step::Place) | (Self::Any, _) => false,
            (Self::One, _) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is a place in an array.
    fn matches(pattern: &str, path: &str) -> bool {
        let steps: Vec<Step<'_>> = path::keys(path)
            .map(|key| match key.as_ref() {
                "#" => Step::Place,
                _ => Step::Key(key),
            })
            .collect();
        PathPattern::parse(pattern)
            .expect("a pattern")
            .matches(&steps)
    }

    #[test]
    fn a_pattern_stands_for_its_paths_and_no_others() {
        for (pattern, hits, misses) in [
            (
                "/title",
                vec!["/title"],
                vec!["", "/titles", "/title/x", "/a/title"],
            ),
            (
                "/panels/*",
                vec!["/panels/#", "/panels/x"],
                vec!["/panels", "/panels/#/title"],
            ),
            (
                "/panels/*/gridPos/**",
                vec![
                    "/panels/#/gridPos",
                    "/panels/#/gridPos/x",
                    "/panels/#/gridPos/x/y",
                ],
                vec![
                    "/panels/#/grid",
                    "/panels/#/panels/#/gridPos/x",
                    "/panels/gridPos",
                ],
            ),
            ("/**", vec!["", "/a", "/a/#/b"], vec![]),
            (
                "/**/gridPos/x",
                vec![
                    "/gridPos/x",
                    "/panels/#/gridPos/x",
                    "/a/gridPos/gridPos/x",
                    "/gridPos/y/gridPos/x",
                ],
                vec!["/gridPos", "/gridPos/x/y", "/panels/#/x"],
            ),
            (
                "/a/**/b/**/c",
                vec!["/a/b/c", "/a/x/b/c", "/a/b/b/x/c", "/a/b/c/c"],
                vec!["/a/c", "/a/c/b", "/a/b/c/x", "/b/c"],
            ),
            ("/a~1b/~0", vec!["/a~1b/~0"], vec!["/a/b/~0"]),
            ("/3", vec!["/3"], vec!["/#"]),
            ("/**/**", vec!["", "/x"], vec![]),
            ("/", vec!["/"], vec!["", "/x"]),
        ] {
            for hit in hits {
                assert!(matches(pattern, hit), "{pattern} stands for {hit}");
            }
            for miss in misses {
                assert!(
                    !matches(pattern, miss),
                    "{pattern} does not stand for {miss}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let refused = |text: &str| PathPattern::parse(text).expect_err("it is bad");
        for text in ["", "panels", "/~", "/~2", "*"] {
            assert_eq!(refused(text), PatternError::Syntax, "{text}");
        }
        assert_eq!(
            refused(&format!("/{}", "x".repeat(512))),
            PatternError::TooLong
        );
        assert_eq!(refused(&"/x".repeat(33)), PatternError::TooDeep);
        assert!(PathPattern::parse(&"/x".repeat(32)).is_ok());
        assert!(PathPattern::parse(&format!("/{}", "x".repeat(511))).is_ok());
    }

    #[test]
    fn many_stars_cost_little() {
        let path = "/a".repeat(2_000);
        assert!(!matches(&"/**/a".repeat(16), &format!("{path}/b")));
    }
}
