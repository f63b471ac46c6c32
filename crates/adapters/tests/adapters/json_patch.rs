//! JSON Patch: the cases of RFC 6902, appendix A, in our words, and random patches.

use coboard_adapters::{AdapterError, OPERATIONS_MAX, Refusal, json_patch};
use coboard_testkit::{Random, Versions};
use serde_json::{Value as Json, json};

use super::support::{after, read, seed};

fn gives(before: Json, patch: Json, expected: Json) {
    assert_eq!(after(json_patch, &before, &patch), Ok(expected), "{patch}");
}

fn refused(before: Json, patch: Json) -> AdapterError {
    after(json_patch, &before, &patch).expect_err("it does not fit")
}

#[test]
fn the_cases_of_the_rfc() {
    // A.1 to A.5: members and elements come, go and are replaced.
    gives(
        json!({"a": 1}),
        json!([{"op": "add", "path": "/b", "value": 2}]),
        json!({"a": 1, "b": 2}),
    );
    gives(
        json!({"l": [1, 3]}),
        json!([{"op": "add", "path": "/l/1", "value": 2}]),
        json!({"l": [1, 2, 3]}),
    );
    gives(
        json!({"a": 1, "b": 2}),
        json!([{"op": "remove", "path": "/a"}]),
        json!({"b": 2}),
    );
    gives(
        json!({"l": [1, 2, 3]}),
        json!([{"op": "remove", "path": "/l/1"}]),
        json!({"l": [1, 3]}),
    );
    gives(
        json!({"a": 1, "b": 2}),
        json!([{"op": "replace", "path": "/a", "value": "x"}]),
        json!({"a": "x", "b": 2}),
    );
    // A.6 and A.7: a member and an element move.
    gives(
        json!({"a": {"x": 1, "y": [2]}, "b": {"z": 3}}),
        json!([{"op": "move", "from": "/a/y", "path": "/b/y"}]),
        json!({"a": {"x": 1}, "b": {"y": [2], "z": 3}}),
    );
    gives(
        json!({"l": [1, 2, 3, 4]}),
        json!([{"op": "move", "from": "/l/1", "path": "/l/3"}]),
        json!({"l": [1, 3, 4, 2]}),
    );
    // A.8 and A.9: tests, one of them failing.
    let tests = json!([
        {"op": "test", "path": "/a", "value": 1.0},
        {"op": "test", "path": "/l/1", "value": 2},
        {"op": "add", "path": "/b", "value": 0},
    ]);
    gives(
        json!({"a": 1, "l": ["x", 2]}),
        tests,
        json!({"a": 1, "b": 0, "l": ["x", 2]}),
    );
    let failing = json!([{"op": "add", "path": "/b", "value": 0}, {"op": "test", "path": "/a", "value": "1"}]);
    let error = refused(json!({"a": 1}), failing);
    assert_eq!(
        error,
        AdapterError {
            operation: 1,
            refusal: Refusal::TestFailed
        }
    );
    // A.10 and A.11: an object within, and members that nobody knows.
    let inner = json!([{"op": "add", "path": "/o", "value": {"p": {}}, "comment": 1}]);
    gives(json!({}), inner, json!({"o": {"p": {}}}));
    // A.12: nothing is made on the way.
    let error = refused(
        json!({"a": 1}),
        json!([{"op": "add", "path": "/b/c", "value": 0}]),
    );
    assert_eq!(error.refusal, Refusal::NoSuchPath);
    // A.14 and A.15: keys that look like escapes; a text is no number.
    let escaped =
        json!([{"op": "test", "path": "/~01", "value": 10}, {"op": "remove", "path": "/~1"}]);
    gives(json!({"/": 9, "~1": 10}), escaped, json!({"~1": 10}));
    let error = refused(
        json!({"~1": 10}),
        json!([{"op": "test", "path": "/~01", "value": "10"}]),
    );
    assert_eq!(error.refusal, Refusal::TestFailed);
    // A.16: a list at the end of a list.
    gives(
        json!({"l": [1]}),
        json!([{"op": "add", "path": "/l/-", "value": [2, 3]}]),
        json!({"l": [1, [2, 3]]}),
    );
}

#[test]
fn what_does_not_fit_is_named() {
    use Refusal as R;
    let before = json!({"a": {"b": 1}, "l": [1, 2]});
    let cases = [
        (json!({}), R::Malformed("a patch is an array of operations")),
        (json!([1]), R::Malformed("an operation is an object")),
        (
            json!([{"op": "add", "path": "a", "value": 1}]),
            R::Malformed("path and from are JSON Pointers"),
        ),
        (
            json!([{"op": "add", "path": "/a~2", "value": 1}]),
            R::Malformed("a ~ in a pointer is written ~0"),
        ),
        (
            json!([{"op": "add", "path": "/a"}]),
            R::Malformed("the value is missing"),
        ),
        (
            json!([{"op": "make", "path": "/a"}]),
            R::Malformed("the operation is none of the six"),
        ),
        (json!([{"op": "remove", "path": "/x"}]), R::NoSuchPath),
        (json!([{"op": "remove", "path": ""}]), R::Root),
        (json!([{"op": "remove", "path": "/l/2"}]), R::NoSuchIndex),
        (
            json!([{"op": "replace", "path": "/l/-", "value": 1}]),
            R::NoSuchIndex,
        ),
        (
            json!([{"op": "add", "path": "/l/01", "value": 1}]),
            R::NoSuchIndex,
        ),
        (
            json!([{"op": "add", "path": "/l/3", "value": 1}]),
            R::NoSuchIndex,
        ),
        (
            json!([{"op": "add", "path": "/a/b/c", "value": 1}]),
            R::WrongType("an object or an array"),
        ),
        (
            json!([{"op": "move", "from": "/a", "path": "/a/b"}]),
            R::IntoItself,
        ),
        (
            json!([{"op": "copy", "from": "/x", "path": "/y"}]),
            R::NoSuchPath,
        ),
    ];
    for (patch, refusal) in cases {
        assert_eq!(
            refused(before.clone(), patch.clone()).refusal,
            refusal,
            "{patch}"
        );
    }
    let many = Json::Array(vec![
        json!({"op": "test", "path": "", "value": 1});
        OPERATIONS_MAX + 1
    ]);
    assert_eq!(
        refused(before, many).refusal,
        R::TooMany {
            max: OPERATIONS_MAX
        }
    );
}

#[test]
fn a_document_that_doubles_itself_is_stopped() {
    let doubling = json!({"op": "copy", "from": "/l", "path": "/l/-"});
    let error = refused(json!({"l": [1, 2, 3]}), Json::Array(vec![doubling; 30]));
    assert!(matches!(error.refusal, Refusal::TooMuch { .. }), "{error}");
    assert!(error.operation > 10 && error.operation < 30, "{error}");
}

#[test]
fn an_element_that_moves_stays_itself() {
    let before = json!({"panels": [{"id": 1}, {"id": 2, "panels": []}]});
    let patch = json!([
        {"op": "move", "from": "/panels/1", "path": "/panels/0"},
        {"op": "move", "from": "/panels/1", "path": "/panels/0/panels/0"},
    ]);
    let (op, after) = read(json_patch, &before, &patch).expect("it fits");
    assert_eq!(after, json!({"panels": [{"id": 2, "panels": [{"id": 1}]}]}));
    assert_eq!(op.len(), 2, "two moves: {op:?}");
    let patch = json!([{"op": "replace", "path": "/panels/0", "value": {"id": 1, "x": 1}}]);
    let (op, _) = read(json_patch, &before, &patch).expect("it fits");
    assert_eq!(op.len(), 1, "one cell: {op:?}");
}

#[test]
fn random_patches_do_what_they_do_to_plain_json() {
    let (mut fitting, mut failing) = (0, 0);
    for case in 0..3_000 {
        let random = Random::new(seed(), case);
        let before = Versions::new(random.clone()).first();
        let mut writer = Writer {
            random: Random::new(seed() + 1, case),
            values: Versions::new(random),
        };
        let (patch, expected) = writer.patch(&before);
        let hint = format!("SEED={} case {case}: {patch}", seed());
        match (after(json_patch, &before, &patch), expected) {
            (Ok(after), Ok(expected)) => {
                fitting += 1;
                assert_eq!(after, expected, "{hint}");
            }
            (Err(error), Err(index)) => {
                failing += 1;
                assert_eq!(error.operation, index, "{hint}: {error}");
            }
            (ours, expected) => panic!("{hint}: {ours:?} {expected:?}"),
        }
    }
    assert!(
        fitting > 500 && failing > 300,
        "{fitting} fit, {failing} fail"
    );
}

/// Writes random patches and applies them to plain JSON as the RFC says.
struct Writer {
    random: Random,
    values: Versions,
}

impl Writer {
    /// A patch, and what becomes of the document or which operation fails.
    fn patch(&mut self, before: &Json) -> (Json, Result<Json, usize>) {
        let mut document = before.clone();
        let mut patch = Vec::new();
        for index in 0..1 + self.random.below(6) {
            let operation = self.operation(&document);
            patch.push(operation.clone());
            if naive(&mut document, &operation).is_none() {
                return (Json::Array(patch), Err(index));
            }
        }
        (Json::Array(patch), Ok(document))
    }

    fn operation(&mut self, document: &Json) -> Json {
        let path = self.path(document);
        let from = self.path(document);
        match self.random.below(12) {
            0..3 => json!({"op": "add", "path": path, "value": self.values.value(1)}),
            3..5 => json!({"op": "remove", "path": path}),
            5..7 => json!({"op": "replace", "path": path, "value": self.values.value(1)}),
            7..10 => json!({"op": "move", "from": from, "path": path}),
            10 => json!({"op": "copy", "from": from, "path": path}),
            _ => match document.pointer(&from) {
                Some(value) => json!({"op": "test", "path": from, "value": value}),
                None => json!({"op": "test", "path": path, "value": 1}),
            },
        }
    }

    /// A pointer that is good most of the time.
    fn path(&mut self, document: &Json) -> String {
        let mut path = String::new();
        let mut at = document;
        for _ in 0..1 + self.random.below(5) {
            match at {
                Json::Object(map) if !map.is_empty() && self.random.chance(97) => {
                    let nth = self.random.below(map.len());
                    let Some((key, value)) = map.iter().nth(nth) else {
                        break;
                    };
                    path += &format!("/{}", key.replace('~', "~0").replace('/', "~1"));
                    at = value;
                }
                Json::Object(_) => return path + "/fresh",
                Json::Array(list) if self.random.chance(97) => {
                    let index = self.random.below(list.len() + 1);
                    if index == list.len() {
                        return path + if self.random.chance(50) { "/-" } else { "/99" };
                    }
                    path += &format!("/{index}");
                    at = &list[index];
                }
                _ => break,
            }
        }
        path
    }
}

/// One operation on plain JSON. `None` if it fails.
fn naive(document: &mut Json, operation: &Json) -> Option<()> {
    let path = operation["path"].as_str()?.to_owned();
    match operation["op"].as_str()? {
        "add" => add(document, &path, operation["value"].clone()),
        "remove" => remove(document, &path).map(drop),
        "replace" => {
            *document.pointer_mut(&path)? = operation["value"].clone();
            Some(())
        }
        "move" => {
            let from = operation["from"].as_str()?;
            if path == from {
                return document.pointer(from).map(drop);
            }
            if path.starts_with(&format!("{from}/")) {
                return None;
            }
            let moved = remove(document, from)?;
            add(document, &path, moved)
        }
        "copy" => {
            let copied = document.pointer(operation["from"].as_str()?)?.clone();
            add(document, &path, copied)
        }
        _ => (*document.pointer(&path)? == operation["value"]).then_some(()),
    }
}

fn add(document: &mut Json, path: &str, value: Json) -> Option<()> {
    let Some((parent, token)) = path.rsplit_once('/') else {
        *document = value;
        return Some(());
    };
    match document.pointer_mut(parent)? {
        Json::Object(map) => drop(map.insert(token.replace("~1", "/").replace("~0", "~"), value)),
        Json::Array(list) if token == "-" => list.push(value),
        Json::Array(list) => {
            let index = token.parse().ok().filter(|index| *index <= list.len())?;
            list.insert(index, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(document: &mut Json, path: &str) -> Option<Json> {
    let (parent, token) = path.rsplit_once('/')?;
    match document.pointer_mut(parent)? {
        Json::Object(map) => map.remove(&token.replace("~1", "/").replace("~0", "~")),
        Json::Array(list) => {
            let index = token.parse().ok().filter(|index| *index < list.len())?;
            Some(list.remove(index))
        }
        _ => None,
    }
}
