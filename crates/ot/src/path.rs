//! Where inside an item a cell stands: a JSON Pointer over map keys.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

/// The path of a cell within its item's value, as JSON Pointer text (RFC 6901).
///
/// The empty path is the whole value. `/gridPos/x` is the key `x` in the map at `gridPos`.
/// Keys are never array indices: array items have ids of their own. Paths order as text, so
/// all cells below a path stand together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Path(Arc<str>);

impl Path {
    /// The path of the whole value.
    pub fn whole() -> Self {
        Self(Arc::from(""))
    }

    /// The path that leads through `keys`, outermost first.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        for key in keys {
            push_key(&mut text, key);
        }
        Self(text.into())
    }

    /// Reads JSON Pointer text. `None` if it neither is empty nor starts with `/`, or holds a bad escape.
    pub fn parse(text: &str) -> Option<Self> {
        if !text.is_empty() && !text.starts_with('/') {
            return None;
        }
        let escapes_ok = text
            .split('~')
            .skip(1)
            .all(|rest| rest.starts_with('0') || rest.starts_with('1'));
        escapes_ok.then(|| Self(text.into()))
    }

    /// The path as JSON Pointer text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the path of the whole value.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys, outermost first.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, str>> {
        keys(&self.0)
    }

    /// The path one key below this one.
    pub fn child(&self, key: &str) -> Self {
        let mut text = self.0.to_string();
        push_key(&mut text, key);
        Self(text.into())
    }

    /// The proper ancestors as text, the nearest first, the whole value last.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        let text = self.as_str();
        let mut end = text.len();
        std::iter::from_fn(move || {
            let slash = text[..end].rfind('/')?;
            end = slash;
            Some(&text[..slash])
        })
    }

    /// Whether `self` is a proper ancestor of `other`.
    pub fn is_above(&self, other: &Self) -> bool {
        self.below(other).is_some_and(|rest| !rest.is_empty())
    }

    /// What remains of `other` below `self`: `/x` for `/a/x` below `/a`, empty if they are equal.
    pub fn below<'a>(&self, other: &'a Self) -> Option<&'a str> {
        let rest = other.0.strip_prefix(&*self.0)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }
}

impl Borrow<str> for Path {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The keys of pointer text, outermost first, with escapes resolved.
pub(crate) fn keys(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    // Byte by byte: keys are short, and this is on the way of every change.
    let mut rest = text.strip_prefix('/');
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == b'/');
        let (key, tail) = text.split_at(end.unwrap_or(text.len()));
        rest = tail.strip_prefix('/');
        if key.bytes().any(|byte| byte == b'~') {
            return Some(Cow::Owned(key.replace("~1", "/").replace("~0", "~")));
        }
        Some(Cow::Borrowed(key))
    })
}

fn push_key(text: &mut String, key: &str) {
    text.push('/');
    for c in key.chars() {
        match c {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_escaping() {
        let path = Path::of(["a/b", "~", "", "x~1y"]);
        assert_eq!(path.as_str(), "/a~1b/~0//x~01y");
        let keys: Vec<_> = path.keys().collect();
        assert_eq!(keys, ["a/b", "~", "", "x~1y"]);
        assert_eq!(Path::parse(path.as_str()), Some(path));
    }

    #[test]
    fn ancestors_go_up_to_the_whole_value() {
        let path = Path::of(["a", "b", "c"]);
        assert_eq!(path.ancestors().collect::<Vec<_>>(), ["/a/b", "/a", ""]);
        assert_eq!(Path::whole().ancestors().count(), 0);
    }

    #[test]
    fn a_common_beginning_is_not_an_ancestor() {
        assert!(!Path::of(["a"]).is_above(&Path::of(["ab"])));
        assert!(Path::of(["a"]).is_above(&Path::of(["a", "b"])));
        assert!(Path::whole().is_above(&Path::of(["a"])));
        assert!(!Path::of(["a"]).is_above(&Path::of(["a"])));
    }

    #[test]
    fn bad_pointers_are_refused() {
        assert_eq!(Path::parse("a"), None);
        assert_eq!(Path::parse("/~2"), None);
        assert_eq!(Path::parse("/~"), None);
    }
}
