//! This build makes of the vectors what every other build makes of them.

use coboard_testkit::vectors::File;

fn check(file: File) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/");
    let text = std::fs::read_to_string(format!("{folder}{}", file.name())).expect("it is there");
    assert!(text.lines().count() >= 40, "{file:?} is short");
    for (index, line) in text.lines().enumerate() {
        let again = file.again(line).expect("it can be read");
        assert_eq!(again, line, "{file:?}, line {}", index + 1);
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

#[test]
fn hash() {
    check(File::Hash);
}
