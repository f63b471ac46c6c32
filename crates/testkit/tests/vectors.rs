//! This build makes of the vectors what every other build makes of them.

use coboard_testkit::vectors::File;
use serde_json::Value;

fn lines(file: File) -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/");
    let text = std::fs::read_to_string(format!("{folder}{}", file.name())).expect("it is there");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn check(file: File) {
    let vectors = lines(file);
    assert!(vectors.len() >= 40, "{file:?} has {} lines", vectors.len());
    for (index, vector) in vectors.into_iter().enumerate() {
        let mut question = vector.clone();
        let fields = question.as_object_mut().expect("an object");
        for answer in ["result", "conflicts", "code"] {
            fields.remove(answer);
        }
        let answered = file.answer(&question).expect("it can be read");
        assert_eq!(answered, vector, "{file:?}, line {}", index + 1);
    }
}

#[test]
fn apply() {
    check(File::Apply);
}

#[test]
fn commit() {
    check(File::Commit);
}

#[test]
fn compose() {
    check(File::Compose);
}

#[test]
fn transform() {
    check(File::Transform);
}

#[test]
fn invert() {
    check(File::Invert);
}

#[test]
fn codec() {
    check(File::Codec);
}
